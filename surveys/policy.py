"""When customers may be written to, and for how long a link lives; pure, reading no clock and no rows (§6.2)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from core.workdays import WorkCalendar

LIFE_DAYS: Final = 14
"""Calendar days a link may be answered."""
REASK_DAYS: Final = 14
"""Calendar days from the closing of a recovery to the second asking."""
REMINDER_DAYS: Final = (3, 7)
"""Calendar days after sending; each moved into the next allowed window."""
OPENS: Final = time(9)
CLOSES: Final = time(18)


def next_window(now: datetime, calendar: WorkCalendar) -> datetime:
    """The first instant from now on at which customers may be written to: 09:00–18:00 of a working day, local time."""
    local = now.astimezone(calendar.zone)
    day = local.date()
    if calendar.is_working_day(day) and local.time() < CLOSES:
        return max(now, datetime.combine(day, OPENS, calendar.zone).astimezone(now.tzinfo))
    day += timedelta(days=1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, calendar.zone).astimezone(now.tzinfo)


def reminder_at(sent_at: datetime, done: int, calendar: WorkCalendar) -> datetime | None:
    """When reminder number `done + 1` goes out; None after the last."""
    if done >= len(REMINDER_DAYS):
        return None
    return next_window(sent_at + timedelta(days=REMINDER_DAYS[done]), calendar)
