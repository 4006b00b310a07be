"""Opening handovers, spreading customers over receivers, filling dossiers, and the scans that keep them moving."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import NotFound, RuleBroken, WrongState
from core.notify import notify
from core.numbering import next_code
from core.rules import require
from crm import handover_desk as desk
from crm.handover_choices import HandoverState, HandoverTrigger, ItemKind
from crm.handover_querysets import LATE_DAYS
from crm.handover_rules import Parcel, propose
from crm.models import Customer, Handover, HandoverEntry, HandoverItem
from crm.territories import TerritoryMap

MOST_CUSTOMERS = 300
WEIGHTS = {"vip": 5, "professional": 3}
"""How much a customer adds to a project manager's load by tier; every other one counts 1."""


def open_handover(
    *,
    by: Any,
    now: datetime,
    giver: User,
    customers: Iterable[Customer],
    trigger: str,
    receiver: User | None = None,
    urgent: bool = False,
    note: str = "",
) -> Handover:
    """Start handing customers of one owner to a receiver, or, without one, as a draft whose receivers the manager names.

    Refuses customers of another owner or of several branches, one that is being handed over already, and none.
    """
    with transaction.atomic():
        rows = Customer.objects.visible_to(by).select_for_update(of=("self",))
        chosen = list(rows.filter(pk__in=[row.pk for row in customers]).order_by("pk"))
        branch = _checked_branch(giver, chosen)
        handover = Handover(
            owner=giver,
            branch=branch,
            creator=by,
            trigger=trigger,
            urgent=urgent,
            note=note.strip(),
        )
        if by is not None:
            require(by, "crm.add_handover", handover)
        handover.code = next_code("YJ", branch_code=branch.code, now=now)
        handover.due_at = desk.draft_due_time(handover, now)
        handover.save()
        _enter(handover, chosen, _proposals(handover, chosen, now))
        data = {"trigger": trigger, "from": giver.pk, "customers": len(chosen)}
        audit.record("crm.add_handover", handover, by=by, now=now, to_state=handover.state, data=data)
        for customer in chosen:
            noted = {"code": handover.code, "handover": handover.pk}
            audit.record("crm.hand_over_customer", customer, by=by, now=now, data=noted)
        if receiver is None:
            desk.ask_next(handover, HandoverState.DRAFT, now)
            return handover
        return handover.initiate(by=by, now=now, receiver=receiver)


def _checked_branch(giver: User, customers: list[Customer]) -> Any:
    if not customers or len(customers) > MOST_CUSTOMERS:
        raise RuleBroken(
            errors={"customers": [_("Choose between one and %(most)s customers.") % {"most": MOST_CUSTOMERS}]}
        )
    if any(row.owner_id != giver.pk for row in customers):
        raise RuleBroken(errors={"customers": [_("All customers must belong to the one who hands over.")]})
    if len({row.branch_id for row in customers}) > 1:
        raise RuleBroken(errors={"customers": [_("Hand over the customers of one branch at a time.")]})
    taken = HandoverEntry.objects.open().filter(customer__in=customers).select_related("customer", "handover")
    if taken:
        words = "、".join(f"{entry.customer.called} ({entry.handover})" for entry in taken[:5])
        raise RuleBroken(
            errors={"customers": [_("Being handed over already: %(customers)s") % {"customers": words}]}
        )
    return customers[0].branch


def _enter(handover: Handover, customers: Iterable[Customer], proposed: Mapping[int, int]) -> None:
    HandoverEntry.objects.bulk_create(
        HandoverEntry(
            handover=handover,
            customer=customer,
            proposed_id=proposed.get(customer.pk),
            visit_required=desk.visit_is_mandatory(customer),
        )
        for customer in customers
    )


def _proposals(handover: Handover, customers: Iterable[Customer], now: datetime) -> dict[int, int]:
    """Who should receive each customer, by territory and load."""
    people = desk.candidates(handover.branch, now, without=handover.owner)
    places = TerritoryMap(now)
    parcels = []
    for row in customers:
        found = places.place(row.province_code, row.city_code, row.industry)
        owner = found.owner.pk if found is not None and found.owner is not None else None
        parcels.append(Parcel(row.pk, owner, WEIGHTS.get(row.tier, 1)))
    return propose(parcels, loads_of(people))


def loads_of(people: Iterable[User]) -> dict[int, int]:
    """What each person carries now: owned customers, key accounts counting more."""
    loads = {person.pk: 0 for person in people}
    owned = Customer.objects.alive().filter(owner__in=loads).order_by().values_list("owner", "tier")
    for owner, tier, count in owned.annotate(Count("pk")):
        loads[owner] += count * WEIGHTS.get(tier, 1)
    return loads


def distribute_handover(
    *, by: Any, now: datetime, handover: Handover, receivers: Mapping[int, User], version: int | None = None
) -> list[Handover]:
    """Give each customer of a draft its receiver: one handover a receiver, all of them started at once.

    `receivers` maps customer ids; a customer left out goes to the receiver proposed. Refuses a handover that has
    started, a customer without any receiver, and receivers `initiate` refuses.
    """
    with transaction.atomic():
        draft = Handover.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=handover.pk).first()
        if draft is None:
            raise NotFound()
        if by is not None:
            require(by, "crm.distribute_handover", draft)
        if draft.state != HandoverState.DRAFT:
            raise WrongState(data={"state": draft.state, "allowed": [HandoverState.DRAFT]})
        groups = _groups(draft, receivers)
        first, *others = groups.items()
        made = []
        for receiver, entries in others:
            made.append(_split_off(draft, entries, receiver, by, now))
        return [draft.initiate(by=by, now=now, receiver=first[0], version=version), *made]


def _groups(draft: Handover, receivers: Mapping[int, User]) -> dict[User, list[HandoverEntry]]:
    groups: dict[User, list[HandoverEntry]] = {}
    entries = HandoverEntry.objects.filter(handover=draft).select_related("customer", "proposed")
    for entry in entries.order_by("pk"):
        receiver = receivers.get(entry.customer_id) or entry.proposed
        if receiver is None:
            sentence = _("Choose who receives %(customer)s.") % {"customer": entry.customer.called}
            raise RuleBroken(errors={"receivers": [sentence]})
        groups.setdefault(receiver, []).append(entry)
    return groups


def _split_off(
    draft: Handover, entries: list[HandoverEntry], receiver: User, by: Any, now: datetime
) -> Handover:
    """A handover of its own for one receiver, with these customers out of the draft."""
    part = Handover.objects.create(
        code=next_code("YJ", branch_code=draft.branch.code, now=now),
        owner=draft.owner,
        branch=draft.branch,
        creator=by,
        trigger=draft.trigger,
        urgent=draft.urgent,
        note=draft.note,
        due_at=draft.due_at,
    )
    HandoverEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(handover=part)
    audit.record("crm.add_handover", part, by=by, now=now, to_state=part.state, data={"out_of": draft.pk})
    return part.initiate(by=by, now=now, receiver=receiver)


@dataclass(frozen=True)
class Answer:
    """What was said to one line: looked at, written, none, or visited on a day."""

    item: HandoverItem
    note: str = ""
    nothing: bool = False
    confirmed: bool = False
    happened_on: date | None = None


def answer_items(*, by: Any, now: datetime, handover: Handover, answers: Iterable[Answer]) -> Handover:
    """Settle lines of a dossier; lines without an answer stay as they are.

    Refuses a dossier that is not being filled, words and "none" at once, and a joint visit before the handover
    began or in the future. The audit notes how many lines were settled, never their words.
    """
    with transaction.atomic():
        locked = (
            Handover.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=handover.pk).first()
        )
        if locked is None:
            raise NotFound()
        if not locked.is_fillable:
            raise WrongState(_("This dossier is not open for writing."))
        settled = sum(_settle(locked, answer, by, now) for answer in answers)
        desk.count_items(locked)
        locked.version += 1
        locked.save(update_fields=["items_total", "items_done", "version", "updated_at"])
        if settled:
            audit.record("crm.change_handover", locked, by=by, now=now, data={"items": settled})
    return locked


def _settle(handover: Handover, answer: Answer, by: Any, now: datetime) -> bool:
    item = HandoverItem.objects.select_for_update().select_related("handover__owner").get(pk=answer.item.pk)
    if item.handover_id != handover.pk:
        raise NotFound()
    if by is not None:
        require(by, "crm.change_handoveritem", item)
    note, settled = answer.note.strip(), False
    if item.is_written:
        settled = bool(note) or answer.nothing
    elif item.kind == ItemKind.JOINT_VISIT:
        settled = answer.happened_on is not None
    else:
        settled = answer.confirmed or bool(note)
    same = (note, answer.nothing, answer.happened_on) == (item.note, item.nothing, item.happened_on)
    if not settled or (same and item.is_done):
        return False
    _check_answer(handover, item, answer, now)
    item.note, item.nothing, item.happened_on = note, answer.nothing, answer.happened_on
    item.has_gap, item.done_at, item.done_by = False, now, by
    item.version += 1
    item.save()
    return True


def _check_answer(handover: Handover, item: HandoverItem, answer: Answer, now: datetime) -> None:
    if answer.nothing and answer.note.strip():
        raise RuleBroken(errors={f"note_{item.pk}": [_("Write it down, or tick “none” — not both.")]})
    if answer.happened_on is not None:
        desk.refuse_future(f"on_{item.pk}", answer.happened_on, now)
        if handover.initiated_at and answer.happened_on < handover.initiated_at.date():
            raise RuleBroken(
                errors={f"on_{item.pk}": [_("A joint visit lies after the handover was started.")]}
            )


def open_leaver_handover(owner: User, *, now: datetime) -> int:
    """Drafts for the customers of a closed account that nobody takes over yet, one a branch; the managers are asked."""
    rows = Customer.objects.left_behind().filter(owner=owner)
    by_branch: dict[int, list[Customer]] = {}
    for row in rows.order_by("branch", "pk"):
        by_branch.setdefault(row.branch_id, []).append(row)
    for customers in by_branch.values():
        open_handover(
            by=None,
            now=now,
            giver=owner,
            customers=customers[:MOST_CUSTOMERS],
            trigger=HandoverTrigger.LEAVER,
            urgent=True,
        )
    return len(by_branch)


def tell_late(handover: Handover, *, now: datetime) -> None:
    """Tell the managers and the CRM office of a handover past its due time, once per level of lateness."""
    from accounts.duties import head_of, unit_by_code

    days = (now - handover.due_at).days
    level = max(step for step in LATE_DAYS if step <= days)
    office = unit_by_code("CRO")
    people = [*desk.managers(handover, now), office and head_of(office)]
    notify(
        people,
        "crm.handover_late",
        handover,
        now=now,
        data={"days": days},
        dedupe_key=f"yj:{handover.pk}:late:{level}:{handover.due_at:%Y%m%d}",
    )
    Handover.objects.filter(pk=handover.pk).update(late_told=level)
