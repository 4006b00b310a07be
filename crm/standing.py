"""Moving customers to another tier or stage: the column, the change kept, the time line, who is told, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.choices import Role
from accounts.duties import branch_manager, holders
from core import audit
from core.calendars import work_calendar
from core.notify import notify
from core.workdays import end_of_nth_working_day
from crm.choices import ChangeKind, CustomerStatus, Stage, Tier
from crm.lifecycle import LOST
from crm.models.assessments import StandingChange
from crm.models.customers import Customer
from crm.models.retention import RetentionPlan

PLAN_DAYS = 5  # working days in which cause and offer must be written
QUIET_RULES = ("first", "not_narrow", "new")


@dataclass(frozen=True)
class Moved:
    """A customer, what of it moves (tier or stage), where to, by which rule; `hard` names a hard sign of leaving."""

    customer: Customer
    kind: str
    after: str
    rule: str
    hard: str = ""


def set_standing(customer: Customer, kind: str, after: str, *, rule: str, now: datetime, by: Any) -> None:
    """Move one customer; nothing when it stands there already."""
    if getattr(customer, kind) != after:
        move_many([Moved(customer, kind, after, rule)], now=now, by=by)


def move_many(moves: Sequence[Moved], *, now: datetime, by: Any = None, version: str = "") -> None:
    """Carry moves out in few statements: columns, kept changes, time lines, notices, retention plans, contact days."""
    if not moves:
        return
    changes = [_change(move, now, by, version) for move in moves]
    Customer.objects.bulk_update(
        {move.customer.pk: move.customer for move in moves}.values(),
        ["tier", "stage", "stage_since", "stage_reason", "status", "status_since"],
        batch_size=500,
    )
    StandingChange.objects.bulk_create(changes, batch_size=500)
    audit.record_many(
        "crm.change_standing",
        changes,
        by=by,
        now=now,
        data_of=lambda row: {"kind": row.kind, "from": row.before, "to": row.after, "rule": row.rule},
    )
    for move, change in zip(moves, changes, strict=True):
        _follow(move, change, now)
    _recount(moves, now)


def _change(move: Moved, now: datetime, by: Any, version: str) -> StandingChange:
    """Write the move on the customer in memory and return the row that keeps it."""
    customer = move.customer
    before = customer.tier if move.kind == ChangeKind.TIER else customer.stage
    if move.kind == ChangeKind.TIER:
        customer.tier = move.after
    elif move.after == LOST:
        customer.status, customer.status_since = CustomerStatus.LOST, now
    else:
        if customer.status == CustomerStatus.LOST:
            before = LOST
            customer.status, customer.status_since = CustomerStatus.ACTIVE, now
        customer.stage, customer.stage_since = move.after, now
        customer.stage_reason = {"rule": move.rule, "hard": move.hard}
    return StandingChange(
        customer=customer,
        kind=move.kind,
        before=before,
        after=move.after,
        rule=move.rule,
        hard=move.hard,
        at=now,
        by=by,
        rule_version=version,
    )


def _follow(move: Moved, change: StandingChange, now: datetime) -> None:
    if move.kind == ChangeKind.STAGE and move.after == Stage.WAVERING:
        open_plan(move.customer, trigger=move.hard or move.rule, now=now)
    if move.rule in QUIET_RULES or (move.rule == "T1" and not move.customer.owner_id):
        return
    people = [move.customer.owner, branch_manager(move.customer.branch)]
    if Tier.VIP in (move.customer.tier, change.before, change.after):
        people += holders(Role.EX, now)
    worse = move.after in (Stage.WAVERING, LOST) or move.rule == "demoted"
    code = "crm.standing_worse" if worse else "crm.standing_changed"
    notify(people, code, change, now=now, dedupe_key=f"standing:{change.pk}", mail=False)


def _recount(moves: Sequence[Moved], now: datetime) -> None:
    """Another tier is promised another rhythm of contact."""
    from crm.operations.care import recount_contact_due

    moved = {move.customer.pk for move in moves if move.kind == ChangeKind.TIER or move.after == LOST}
    if moved:
        recount_contact_due(now, Customer.objects.filter(pk__in=moved))


def open_plan(customer: Customer, *, trigger: str, now: datetime, by: Any = None) -> RetentionPlan | None:
    """Open a retention plan for the owner (else the branch manager), due in five working days; None when one is open."""
    if RetentionPlan.objects.open().filter(customer=customer).exists():
        return None
    owner = customer.owner or branch_manager(customer.branch)
    if owner is None:
        return None
    due_at = end_of_nth_working_day(now, PLAN_DAYS, work_calendar(customer.branch.calendar_code))
    plan = RetentionPlan.objects.create(
        customer=customer, owner=owner, trigger=trigger, opened_at=now, due_at=due_at
    )
    plan.put_on_list()
    audit.record(
        "crm.add_retentionplan", plan, by=by, now=now, to_state=plan.state, data={"trigger": trigger}
    )
    return plan
