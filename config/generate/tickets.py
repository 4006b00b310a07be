"""Tickets with their four clocks, who worked on them, and the queue of the dispatchers."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from config.generate import words
from config.generate.customers import pick
from config.generate.people import Staff
from config.generate.profiles import Profile
from config.generate.talks import HISTORY_DAYS
from core.calendars import work_calendar
from core.kinds import kind_of
from core.models import Task
from crm.models import Customer
from service import timekeeping
from service.choices import FINISHED_STATES, QUEUE_STATES, Answer
from service.faults import SYMPTOMS
from service.models import Ticket, TicketAssignment, TicketClock
from service.operations import calendar_code_of_after_sales
from service.priority import TIERS, counted_tier, decide_priority
from service.sla import CLOCKS, RESPONSE, DueTime, clock_number, due_times

OPEN_SHARE = 0.06
OPEN = {"new": 4, "accepted": 8, "assigned": 14, "in_progress": 34, "waiting_parts": 8, "waiting_customer": 6, "resolved": 8, "pending_confirm": 12, "pending_callback": 5, "reopened": 1}  # fmt: skip
IMPACTS = {"i1": 4, "i2": 16, "i3": 45, "i4": 35}
RECEIPTS = 1_500
"""So many different instants of receipt; tickets share them, because counting a promise takes a while."""
WORKED = ("assigned", "in_progress", "waiting_parts", "waiting_customer", "resolved", "pending_confirm", "pending_callback", "closed")  # fmt: skip
KEPT = 0.9
Promise = tuple[str, Any, dict[str, Any]]


@dataclass
class Tickets:
    """What hangs together and is written table by table."""

    tickets: list[Ticket] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[TicketAssignment] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    def per_customer(self) -> dict[int, tuple[int, int]]:
        """(all, open) by customer id."""
        found: dict[int, tuple[int, int]] = {}
        for ticket in self.tickets:
            total, still_open = found.get(ticket.customer_id, (0, 0))
            found[ticket.customer_id] = (total + 1, still_open + (ticket.state not in FINISHED_STATES))
        return found


class TicketMaker:
    """Makes tickets one by one; remembers the promises counted so far."""

    def __init__(self, seed: int, staff: Staff, as_of: datetime) -> None:
        self.rng = Random(f"{seed}|tickets")  # noqa: S311 - invented data
        self.staff, self.as_of = staff, as_of
        self.calendar_code = calendar_code_of_after_sales()
        self.calendar = work_calendar(self.calendar_code)
        minutes = sorted(self.rng.randint(20 * 1440, HISTORY_DAYS * 1440) for _receipt in range(RECEIPTS))
        self.past = [as_of - timedelta(minutes=minute) for minute in minutes]
        self.lately = [as_of - timedelta(minutes=self.rng.randint(30, 12 * 1440)) for _one in range(200)]
        self.promises: dict[tuple[datetime, str, str], list[Promise]] = {}
        self.made = Tickets()

    def make(self, pk: int, customer: Customer) -> None:
        """One ticket with everything that hangs on it."""
        rng, is_open = self.rng, self.rng.random() < OPEN_SHARE
        state = pick(rng, OPEN) if is_open else "closed"
        received = rng.choice(self.lately if is_open else self.past)
        tier = customer.tier
        decision = decide_priority(pick(rng, IMPACTS), tier)
        impact = next(code.removeprefix("impact_") for code in decision.reasons if code.startswith("impact_"))
        ticket = Ticket(
            id=pk,
            code=f"GD-{customer.branch.code}-{received.year}-{pk:06d}",
            customer=customer,
            type="repair",
            symptom=rng.choice(list(SYMPTOMS)),
            description=rng.choice(words.FAULTS),
            impact=impact,
            tier_snapshot=tier,
            tier_rank=TIERS.index(counted_tier(tier)),
            priority=decision.priority,
            priority_reasons=list(decision.reasons),
            priorities=[[received.isoformat(), decision.priority]],
            run_started_at=received,
            received_at=received,
            calendar_code=self.calendar_code,
            state=state,
            progress="remote" if state == "in_progress" else "",
            owner=customer.owner,
            branch=customer.branch,
            engineer=rng.choice(self.staff.by_role["ae"]) if state in WORKED else None,
            creator=self.staff.by_role["dp"][0],
            created_at=received,
            updated_at=received,
            version=1,
        )
        self._clocks(ticket)
        self._work(ticket)
        self.made.tickets.append(ticket)

    def _promised(self, ticket: Ticket) -> list[Promise]:
        """The four promises by the product's own arithmetic; tickets that depend on the same facts share them."""
        key = (ticket.received_at, ticket.priority, ticket.tier_snapshot)
        if key not in self.promises:
            found = due_times(timekeeping.run_of(_unsaved(ticket)), self.calendar)
            self.promises[key] = [_promise(kind, due, ticket) for kind, due in found.items()]
        return self.promises[key]

    def _clocks(self, ticket: Ticket) -> None:
        """The clocks, stopped as far as the ticket has come."""
        met: tuple[str, ...] = (
            CLOCKS if ticket.state in ("resolved", "pending_confirm", "pending_callback", "closed") else ()
        )
        if ticket.state not in ("new", "accepted", "reopened") and not met:
            met = (RESPONSE,)
        ended = ticket.received_at
        for kind, due_at, columns in self._promised(ticket):
            clock = {**columns, "ticket_id": ticket.pk}
            if kind in met:
                span = (due_at - ticket.received_at) * (0.6 if self.rng.random() < KEPT else 1.3)
                clock["stopped_at"] = min(ticket.received_at + span, self.as_of)
                clock["next_level_at"] = None
                ended = max(ended, clock["stopped_at"])
            setattr(ticket, timekeeping.DUE_FIELDS[kind], due_at)
            self.made.clocks.append(clock)
        if ticket.state == "closed":
            ticket.resolved_at = ticket.confirmed_at = ticket.closed_at = ended
            ticket.close_kind, ticket.confirm_method = "confirmed", "link"

    def _work(self, ticket: Ticket) -> None:
        """The engineer's assignment, or the line on each dispatcher's day while nobody has it."""
        if ticket.engineer_id:
            done = ticket.state == "closed"
            answer = (
                Answer.FINISHED if done else Answer.OFFERED if ticket.state == "assigned" else Answer.TAKEN
            )
            self.made.assignments.append(
                TicketAssignment(
                    ticket=ticket,
                    engineer=ticket.engineer,
                    by=ticket.creator,
                    answer=answer,
                    offered_at=ticket.received_at,
                    answer_due_at=ticket.received_at + timedelta(hours=2),
                    ended_at=ticket.closed_at if done else None,
                )
            )
        if ticket.state in QUEUE_STATES:
            for dispatcher in self.staff.by_role["dp"]:
                self.made.tasks.append(_task(ticket, dispatcher, "service.ticket_dispatch"))
        elif ticket.engineer_id and ticket.state == "in_progress":
            self.made.tasks.append(_task(ticket, ticket.engineer, "service.ticket_work"))


def _promise(kind: str, due: DueTime, ticket: Ticket) -> Promise:
    """(kind, due time, columns of the clock)."""
    clock = TicketClock(clock_no=clock_number(kind, 0), kind=kind, start=ticket.received_at)
    timekeeping.fill(clock, due, set())
    columns = {field.attname: getattr(clock, field.attname) for field in TicketClock._meta.concrete_fields}
    columns |= {name: json.dumps(columns[name], ensure_ascii=False) for name in ("levels", "steps")}
    del columns["id"]
    return kind, due.due_at, columns


def _unsaved(ticket: Ticket) -> Ticket:
    """The same facts without an id, so that no clock or wait is looked up."""
    return Ticket(
        type=ticket.type,
        tier_snapshot=ticket.tier_snapshot,
        priorities=ticket.priorities,
        run_started_at=ticket.run_started_at,
        travel_km=0,
    )


def _task(ticket: Ticket, assignee: Any, kind: str) -> Task:
    return Task(
        assignee=assignee,
        kind=kind,
        object_kind=kind_of(ticket),
        object_id=ticket.pk,
        root_kind=kind_of(ticket.customer),
        root_id=ticket.customer_id,
        due_at=ticket.response_due_at or ticket.received_at,
        severity=1,
        created_at=ticket.received_at,
    )


def make_tickets(
    profile: Profile, seed: int, customers: list[Customer], staff: Staff, as_of: datetime
) -> Tickets:
    """A third of the buyers has most of the tickets; drawn by weight."""
    maker = TicketMaker(seed, staff, as_of)
    buyers = [row for row in customers if row.is_prospect_kind]
    weights = [maker.rng.lognormvariate(0, 1.2) for _buyer in buyers]
    for pk, customer in enumerate(maker.rng.choices(buyers, weights, k=profile.tickets), start=1):
        maker.make(pk, customer)
    return maker.made
