"""What the dispatch board shows: the queue in law order, engineers' lanes of the day, ranked suggestions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from service.choices import WAITING_STATES, WORK_STATES, Answer, Progress, TicketState
from service.models import Pump, Ticket, TicketAssignment, TicketClock
from service.priority import queue_key
from service.sla import RESPONSE
from service.suggest import Candidate, Suggestion, rank

FIRST_HOUR, LAST_HOUR = 8, 19
QUARTER = timedelta(minutes=15)
QUARTERS = (LAST_HOUR - FIRST_HOUR) * 4
QUEUE_SHOWN = 200
USUAL_VISIT = timedelta(hours=2)


@dataclass
class Waiting:
    """A ticket of the queue with the clock that presses most and whether it gained a rank by waiting."""

    ticket: Ticket
    clock: TicketClock | None
    lifted: bool
    pumps: list[Pump] = field(default_factory=list)


@dataclass
class Block:
    """A stretch of an engineer's day, in quarters of an hour from the first hour shown."""

    ticket: Ticket
    assignment: TicketAssignment
    start: int
    span: int
    tone: str
    late: bool


@dataclass
class Lane:
    """One engineer's day; rows of blocks so that overlapping work stays readable."""

    engineer: User
    blocks: list[Block]
    minutes: int
    offers: int

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)

    @property
    def share(self) -> int:
        return min(100, round(self.minutes / 4.8))


# --- queue ------------------------------------------------------------------------------------------------------------


def queue(rows: Any, now: datetime) -> list[Waiting]:
    """The tickets that wait for a dispatcher, in law order with the anti-starvation rank."""
    tickets = list(rows.queue().for_list().prefetch_related("pumps").in_queue_order()[:QUEUE_SHOWN])
    clocks = pressing_clocks(tickets)
    found = []
    for ticket in tickets:
        response = clocks.get((ticket.pk, RESPONSE))
        share = response.share_at(now) if response else 0.0
        key = queue_key(
            ticket.priority,
            ticket.tier_snapshot,
            response_share=share,
            response_due=ticket.response_due_at,
            created_at=ticket.received_at,
        )
        pressing = response or first_running(ticket, clocks)
        lifted = key[1] < ticket.tier_rank
        found.append((key, Waiting(ticket, pressing, lifted, list(ticket.pumps.all()))))
    return [waiting for _, waiting in sorted(found, key=lambda pair: pair[0])]


def pressing_clocks(tickets: Iterable[Ticket]) -> dict[tuple[int, str], TicketClock]:
    """The running clocks of several tickets by (ticket, kind), in one query."""
    rows = TicketClock.objects.running().filter(ticket__in=[ticket.pk for ticket in tickets])
    return {(clock.ticket_id, clock.kind): clock for clock in rows}


def first_running(ticket: Ticket, clocks: dict[tuple[int, str], TicketClock]) -> TicketClock | None:
    """The running clock of a ticket that is due first; paused ones come last."""
    mine = [clock for (pk, _), clock in clocks.items() if pk == ticket.pk]
    far = datetime.max.replace(tzinfo=timezone.get_default_timezone())
    return min(mine, key=lambda clock: clock.due_at or far, default=None)


# --- lanes ------------------------------------------------------------------------------------------------------------


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First and last instant the board shows of a local day."""
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(day, time(FIRST_HOUR), zone),
        datetime.combine(day, time(LAST_HOUR), zone),
    )


def lanes(engineers: Iterable[User], rows: Any, day: date, now: datetime) -> list[Lane]:
    """Each engineer's work of the day, and how full it is."""
    engineers = list(engineers)
    opens, closes = day_bounds(day)
    assignments = (
        TicketAssignment.objects.filter(engineer__in=engineers, ticket__in=rows)
        .filter(answer__in=[Answer.OFFERED, Answer.TAKEN, Answer.FINISHED])
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gte=opens))
        .select_related("ticket__customer")
        .order_by("planned_start", "offered_at")
    )
    by_engineer: dict[int, list[Block]] = defaultdict(list)
    offers: Counter[int] = Counter()
    for row in assignments:
        block = place(row, opens, closes, now)
        if row.answer == Answer.OFFERED:
            offers[row.engineer_id] += 1
        if block is not None:
            by_engineer[row.engineer_id].append(block)
    return [
        Lane(person, by_engineer[person.pk], _busy_minutes(by_engineer[person.pk]), offers[person.pk])
        for person in engineers
    ]


def place(row: TicketAssignment, opens: datetime, closes: datetime, now: datetime) -> Block | None:
    """Where an assignment stands on the day; None when it is not on it."""
    start = row.arrived_at or row.planned_start or row.travelled_at or row.answered_at or row.offered_at
    end = row.ended_at or max(row.planned_end or start + USUAL_VISIT, start + QUARTER)
    if row.answer == Answer.TAKEN and not row.ended_at and end < now:
        end = now + QUARTER  # still at it
    if row.answer == Answer.OFFERED and row.planned_start is None:
        start = max(start, now)
        end = start + USUAL_VISIT
    if end <= opens or start >= closes:
        return None
    first = max(0, int((start - opens) / QUARTER))
    last = min(QUARTERS, max(first + 1, -(-(end - opens) // QUARTER)))
    ticket = row.ticket
    late = any(
        due is not None and due < now and not (kind == "onsite" and row.arrived_at)
        for kind, due in (("onsite", ticket.onsite_due_at), ("resolve", ticket.resolve_due_at))
    )
    return Block(
        ticket, row, min(first, QUARTERS - 1), max(1, last - first), _tone(row), late and not row.ended_at
    )


def _tone(row: TicketAssignment) -> str:
    if row.answer == Answer.FINISHED:
        return "done"
    if row.answer == Answer.OFFERED:
        return "offered"
    if row.ticket.state in WAITING_STATES:
        return "waiting"
    if row.ticket.progress == Progress.ON_SITE:
        return "working"
    return "travel" if row.ticket.progress == Progress.TRAVEL else "taken"


def _busy_minutes(blocks: Iterable[Block]) -> int:
    """Minutes of the day that are taken, overlaps counted once."""
    taken: set[int] = set()
    for block in blocks:
        taken.update(range(block.start, block.start + block.span))
    return len(taken) * 15


# --- suggestions ------------------------------------------------------------------------------------------------------


def suggestions(ticket: Ticket, day_lanes: list[Lane]) -> list[tuple[Lane, Suggestion]]:
    """The engineers ranked for a ticket, best first."""
    by_id = {lane.engineer.pk: lane for lane in day_lanes}
    ids = list(by_id)
    worked = TicketAssignment.objects.filter(engineer__in=ids, answer__in=[Answer.FINISHED, Answer.TAKEN])
    pumps = list(ticket.pumps.values_list("pk", flat=True))
    solved = Counter(
        worked.filter(ticket__symptom=ticket.symptom, answer=Answer.FINISHED).values_list(
            "engineer_id", flat=True
        )
        if ticket.symptom
        else ()
    )
    knows_pump = set(worked.filter(ticket__pumps__in=pumps).values_list("engineer_id", flat=True))
    knows_customer = set(
        worked.filter(ticket__customer=ticket.customer_id).values_list("engineer_id", flat=True)
    )
    ranked = rank(
        Candidate(
            engineer_id=pk,
            same_symptom=solved[pk],
            knows_pump=pk in knows_pump,
            knows_customer=pk in knows_customer,
            planned_minutes=lane.minutes,
            near_today=any(
                block.ticket.site_id and block.ticket.site_id == ticket.site_id for block in lane.blocks
            ),
            offers_waiting=lane.offers,
        )
        for pk, lane in by_id.items()
    )
    return [(by_id[one.engineer_id], one) for one in ranked]


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(rows: Any, now: datetime) -> dict[str, int]:
    """How many tickets stand in each situation."""
    states = Counter(rows.open().values_list("state", flat=True))
    working = [TicketState.ASSIGNED, TicketState.IN_PROGRESS]
    return {
        "queue": states[TicketState.NEW] + states[TicketState.ACCEPTED] + states[TicketState.REOPENED],
        "working": sum(states[state] for state in working),
        "waiting": sum(states[state] for state in WORK_STATES if state in WAITING_STATES),
        "callback": states[TicketState.PENDING_CALLBACK],
        "overdue": rows.overdue(now).count(),
    }
