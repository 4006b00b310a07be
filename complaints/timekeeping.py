"""The clocks of a case as rows: starting, stopping, pausing and counting again; the arithmetic is in `clocks`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from complaints.clocks import ANSWER, SECOND_REVIEW, TARGETS, Span, due_at, minutes_run
from complaints.ladder import rung_instants
from core.calendars import work_calendar

if TYPE_CHECKING:
    from complaints.models import Complaint, ComplaintClock


def start_all(case: Complaint) -> None:
    """Start the clocks of a case at its receipt."""
    for kind, span in TARGETS[case.severity].items():
        _start(case, kind, span, case.received_at)


def recount(case: Complaint, now: datetime) -> None:
    """Count the running clocks again from receipt after a change of severity; rungs climbed stay climbed."""
    targets = TARGETS[case.severity]
    existing = {clock.kind: clock for clock in case.clocks.filter(run=case.run)}
    for kind, span in targets.items():
        clock = existing.get(kind)
        if clock is None:
            _start(case, kind, span, case.received_at)
        elif clock.stopped_at is None:
            _set(clock, span, case.received_at if case.run == 0 else clock.start, case)
            clock.save()
    for kind, clock in existing.items():
        if kind not in targets and clock.stopped_at is None:
            _stop(clock, now)


def stop(case: Complaint, kind: str, now: datetime) -> None:
    """Stop the running clock of a kind; a stopped one keeps its first stop."""
    for clock in case.clocks.filter(kind=kind, stopped_at=None):
        _stop(clock, now)


def stop_all(case: Complaint, now: datetime) -> None:
    """Stop whatever still runs when a case ends."""
    for clock in case.clocks.filter(stopped_at=None):
        _stop(clock, now)


def pause(case: Complaint, now: datetime) -> None:
    """Hide the answer clock while the complainant is waited for; what is left is kept."""
    calendar = work_calendar(case.calendar_code)
    for clock in case.clocks.filter(kind=ANSWER, stopped_at=None, due_at__isnull=False):
        clock.used += minutes_run(clock.span, clock.start, now, calendar)
        clock.due_at = clock.next_level_at = None
        clock.save()


def unpause(case: Complaint, now: datetime) -> None:
    """Let the answer clock run on from where it stood."""
    for clock in case.clocks.filter(kind=ANSWER, stopped_at=None, due_at=None):
        _set(clock, clock.span, now, case, used=clock.used)
        clock.save()


def start_second_review(case: Complaint, now: datetime) -> None:
    """After a rejection the second answer is due in 5 working days."""
    _start(case, ANSWER, SECOND_REVIEW, now)


def start_again(case: Complaint, now: datetime) -> None:
    """A reopened case owes an answer once more, in the full time of its severity."""
    _start(case, ANSWER, TARGETS[case.severity][ANSWER], now)


def restart_interim(case: Complaint, now: datetime) -> None:
    """After an interim update the next one is due a full interval later."""
    for clock in case.clocks.filter(kind="interim", stopped_at=None):
        _set(clock, clock.span, now, case)
        clock.save()


def rungs_of(clock: ComplaintClock) -> list[tuple[str, datetime]]:
    """When each rung of a running clock is due."""
    calendar = work_calendar(clock.complaint.calendar_code)
    return rung_instants(clock.span, clock.start, calendar, used=clock.used)


def _start(case: Complaint, kind: str, span: Span, start: datetime) -> None:
    from complaints.models import ComplaintClock

    clock = ComplaintClock(complaint=case, kind=kind, run=case.run)
    _set(clock, span, start, case)
    clock.save()


def _set(clock: ComplaintClock, span: Span, start: datetime, case: Complaint, *, used: int = 0) -> None:
    calendar = work_calendar(case.calendar_code)
    clock.start, clock.minutes, clock.always_open, clock.used = start, span.minutes, span.always, used
    clock.due_at = due_at(span, start, calendar, used=used)
    clock.next_level_at = rung_instants(span, start, calendar, used=used)[0][1]


def _stop(clock: ComplaintClock, now: datetime) -> None:
    clock.stopped_at, clock.next_level_at = now, None
    clock.save(update_fields=["stopped_at", "next_level_at"])
