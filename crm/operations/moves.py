"""The one place that writes who answers for a customer: owner, queue or pool, with the move in the log of moves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core import audit
from core.kinds import kind_of
from core.models import Task
from core.tasks_list import close_tasks
from crm.choices import PoolStatus
from crm.models import Customer, FollowUp, PoolEvent, Promise
from crm.models.activities import FOLLOW_UP_TASK
from crm.models.promises import PROMISE_TASK

ASSIGN_TASK = "crm.assign_customer"

OWNERSHIP_COLUMNS = [
    "owner", "branch", "pool_status", "pool_entered_at", "pool_reason", "owned_since", "claim_due_at", "pool_due_on",
    "pool_due_limit", "version", "updated_at",
]  # fmt: skip


def log_move(
    customer: Customer,
    move: str,
    *,
    by: Any,
    now: datetime,
    from_owner: Any = None,
    to_owner: Any = None,
    reason: str = "",
    rule: str = "",
    note: str = "",
) -> PoolEvent:
    """Add a move to the customer's log."""
    return PoolEvent.objects.create(
        customer=customer,
        branch_id=customer.branch_id,
        at=now,
        move=move,
        reason=reason,
        rule=rule,
        note=note.strip(),
        actor=by,
        from_owner=from_owner,
        to_owner=to_owner,
    )


def give(
    customer: Customer,
    owner: Any,
    *,
    move: str,
    code: str,
    by: Any,
    now: datetime,
    note: str = "",
    claim_due_at: datetime | None = None,
) -> Any:
    """Make `owner` the owner of the locked customer: all clocks start again. Returns the owner of before, if any."""
    former, customer.owner = customer.owner, owner
    customer.pool_status, customer.pool_entered_at, customer.pool_reason = "", None, ""
    customer.owned_since, customer.claim_due_at = now, claim_due_at
    customer.pool_due_on, customer.pool_due_limit = None, ""
    customer.version += 1
    customer.save(update_fields=OWNERSHIP_COLUMNS)
    close_tasks(customer, now=now, kind=ASSIGN_TASK)
    log_move(customer, move, by=by, now=now, from_owner=former, to_owner=owner, note=note)
    data = {"from": former.pk if former else None, "to": owner.pk}
    audit.record(code, customer, by=by, now=now, reason=note, data=data)
    return former


def quiet_tasks(customers: Iterable[int], now: datetime) -> int:
    """Take open follow-ups and promises of customers without an owner off everybody's day; they wait for the next owner."""
    ids, closed = list(customers), 0
    kinds: tuple[tuple[Any, str], ...] = ((FollowUp, FOLLOW_UP_TASK), (Promise, PROMISE_TASK))
    for model, kind in kinds:
        open_ones = model.objects.open().filter(customer__in=ids).values("pk")
        tasks = Task.objects.filter(kind=kind, object_kind=kind_of(model), object_id__in=open_ones)
        closed += tasks.filter(closed_at=None).update(closed_at=now)
    return closed


def let_go(
    customer: Customer,
    *,
    to: str,
    move: str,
    code: str,
    reason: str,
    by: Any,
    now: datetime,
    note: str = "",
    rule: str = "",
) -> Any:
    """Take the locked customer from its owner into a queue or pool. Returns the owner of before, if any."""
    former, customer.owner = customer.owner, None
    customer.pool_status, customer.pool_entered_at, customer.pool_reason = to, now, reason
    customer.owned_since = customer.claim_due_at = customer.pool_due_on = None
    customer.pool_due_limit = ""
    customer.version += 1
    customer.save(update_fields=OWNERSHIP_COLUMNS)
    quiet_tasks([customer.pk], now)
    if to != PoolStatus.QUEUE:
        close_tasks(customer, now=now, kind=ASSIGN_TASK)
    log_move(customer, move, by=by, now=now, from_owner=former, reason=reason, note=note, rule=rule)
    audit.record(
        code,
        customer,
        by=by,
        now=now,
        reason=note,
        data={"from": former.pk if former else None, "to": to, "because": reason},
    )
    return former
