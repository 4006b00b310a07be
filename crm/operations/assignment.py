"""Who answers for a customer: giving it to a person, asking the branch manager to."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccessSource, Role
from accounts.models import Grant, OrgUnit
from accounts.scoping import grant_access
from core import audit
from core.calendars import work_calendar
from core.errors import NotFound, RuleBroken, StaleVersion
from core.notify import notify
from core.rules import require
from core.tasks_list import close_tasks, hand_over_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.models import Customer, FollowUp, Promise

ASSIGN_TASK = "crm.assign_customer"


FORMER_OWNER_SEES_FOR = timedelta(days=30)


def assign_customer(
    *, by: Any, now: datetime, customer: Customer, owner: Any, reason: str = "", version: int | None = None
) -> Customer:
    """Give a customer to a project manager of its branch: out of the queue or pool, or from one owner to another.

    The customer's open follow-ups and promises and their tasks go along; the former owner keeps reading for 30 days. Refuses
    an owner outside the branch, a change of owner without a reason, and a stale version.
    """
    with transaction.atomic():
        rows = Customer.objects.visible_to(by).select_for_update(of=("self",))
        locked = rows.filter(pk=customer.pk).first()
        if locked is None:
            raise NotFound()
        code = locked.giving_right
        if by is not None:
            require(by, code, locked)
        if version is not None and version != locked.version:
            raise StaleVersion(data={"version": locked.version})
        _check_assignment(locked, owner, reason)
        former, locked.owner = locked.owner, owner
        locked.pool_status, locked.pool_entered_at = "", None
        locked.version += 1
        locked.save(update_fields=["owner", "pool_status", "pool_entered_at", "version", "updated_at"])
        _hand_over_follow_ups(locked, former, owner, by, now)
        close_tasks(locked, now=now, kind=ASSIGN_TASK)
        audit.record(
            code,
            locked,
            by=by,
            now=now,
            reason=reason,
            data={"from": former.pk if former else None, "to": owner.pk},
        )
        if owner != by:
            notify(
                [owner],
                "crm.customer_assigned",
                locked,
                now=now,
                dedupe_key=f"assigned:{locked.pk}:{locked.version}",
            )
    return locked


def _check_assignment(customer: Customer, owner: Any, reason: str) -> None:
    if owner is None or not owner.is_active or owner.branch != customer.branch:
        raise RuleBroken(errors={"owner": [_("Choose an active project manager of the customer's branch.")]})
    if customer.owner_id == owner.pk:
        raise RuleBroken(errors={"owner": [_("This person already owns the customer.")]})
    if customer.owner_id is not None and not reason.strip():
        raise RuleBroken(errors={"reason": [_("Say why the owner changes; the former owner reads it.")]})


def _hand_over_follow_ups(customer: Customer, former: Any, owner: Any, by: Any, now: datetime) -> None:
    if former is None:
        return
    grant_access(
        customer,
        user=former,
        source=AccessSource.FORMER_OWNER,
        by=by,
        now=now,
        until=now + FORMER_OWNER_SEES_FOR,
    )
    for planned in FollowUp.objects.open().filter(customer=customer, owner=former):
        FollowUp.objects.filter(pk=planned.pk).update(owner=owner, version=models.F("version") + 1)
        hand_over_tasks(planned, to=owner, now=now)
    for promise in Promise.objects.open().filter(customer=customer, owner=former):
        Promise.objects.filter(pk=promise.pk).update(owner=owner, version=models.F("version") + 1)
        hand_over_tasks(promise, to=owner, now=now)


def managers_of(branch: OrgUnit, now: datetime) -> list[Any]:
    """The people who manage a branch: its head, else whoever holds the manager's grant for it."""
    if branch.head is not None and branch.head.is_active:
        return [branch.head]
    grants = Grant.objects.counting(now).filter(role=Role.BM, scope_unit=branch).select_related("user")
    return [grant.user for grant in grants if grant.user.is_active]


def ask_assignment(customer: Customer, *, now: datetime) -> None:
    """Put a waiting customer on its branch manager's list; due within one working day."""
    due_at = end_of_nth_working_day(now, 1, work_calendar(customer.branch.calendar_code))
    for manager in managers_of(customer.branch, now):
        open_task(ASSIGN_TASK, customer, manager, due_at=due_at, severity=1)
