"""Which days of the year are near, and the working day on which something for a day is done; pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from core.workdays import WorkCalendar

SEARCHED = 14  # no run of days off is longer


def coming_days(today: date, ahead: int) -> dict[tuple[int, int], date]:
    """(month, day) of each of the coming days after today; 29 February is kept on the 28th of a common year."""
    found: dict[tuple[int, int], date] = {}
    for offset in range(1, ahead + 1):
        day = today + timedelta(days=offset)
        found[day.month, day.day] = day
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1:
            found[2, 29] = day
    return found


def working_day_for(wanted: date, today: date, calendar: WorkCalendar) -> date:
    """The last working day not after `wanted` that is still to come; else the first one from tomorrow on."""
    day = wanted
    while day > today:
        if calendar.is_working_day(day):
            return day
        day -= timedelta(days=1)
    day = today + timedelta(days=1)
    for _turn in range(SEARCHED):
        if calendar.is_working_day(day):
            return day
        day += timedelta(days=1)
    return day


def festivals_ahead(holidays: Iterable[tuple[date, str]], today: date, ahead: int) -> dict[str, date]:
    """Festivals beginning in the coming days by code: the first day of each run of days off of one name."""
    named = dict(holidays)
    return {
        name: day
        for day, name in sorted(named.items(), reverse=True)
        if name
        and today < day <= today + timedelta(days=ahead)
        and named.get(day - timedelta(days=1)) != name
    }
