"""Setting tier, stage or strategic weight by hand, naming the executive sponsor, opening a retention plan."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.duties import branch_manager, holders
from core import audit
from core.calendars import work_calendar
from core.errors import NotFound, RuleBroken, StaleVersion
from core.rules import require
from core.tasks_list import open_task
from core.workdays import add_calendar_days, end_of_nth_working_day
from crm.choices import OverrideKind, Stage, Strategic, Tier
from crm.models import Customer, Override, RetentionPlan
from crm.standing import open_plan

OVERRIDE_TASK = "crm.override"
REASON_LEAST = 10  # characters
LONGEST = {OverrideKind.TIER: 366, OverrideKind.STRATEGIC: 366, OverrideKind.STAGE: 90}
"""Calendar days a decision by hand holds at most."""
RIGHTS = {
    OverrideKind.TIER: "crm.propose_override_customer",
    OverrideKind.STAGE: "crm.propose_override_customer",
    OverrideKind.STRATEGIC: "crm.weigh_customer",
}
VALUES: dict[str, Any] = {
    OverrideKind.TIER: (Tier.VIP, Tier.PROFESSIONAL, Tier.STANDARD),
    OverrideKind.STAGE: tuple(Stage),
    OverrideKind.STRATEGIC: tuple(Strategic),
}


def propose_override(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    kind: str,
    value: str,
    reason: str,
    days: int,
    version: int | None = None,
) -> Override:
    """Propose another tier, stage or strategic weight for some days; it holds once somebody else approves it.

    Refuses a reason below 10 characters, more days than the kind allows, the present value, and a second open proposal.
    """
    kind = OverrideKind(kind)
    with transaction.atomic():
        row = Customer.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=customer.pk).first()
        if row is None:
            raise NotFound()
        require(by, RIGHTS[kind], row)
        if version is not None and version != row.version:
            raise StaleVersion(data={"version": row.version})
        _check(row, kind, value, reason, days)
        override = Override.objects.create(
            customer=row,
            kind=kind,
            value=value,
            before="" if kind == OverrideKind.STRATEGIC else getattr(row, kind),
            reason=reason.strip(),
            until=add_calendar_days(now, days),
            proposed_by=by,
            proposed_at=now,
        )
        for person in approvers_for(row, executive=override.needs_executive, now=now):
            if person.pk != by.pk:
                open_task(OVERRIDE_TASK, override, person, due_at=decision_due(row, now), severity=1)
        data = {"kind": kind, "value": value, "days": days}
        audit.record(
            "crm.propose_override_customer",
            override,
            by=by,
            now=now,
            to_state=override.state,
            reason=reason,
            data=data,
        )
    return override


def _check(customer: Customer, kind: str, value: str, reason: str, days: int) -> None:
    wrong: dict[str, list[Any]] = {}
    if value not in VALUES[kind]:
        wrong["value"] = [_("Choose one of the values.")]
    elif kind != OverrideKind.STRATEGIC and getattr(customer, kind) == value:
        wrong["value"] = [_("The customer stands there already.")]
    if len(reason.strip()) < REASON_LEAST:
        wrong["reason"] = [_("Say why in at least 10 characters.")]
    if not 1 <= days <= LONGEST[OverrideKind(kind)]:
        most = LONGEST[OverrideKind(kind)]
        wrong["days"] = [_("It may hold from 1 to %(n)s days.") % {"n": most}]
    if wrong:
        raise RuleBroken(errors=wrong)
    if Override.objects.waiting().filter(customer=customer, kind=kind).exists():
        raise RuleBroken(
            _("A proposal of this kind already waits for its decision."), code="already_proposed"
        )


def approvers_for(customer: Customer, *, executive: bool, now: datetime) -> list[Any]:
    """Who decides: the branch manager, or the executives where VIP or strategic weight is at stake."""
    if executive:
        return holders(Role.EX, now)
    manager = branch_manager(customer.branch)
    return [manager] if manager is not None else holders(Role.EX, now)


def decision_due(customer: Customer, now: datetime) -> datetime:
    """A decision is wanted within two working days."""
    return end_of_nth_working_day(now, 2, work_calendar(customer.branch.calendar_code))


def set_sponsor(
    *, by: Any, now: datetime, customer: Customer, sponsor: Any, version: int | None = None
) -> Customer:
    """Name the executive who stands for a customer, or (None) nobody. Refuses whoever is no executive."""
    with transaction.atomic():
        row = Customer.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=customer.pk).first()
        if row is None:
            raise NotFound()
        require(by, "crm.set_sponsor_customer", row)
        if version is not None and version != row.version:
            raise StaleVersion(data={"version": row.version})
        if sponsor is not None and sponsor.pk not in {person.pk for person in holders(Role.EX, now)}:
            raise RuleBroken(errors={"sponsor": [_("Choose an executive.")]})
        before, row.sponsor = row.sponsor_id, sponsor
        row.version += 1
        row.save(update_fields=["sponsor", "version", "updated_at"])
        data = {"from": before, "to": sponsor.pk if sponsor else None}
        audit.record("crm.set_sponsor_customer", row, by=by, now=now, data=data)
    return row


def add_retention_plan(*, by: Any, now: datetime, customer: Customer) -> RetentionPlan:
    """Open a retention plan by hand, before the rules ask for one. Refuses a second open one."""
    require(by, "crm.add_retentionplan", customer)
    with transaction.atomic():
        plan = open_plan(customer, trigger="by_hand", now=now, by=by)
    if plan is None:
        raise RuleBroken(_("This customer has an open plan."), code="plan_open")
    return plan
