"""Keeping a ticket's clock rows in step with what happens to it; the arithmetic itself is `service.sla`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.calendars import work_calendar
from core.workdays import WorkCalendar
from service.models.clocks import TicketClock, TicketEscalation, TicketPause
from service.sla import CLOCKS, LEVELS, ONSITE, DueTime, Pause, TicketRun, clock_number, due_times

if TYPE_CHECKING:
    from service.models.tickets import Ticket

FILLED = ["due_at", "remaining", "provisional", "levels", "steps", "next_level_at"]
DUE_FIELDS = {kind: f"{kind}_due_at" for kind in CLOCKS}


def run_of(ticket: Ticket) -> TicketRun:
    """The facts of the ticket's present run as the pure module wants them."""
    clocks = list(ticket.clocks.filter(clock_no__gt=len(CLOCKS) * ticket.run)) if ticket.pk else []
    pauses = TicketPause.objects.filter(ticket=ticket, run=ticket.run) if ticket.pk else ()
    return TicketRun(
        start=ticket.run_started_at,
        tier=ticket.tier_snapshot,
        priorities=tuple((datetime.fromisoformat(since), code) for since, code in ticket.priorities),
        type=_promised_as(ticket.type),
        run=ticket.run,
        pauses=tuple(Pause(pause.kind, pause.start, pause.end) for pause in pauses),
        stopped={clock.kind: clock.stopped_at for clock in clocks if clock.stopped_at is not None},
        voided=frozenset(clock.kind for clock in clocks if clock.voided),
        travel_km=ticket.travel_km,
        agreed_date=ticket.planned_on if ticket.type == "install" else None,
        planned_date=ticket.planned_on if ticket.type == "maintain" else None,
    )


def calendar_of(ticket: Ticket) -> WorkCalendar:
    """The business calendar the ticket's promises are counted on."""
    return work_calendar(ticket.calendar_code)


def _promised_as(kind: str) -> str:
    """Consulting and complaints run on the repair table."""
    return kind if kind in ("install", "maintain", "parts") else "repair"


def recompute(ticket: Ticket) -> None:
    """Bring the open clocks of the present run up to date and mirror the due times on the ticket.

    Stopped and void clocks keep what they had; announced levels stay announced. The caller holds the
    ticket's lock and saves the ticket.
    """
    if ticket.historical:
        return
    found = due_times(run_of(ticket), calendar_of(ticket))
    kept = {clock.clock_no: clock for clock in ticket.clocks.all()}
    announced = set(TicketEscalation.objects.filter(ticket=ticket).values_list("clock_no", "level"))
    open_clocks: list[TicketClock] = []
    for kind in CLOCKS:
        number = clock_number(kind, ticket.run)
        clock = kept.get(number)
        due = found.get(kind)
        if due is None:
            _take_back(clock)
            setattr(ticket, DUE_FIELDS[kind], None)
            continue
        if clock is None:
            clock = TicketClock(ticket=ticket, clock_no=number, kind=kind, start=ticket.run_started_at)
        if clock.stopped_at is None:
            fill(clock, due, announced)
            open_clocks.append(clock)
        setattr(ticket, DUE_FIELDS[kind], clock.due_at)
    TicketClock.objects.bulk_create([clock for clock in open_clocks if clock.pk is None])
    TicketClock.objects.bulk_update([clock for clock in open_clocks if clock.pk], FILLED)


def _take_back(clock: TicketClock | None) -> None:
    """The priority of now does not promise this any more; a later one may promise it again, from receipt."""
    if clock is not None and clock.stopped_at is None and not clock.voided:
        clock.delete()


def _withdraw(clock: TicketClock | None) -> None:
    """A promise that no longer applies: no due time, no levels."""
    if clock is not None and clock.stopped_at is None:
        clock.voided, clock.next_level_at = True, None
        clock.save(update_fields=["voided", "next_level_at"])


def fill(clock: TicketClock, due: DueTime, announced: set[tuple[int, int]]) -> None:
    """Take a counted promise over into the clock's columns."""
    clock.due_at = due.due_at
    clock.remaining = due.remaining
    clock.provisional = due.provisional
    clock.levels = [[percent, at.isoformat()] for percent, at in due.levels]
    clock.steps = [{"code": step.code, "params": plain(step.params)} for step in due.steps]
    clock.next_level_at = next_level(clock, announced)


def next_level(clock: TicketClock, announced: set[tuple[int, int]]) -> datetime | None:
    """When the next level that nobody has heard of falls due; None when the clock stands or is done."""
    if not clock.is_running:
        return None
    waiting = [
        datetime.fromisoformat(at)
        for percent, at in clock.levels
        if (clock.clock_no, percent) not in announced
    ]
    return min(waiting, default=None)


def plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Values of an explanation step as JSON keeps them."""
    return {name: _plain_value(value) for name, value in params.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    return value


def stop(ticket: Ticket, kind: str, *, at: datetime) -> bool:
    """Note that a promise was met; False when there is no such clock running."""
    number = clock_number(kind, ticket.run)
    running = ticket.clocks.filter(clock_no=number, stopped_at=None, voided=False)
    return bool(running.update(stopped_at=at, next_level_at=None))


def void_onsite(ticket: Ticket) -> None:
    """A fault solved from afar needs no visit: the on-site promise no longer applies."""
    _withdraw(ticket.clocks.filter(clock_no=clock_number(ONSITE, ticket.run)).first())
    ticket.onsite_due_at = None


def halt(ticket: Ticket) -> None:
    """Take every running clock out of the sweep: the ticket was cancelled or merged."""
    for clock in ticket.clocks.filter(stopped_at=None, voided=False):
        _withdraw(clock)


def fallen_levels(clock: TicketClock, now: datetime) -> list[tuple[int, datetime]]:
    """The levels of a clock that lie in the past, lowest first."""
    found = [(percent, datetime.fromisoformat(at)) for percent, at in clock.levels]
    return [(percent, at) for percent, at in found if percent in LEVELS and at <= now]
