"""What the steps of a handover share: whom to ask next, what a dossier must hold, and moving the customers at the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccessSource, Role
from accounts.models import Grant, User
from accounts.scoping import grant_access, withdraw_access
from core.calendars import work_calendar
from core.errors import RuleBroken
from core.kinds import kind_of
from core.notify import notify
from core.params import param
from core.tasks_list import close_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.handover_choices import HandoverState, HandoverTrigger, ItemKind
from crm.handover_parts import Found, parts

if TYPE_CHECKING:
    from crm.models.customers import Customer
    from crm.models.handovers import Handover

HANDOVER_TASK = "crm.handover"
CHECK_TASK = "crm.handover_check"
GIVER, RECEIVER, MANAGER = "giver", "receiver", "manager"
TURN = {
    HandoverState.DRAFT: MANAGER,
    HandoverState.INITIATED: GIVER,
    HandoverState.DOSSIER_GENERATED: GIVER,
    HandoverState.RECEIVER_REVIEW: RECEIVER,
    HandoverState.GAPS_FIXED: GIVER,
    HandoverState.CUSTOMER_INFORMED: MANAGER,
    HandoverState.BM_APPROVED: MANAGER,
}
"""Whose turn it is; a giver whose account is closed is stood in for by the manager."""


def candidates(branch: Any, now: datetime, *, without: Any = None) -> list[User]:
    """Active project managers of a branch, by name."""
    grants = Grant.objects.counting(now).filter(role=Role.PM, scope_unit=branch)
    people = User.objects.active().filter(pk__in=grants.values("user_id")).order_by("name_zh", "pk")
    return [person for person in people if without is None or person.pk != without.pk]


def managers(handover: Handover, now: datetime) -> list[Any]:
    """Who approves: the branch's managers, without those who give or receive; else the head of sales, else executives."""
    from accounts.duties import general_manager, head_of, unit_by_code
    from crm.operations.assignment import managers_of

    sales = unit_by_code("SAL")
    lines = [managers_of(handover.branch, now), [sales and head_of(sales)], [general_manager()]]
    outside = {handover.owner_id, handover.receiver_id}
    for line in lines:
        found = [person for person in line if person is not None and person.pk not in outside]
        if found:
            return found
    return []


def ask_next(handover: Handover, state: str, now: datetime) -> None:
    """Take the handover off every list and put it on the list of those whose turn it is in `state`."""
    close_tasks(handover, now=now, kind=HANDOVER_TASK)
    if state == HandoverState.DONE:
        for person in managers(handover, now):
            open_task(CHECK_TASK, handover, person, due_at=handover.check_due_at or now)
    turn = TURN.get(HandoverState(state))
    if turn is None:
        return
    people = whose_turn(handover, turn, now)
    for person in people:
        open_task(
            HANDOVER_TASK,
            handover,
            person,
            due_at=handover.due_at,
            severity=1 + handover.urgent,
            data={"state": str(state)},
        )
    notify(
        people,
        "crm.handover_turn",
        handover,
        now=now,
        dedupe_key=f"yj:{handover.pk}:{state}:{handover.version}",
        mail=False,
    )


def whose_turn(handover: Handover, turn: str, now: datetime) -> list[Any]:
    """The people behind a turn; for a closed account the managers."""
    if turn == RECEIVER:
        return [handover.receiver]
    if turn == GIVER and handover.owner.is_active:
        return [handover.owner]
    return managers(handover, now)


def check_receiver(handover: Handover, receiver: Any) -> None:
    """Refuse a receiver who cannot look after these customers."""
    if receiver is None or not receiver.is_active or receiver.branch != handover.branch:
        raise RuleBroken(errors={"receiver": [_("Choose an active project manager of the branch.")]})
    if receiver.pk == handover.owner_id:
        raise RuleBroken(errors={"receiver": [_("Choose somebody else; this person hands over.")]})


def due_time(handover: Handover, now: datetime) -> datetime:
    """The end of the 5th working day, the 2nd for urgent ones; a draft of a leaver waits one day for its receiver."""
    key = "crm.handover_urgent_days" if handover.urgent else "crm.handover_days"
    return _working_days(handover, now, key)


def draft_due_time(handover: Handover, now: datetime) -> datetime:
    """Until when the receiver must be named."""
    return _working_days(handover, now, "crm.handover_leaver_days")


def _working_days(handover: Handover, now: datetime, key: str) -> datetime:
    days = int(param(key, at=now, unit_code=handover.branch.code))
    return end_of_nth_working_day(now, days, work_calendar(handover.branch.calendar_code))


def check_time(now: datetime) -> datetime:
    """When a handover is looked at again."""
    return now + timedelta(days=int(param("crm.handover_check_days", at=now)))


def customers_of(handover: Handover) -> Iterable[Customer]:
    """The customers in the handover, in the order of their entries."""
    entries = handover.entries.select_related("customer").order_by("pk")  # type: ignore[attr-defined]
    return [entry.customer for entry in entries]


def let_read(handover: Handover, *, by: Any, now: datetime) -> None:
    """The receiver works on the handover and reads its customers from now on."""
    grant_access(handover, user=handover.receiver, source=AccessSource.ASSIGNEE, by=by, now=now)
    for customer in customers_of(handover):
        grant_access(customer, user=handover.receiver, source=AccessSource.RELATED, by=by, now=now)


def stop_reading(handover: Handover, *, by: Any, now: datetime) -> None:
    """What `let_read` opened at the customers is closed again."""
    if handover.receiver is not None:
        for customer in customers_of(handover):
            withdraw_access(customer, user=handover.receiver, source=AccessSource.RELATED, by=by, now=now)


def close_entries(handover: Handover, now: datetime) -> None:
    """Let the customers be handed over by another one from now on."""
    handover.entries.open().update(closed_at=now)  # type: ignore[attr-defined]


def gather(handover: Handover, now: datetime) -> int:
    """Add the lines every app finds and the dossier lacks; lines the system can vouch for are complete at once."""
    items = handover.items  # type: ignore[attr-defined]
    known = set(items.values_list("customer_id", "kind", "object_kind", "object_id"))
    fresh = []
    for entry in handover.entries.select_related("customer").order_by("pk"):  # type: ignore[attr-defined]
        found = [(part.code, line) for part in parts() for line in part.find(handover, entry.customer, now)]
        if entry.visit_required:
            found.append(("crm", Found(ItemKind.JOINT_VISIT)))
        for code, line in found:
            subject = line.subject
            key = (kind_of(subject), subject.pk) if subject is not None else ("", None)
            if (entry.customer_id, line.kind, *key) not in known:
                fresh.append(
                    items.model(
                        handover=handover,
                        customer=entry.customer,
                        part=code,
                        kind=line.kind,
                        object_kind=key[0],
                        object_id=key[1],
                        count=line.count,
                        done_at=now if line.ready else None,
                    )
                )
    items.model.objects.bulk_create(fresh)
    return len(fresh)


def count_items(handover: Handover) -> None:
    """Set the two counts the score is made of; the caller saves."""
    items = handover.items  # type: ignore[attr-defined]
    handover.items_total = items.count()
    handover.items_done = handover.items_total - items.missing().count()


def refuse_silent_promises(handover: Handover) -> None:
    """Promises by word of mouth are written down, or "none" is ticked — for every customer, whatever the score."""
    silent = handover.items.missing().filter(kind=ItemKind.PROMISES).select_related("customer")  # type: ignore[attr-defined]
    names = [item.customer.called for item in silent]
    if names:
        sentence = _("Write the promises made by word of mouth, or tick “none”: %(customers)s") % {
            "customers": "、".join(names[:5])
        }
        raise RuleBroken(sentence, code="promises_silent")


def refuse_incomplete(handover: Handover, now: datetime) -> None:
    """Refuse a dossier below the limit (95 % by default) or silent about promises."""
    refuse_silent_promises(handover)
    limit = int(param("crm.handover_score", at=now, unit_code=handover.branch.code))
    if handover.percent < limit:
        sentence = _("The dossier is %(percent)s %% complete; %(limit)s %% are needed.")
        raise RuleBroken(
            sentence % {"percent": f"{handover.percent:.1f}", "limit": limit}, code="dossier_incomplete"
        )


def refuse_missing_visits(handover: Handover) -> None:
    """A VIP, or a customer with an open project or contract, is visited together before it changes hands."""
    missing = handover.items.missing().filter(kind=ItemKind.JOINT_VISIT).select_related("customer")  # type: ignore[attr-defined]
    names = [item.customer.called for item in missing]
    if names:
        sentence = _("The joint visit is still to be made: %(customers)s") % {
            "customers": "、".join(names[:5])
        }
        raise RuleBroken(sentence, code="joint_visit_missing")


def refuse_future(field: str, day: date, now: datetime) -> None:
    """Refuse a day that has not come yet."""
    if day > timezone.localdate(now):
        raise RuleBroken(errors={field: [_("This day has not come yet.")]})


def mark_gaps(handover: Handover, items: Any) -> int:
    """Open the listed lines again and mark them; refuses lines of another handover and an empty list."""
    ids = [item.pk for item in items]
    rows = handover.items.filter(pk__in=ids)  # type: ignore[attr-defined]
    if not ids or rows.count() != len(ids):
        raise RuleBroken(errors={"items": [_("Choose the lines that lack something.")]})
    return rows.update(has_gap=True, done_at=None, done_by=None)


def take_over(handover: Handover, *, by: Any, now: datetime) -> int:
    """Move every customer still owned by the giver, and what each app says must follow; returns how many moved."""
    from crm.operations.assignment import assign_customer

    moved = 0
    for customer in customers_of(handover):
        if customer.owner_id != handover.owner_id or customer.deleted_at is not None:
            continue
        assign_customer(by=by, now=now, customer=customer, owner=handover.receiver, reason=handover.code)
        for part in parts():
            if part.take_over is not None:
                part.take_over(handover, customer, by=by, now=now)
        moved += 1
    stop_reading(handover, by=by, now=now)
    if handover.trigger == HandoverTrigger.LEAVER:
        for customer in customers_of(handover):
            withdraw_access(customer, user=handover.owner, by=by, now=now)
    close_entries(handover, now)
    return moved


def close_check(handover: Handover, now: datetime) -> None:
    """Take the check off the managers' lists."""
    close_tasks(handover, now=now, kind=CHECK_TASK)


def visit_is_mandatory(customer: Customer) -> bool:
    """VIPs, and customers with an open project or running contract, are visited together."""
    if customer.tier == "vip":
        return True
    return customer.holds.filter(Q(kind="contract") | Q(kind="project")).exists()  # type: ignore[attr-defined]
