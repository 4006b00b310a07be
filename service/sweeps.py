"""What service looks for every minute: clock levels, unanswered offers, reminders to confirm, finished tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import audit
from core.notify import notify
from core.sweep import for_each_due, sweep
from core.tasks_list import open_task
from crm.models import Customer
from service import desk, facts, operations, timekeeping
from service.choices import ClockKind
from service.models import Ticket, TicketClock, TicketEscalation

LATE = 100


@sweep("service.blur_arrivals", every=3600)
def blur_arrivals(now: datetime) -> int:
    """Places where engineers arrived are kept to the metre for half a year only, like check-ins."""
    return operations.blur_old_arrivals(now)


@sweep("service.ticket_clocks", every=60)
def announce_levels(now: datetime) -> int:
    """Tell engineer, dispatchers and managers (executives for P1) at 50, 80, 100 and 150 % of each clock."""
    due = Ticket.objects.with_fallen_levels(now)
    return for_each_due("service.ticket_clocks", due, lambda ticket: _announce(ticket, now), limit=1000)


def _announce(ticket: Ticket, now: datetime) -> None:
    """Every level that fell since last time gets its row with the true due time; people hear the highest."""
    for clock in ticket.clocks.filter(next_level_at__lte=now):
        told = set(ticket.escalations.filter(clock_no=clock.clock_no).values_list("clock_no", "level"))
        fallen = [
            (level, at)
            for level, at in timekeeping.fallen_levels(clock, now)
            if (clock.clock_no, level) not in told
        ]
        TicketEscalation.objects.bulk_create(
            TicketEscalation(ticket=ticket, clock_no=clock.clock_no, level=level, due_at=at, at=now)
            for level, at in fallen
        )
        told |= {(clock.clock_no, level) for level, _ in fallen}
        clock.next_level_at = timekeeping.next_level(clock, told)
        clock.save(update_fields=["next_level_at"])
        if fallen:
            _tell(ticket, clock, max(level for level, _ in fallen), now)


def _tell(ticket: Ticket, clock: TicketClock, level: int, now: datetime) -> None:
    people = [ticket.engineer, *desk.dispatchers(now), *desk.managers(now)]
    if ticket.priority == "p1":
        people += desk.executives(now)
    epoch = int(clock.start.timestamp())
    notify(
        people,
        f"service.clock_{ClockKind(clock.kind)}",
        ticket,
        now=now,
        data={"level": level, "clock": clock.kind},
        dedupe_key=f"sla:{ticket.pk}:{clock.clock_no}:{level}:{epoch}",
    )
    audit.record(
        "service.escalate_ticket",
        ticket,
        by=None,
        now=now,
        data={"clock": clock.kind, "clock_no": clock.clock_no, "level": level},
    )
    if level >= LATE:
        for person in desk.managers(now):
            open_task("service.ticket_late", ticket, person, due_at=clock.due_at or now, severity=3)


@sweep("service.assignments", every=60)
def return_unanswered(now: datetime) -> int:
    """An offer nobody answered (30 minutes for P1, else two business hours) goes back to the dispatchers."""
    due = Ticket.objects.unanswered(now)
    return for_each_due("service.assignments", due, lambda ticket: ticket.return_unanswered(by=None, now=now))


@sweep("service.confirmations", every=600)
def nudge(now: datetime) -> int:
    """Customers who have not confirmed are asked again after 1, 3 and 5 working days."""
    return for_each_due(
        "service.confirmations", Ticket.objects.to_nudge(now), lambda ticket: _nudge(ticket, now)
    )


def _nudge(ticket: Ticket, now: datetime) -> None:
    number = ticket.confirm_nudges + 1
    Ticket.objects.filter(pk=ticket.pk).update(
        confirm_nudges=number, next_nudge_at=desk.nudge_at(ticket, number)
    )
    people: list[Any] = desk.dispatchers(now)
    for person in people:
        open_task("service.confirm_chase", ticket, person, due_at=now)
    notify(
        people,
        "service.confirm_nudge",
        ticket,
        now=now,
        data={"n": number},
        dedupe_key=f"confirm:{ticket.pk}:{ticket.run}:{number}",
        mail=False,
    )


@sweep("service.closings", every=600)
def close_unsampled(now: datetime) -> int:
    """Confirmed tickets not drawn for a call-back have nothing left to wait for."""
    return for_each_due(
        "service.closings",
        Ticket.objects.confirmed_unsampled(),
        lambda ticket: ticket.close(by=None, now=now),
    )


@sweep("service.customer_facts", every=60)
def bring_facts_down(now: datetime) -> int:
    """Customers whose pumps or tickets changed get their figures and holds anew."""
    due = Customer.objects.filter(pk__in=facts.stale_customers())
    return for_each_due("service.customer_facts", due, lambda customer: _facts(customer, now))


def _facts(customer: Customer, now: datetime) -> None:
    facts.bring_down(customer, now=now)
    for ticket in Ticket.objects.live().filter(customer=customer):
        facts.keep_hold(ticket, now=now)
