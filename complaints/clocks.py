"""By when a complaint must be graded, acknowledged, contained, reported on and answered; pure. Source: §5.3."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.workdays import (
    MINUTES_PER_WORKING_DAY,
    WorkCalendar,
    add_business_minutes,
    always_open,
    business_minutes_between,
)


@dataclass(frozen=True)
class Span:
    """A promise: `minutes` of business time, or of plain time where `always` (24×7)."""

    minutes: int
    always: bool = False


def _h(hours: float) -> Span:
    return Span(int(hours * 60), always=True)


def _bh(hours: float) -> Span:
    return Span(int(hours * 60))


def _wd(days: float) -> Span:
    return Span(int(days * MINUTES_PER_WORKING_DAY))


TRIAGE, ACKNOWLEDGE, CONTAIN, INTERIM, ANSWER = "triage", "acknowledge", "contain", "interim", "answer"
KINDS: Final = (TRIAGE, ACKNOWLEDGE, CONTAIN, INTERIM, ANSWER)

# S1 runs round the clock in minutes and hours; working days stay working days.
TARGETS: Final[dict[str, dict[str, Span]]] = {
    "s1": {TRIAGE: _h(0.5), ACKNOWLEDGE: _h(0.5), CONTAIN: _h(24), INTERIM: _h(24), ANSWER: _wd(15)},
    "s2": {TRIAGE: _bh(2), ACKNOWLEDGE: _bh(2), CONTAIN: _h(48), INTERIM: _wd(2), ANSWER: _wd(10)},
    "s3": {TRIAGE: _bh(4), ACKNOWLEDGE: _bh(4), CONTAIN: _wd(3), INTERIM: _wd(3), ANSWER: _wd(7)},
    "s4": {TRIAGE: _bh(8), ACKNOWLEDGE: _bh(8), ANSWER: _wd(5)},
}
SECOND_REVIEW: Final = _wd(5)
"""After a rejected answer supervision's head or an executive answers within 5 working days (§5.4)."""


def due_at(span: Span, start: datetime, calendar: WorkCalendar, *, used: int = 0) -> datetime:
    """When the span ends, `used` minutes of it having run before `start`."""
    return share_at(span, start, calendar, 100, used=used)


def share_at(span: Span, start: datetime, calendar: WorkCalendar, percent: int, *, used: int = 0) -> datetime:
    """When so many percent of the span have run; `start` itself where that was before it."""
    minutes = max(0, round(span.minutes * percent / 100) - used)
    return add_business_minutes(start, minutes, always_open() if span.always else calendar)


def minutes_run(span: Span, start: datetime, now: datetime, calendar: WorkCalendar) -> int:
    """How many minutes of the clock have run since `start`."""
    if span.always:
        return int((now - start) / timedelta(minutes=1))
    return business_minutes_between(start, now, calendar)
