"""The company's calendars as values: rows read once, kept for a minute, handed to the pure time arithmetic."""

import time

from core.models import BusinessDay, Calendar
from core.workdays import WorkCalendar, always_open, calendar_from_rows

COMPANY = "company"
KEEP_SECONDS = 60.0

_kept: dict[str, tuple[float, WorkCalendar]] = {}


def work_calendar(code: str = COMPANY) -> WorkCalendar:
    """The calendar with this code; an empty code means the company's.

    Every process keeps it for a minute, so a change of holidays reaches all of them within that time.
    Raises Calendar.DoesNotExist for an unknown code.
    """
    code = code or COMPANY
    if code == "24x7":
        return always_open()
    read_at, calendar = _kept.get(code, (float("-inf"), None))
    if calendar is None or time.monotonic() - read_at > KEEP_SECONDS:
        calendar = _read(code)
        _kept[code] = (time.monotonic(), calendar)
    return calendar


def _read(code: str) -> WorkCalendar:
    row = Calendar.objects.get(code=code)
    days = list(BusinessDay.objects.filter(calendar=row).values_list("date", "kind", "provisional"))
    confirmed = {day.year for day, _kind, provisional in days if not provisional}
    doubtful = {day.year for day, _kind, provisional in days if provisional}
    return calendar_from_rows(
        code, row.windows, [(day, kind) for day, kind, _ in days], confirmed_years=confirmed - doubtful
    )
