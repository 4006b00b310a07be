"""Who answers for a customer: giving it to a person, one or many at once, and asking the branch manager to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccessSource, Role
from accounts.models import Grant, OrgUnit
from accounts.scoping import grant_access
from core.calendars import work_calendar
from core.errors import DomainError, NotFound, RuleBroken, Sentence, StaleVersion
from core.notify import notify
from core.rules import require
from core.tasks_list import hand_over_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.assignment_classes import Load
from crm.choices import Tier
from crm.models import Customer, FollowUp, Promise
from crm.models.activities import FOLLOW_UP_TASK
from crm.models.promises import PROMISE_TASK
from crm.operations.loads import check_load, check_seniority, load_caps, loads_of, weight_of
from crm.operations.moves import ASSIGN_TASK, give
from crm.pool_choices import PoolMove

FORMER_OWNER_SEES_FOR = timedelta(days=30)
MOST_AT_ONCE = 200


def assign_customer(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    owner: Any,
    reason: str = "",
    version: int | None = None,
    mentor: Any = None,
) -> Customer:
    """Give a customer to a project manager of its branch: out of the queue or pool, or from one owner to another.

    The customer's open follow-ups and promises and their tasks go along; the former owner keeps reading for 30 days.
    Refuses an owner outside the branch, a change of owner without a reason, a load above the person's cap, a key
    account for a newcomer without a mentor, and a stale version.
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
        check_seniority(locked, owner, mentor, now)
        if by is not None:
            check_load(owner, [locked], now)
        move = PoolMove.TRANSFERRED if locked.owner_id else PoolMove.ASSIGNED
        former = give(locked, owner, move=move, code=code, by=by, now=now, note=reason)
        hand_over_follow_ups(locked, former, owner, by, now)
        if mentor is not None:
            grant_access(locked, user=mentor, source=AccessSource.COLLABORATOR, by=by, now=now)
        if owner != by:
            tell_owner(locked, owner, now)
    return locked


def tell_owner(customer: Customer, owner: Any, now: datetime) -> None:
    """Tell a project manager of a customer that is theirs now."""
    key = f"assigned:{customer.pk}:{customer.version}"
    notify([owner], "crm.customer_assigned", customer, now=now, dedupe_key=key)


def _check_assignment(customer: Customer, owner: Any, reason: str) -> None:
    if owner is None or not owner.is_active or owner.branch != customer.branch:
        raise RuleBroken(errors={"owner": [_("Choose an active project manager of the customer's branch.")]})
    if customer.owner_id == owner.pk:
        raise RuleBroken(errors={"owner": [_("This person already owns the customer.")]})
    if customer.owner_id is not None and not reason.strip():
        raise RuleBroken(errors={"reason": [_("Say why the owner changes; the former owner reads it.")]})


def hand_over_follow_ups(customer: Customer, former: Any, owner: Any, by: Any, now: datetime) -> None:
    """Give the former owner's open follow-ups and their tasks to the new one; the former owner reads on for 30 days."""
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
    move_follow_ups(customer, former, owner, now)


def move_follow_ups(customer: Customer, former: Any, owner: Any, now: datetime) -> None:
    """Put one person's open follow-ups at a customer on another's list."""
    for planned in FollowUp.objects.open().filter(customer=customer, owner=former):
        FollowUp.objects.filter(pk=planned.pk).update(owner=owner, version=models.F("version") + 1)
        if not hand_over_tasks(planned, to=owner, now=now):
            open_task(FOLLOW_UP_TASK, planned, owner, due_at=planned.due_at)
    for promise in Promise.objects.open().filter(customer=customer, owner=former):
        Promise.objects.filter(pk=promise.pk).update(owner=owner, version=models.F("version") + 1)
        if not hand_over_tasks(promise, to=owner, now=now):
            open_task(PROMISE_TASK, promise, owner, due_at=promise.due_at)


def managers_of(branch: OrgUnit, now: datetime) -> list[Any]:
    """The people who manage a branch: its head, else whoever holds the manager's grant for it."""
    if branch.head is not None and branch.head.is_active:
        return [branch.head]
    grants = Grant.objects.counting(now).filter(role=Role.BM, scope_unit=branch).select_related("user")
    return [grant.user for grant in grants if grant.user.is_active]


def ask_assignment(customer: Customer, *, now: datetime) -> None:
    """Put a waiting customer on its branch manager's list; due within one working day."""
    due_at = end_of_nth_working_day(now, 1, work_calendar(customer.branch.calendar_code))
    severity = 2 if customer.tier == Tier.VIP else 1
    for manager in managers_of(customer.branch, now):
        open_task(ASSIGN_TASK, customer, manager, due_at=due_at, severity=severity)


@dataclass
class BulkPreview:
    """What giving many customers to one person would do: who moves, who stays and why, and the load afterwards."""

    moving: list[Customer] = field(default_factory=list)
    staying: list[tuple[Customer, Sentence]] = field(default_factory=list)
    before: Load = field(default_factory=Load)
    after: Load = field(default_factory=Load)
    blocked: list[str] = field(default_factory=list)


def preview_bulk(
    customers: Iterable[Customer], owner: Any, *, by: Any, now: datetime, reason: str = ""
) -> BulkPreview:
    """Judge each customer as `assign_customer` would, without writing; the caps are asked of all together."""
    found = BulkPreview(before=loads_of([owner.pk], now)[owner.pk])
    for customer in customers:
        try:
            require(by, customer.giving_right, customer)
            _check_assignment(customer, owner, reason)
            check_seniority(customer, owner, None, now)
        except DomainError as refusal:
            sentences = [sentence for some in refusal.errors.values() for sentence in some]
            found.staying.append((customer, sentences[0] if sentences else refusal.message))
        else:
            found.moving.append(customer)
    added = weight_of(found.moving)
    found.after = found.before.with_more(owned=added.owned, vip=added.vip, projects=added.projects)
    found.blocked = found.before.blocked(added, load_caps(now))
    return found


def assign_many(
    *, by: Any, now: datetime, customers: Iterable[Customer], owner: Any, reason: str = ""
) -> list[Customer]:
    """Give several customers to one person, all of them or none. Refuses more than 200, and whatever one refuses."""
    rows = sorted(
        customers, key=lambda row: row.pk
    )  # locked in one order, so that two managers cannot wait for each other
    if not rows:
        raise RuleBroken(errors={"customers": [_("Pick at least one customer.")]})
    if len(rows) > MOST_AT_ONCE:
        raise RuleBroken(errors={"customers": [_("At most 200 at once.")]})
    with transaction.atomic():
        return [
            assign_customer(by=by, now=now, customer=row, owner=owner, reason=reason, version=row.version)
            for row in rows
        ]
