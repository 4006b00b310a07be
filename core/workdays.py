"""Business time: instants and spans measured on a calendar of open windows; pure, reading no clock.

A calendar is a value: windows by weekday plus dated exceptions. Everything is computed on local wall time
(Asia/Shanghai has no daylight saving) and answered in the zone of the instant that came in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

WORKDAY: Final = "workday"
REST: Final = "rest"
HOLIDAY: Final = "holiday"
MAKEUP: Final = "makeup"
DAY_KINDS: Final = frozenset({WORKDAY, REST, HOLIDAY, MAKEUP})

MINUTES_PER_WORKING_DAY: Final = 480
"""One working day on a clock: 8 business hours counted from the start instant (decision 19)."""

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

_DAY_MINUTES: Final = 24 * 60
_MICROSECOND: Final = timedelta(microseconds=1)
_PER_MINUTE: Final = 60_000_000
_FARTHEST_YEARS: Final = 200

Window = tuple[int, int]
"""Open minutes of a local day, half-open: (510, 720) is 08:30–12:00; 1440 is midnight at the day's end."""


class CalendarError(ValueError):
    """A calendar that cannot be counted on, or a question no calendar can answer."""


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Open windows by weekday (0 = Monday) and dated exceptions.

    `special_days` says what kind a date is; dates not listed follow their weekday. `confirmed_years` are
    the years whose exceptions come from an official notice: whatever touches another year is provisional.
    A year without a single exception falls back to its weekdays minus the fixed statutory dates.
    """

    code: str
    windows: Mapping[int, Sequence[Window]]
    special_days: Mapping[date, str] = field(default_factory=dict)
    confirmed_years: frozenset[int] = frozenset()
    observes_holidays: bool = True
    zone: ZoneInfo = SHANGHAI
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False)
    _years_with_data: frozenset[int] = field(default=frozenset(), init=False, repr=False)

    def __post_init__(self) -> None:
        cleaned = {weekday: _checked(self.windows.get(weekday, ())) for weekday in range(7)}
        if not any(cleaned.values()):
            raise CalendarError(f"calendar {self.code!r} is never open")
        unknown = set(self.special_days.values()) - DAY_KINDS
        if unknown:
            raise CalendarError(f"calendar {self.code!r} has unknown kinds of day: {sorted(unknown)}")
        object.__setattr__(self, "windows", cleaned)
        years = frozenset(day.year for day in self.special_days) | self.confirmed_years
        object.__setattr__(self, "_years_with_data", years)

    @property
    def is_always_open(self) -> bool:
        """True when no minute of any day is closed, so that business time is plain time."""
        whole = ((0, _DAY_MINUTES),)
        return not self.observes_holidays and all(self.windows[weekday] == whole for weekday in range(7))

    def windows_on(self, day: date) -> Sequence[Window]:
        """The open windows of one local date; empty on a day off.

        Which weekday a make-up day replaces is not known, so it keeps the hours of the first open one.
        """
        usual = self.windows[day.weekday()]
        if not self.observes_holidays:
            return usual
        kind = self.special_days.get(day)
        if kind is None:
            return () if self._is_statutory_fallback(day) else usual
        if kind in (REST, HOLIDAY):
            return ()
        return usual or next(self.windows[weekday] for weekday in range(7) if self.windows[weekday])

    def is_working_day(self, day: date) -> bool:
        """True when the date has at least one open window."""
        return bool(self.windows_on(day))

    def is_provisional_between(self, start: datetime, end: datetime) -> bool:
        """True when the span touches a year without an official notice, so that its result may still move."""
        if not self.observes_holidays:
            return False
        first, last = start.astimezone(self.zone).year, end.astimezone(self.zone).year
        return any(year not in self.confirmed_years for year in range(first, last + 1))

    def _is_statutory_fallback(self, day: date) -> bool:
        return _is_fixed_holiday(day) and day.year not in self._years_with_data

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = _Year.of(self, year)
        return found


@dataclass(frozen=True)
class _Year:
    """Running totals of open microseconds: `ends[i]` is the time open from 1 January to the end of day i."""

    first: date
    ends: list[int]
    windows: list[Sequence[Window]]

    @classmethod
    def of(cls, calendar: WorkCalendar, year: int) -> _Year:
        first = date(year, 1, 1)
        days = (date(year + 1, 1, 1) - first).days
        windows = [calendar.windows_on(first + timedelta(days=index)) for index in range(days)]
        ends, total = [], 0
        for day_windows in windows:
            total += sum(end - start for start, end in day_windows) * _PER_MINUTE
            ends.append(total)
        return cls(first, ends, windows)

    def open_before(self, local: datetime) -> int:
        """Microseconds open between 1 January 00:00 and this local instant of the same year."""
        index = (local.date() - self.first).days
        before = self.ends[index - 1] if index else 0
        at = _microseconds_of_day(local)
        for start, end in self.windows[index]:
            before += max(0, min(at, end * _PER_MINUTE) - start * _PER_MINUTE)
        return before

    def instant_after(self, opened: int) -> datetime:
        """The first local instant by which `opened` microseconds of this year had been open."""
        index = bisect_left(self.ends, opened)
        left = opened - (self.ends[index - 1] if index else 0)
        midnight = datetime.combine(self.first + timedelta(days=index), time())
        for start, end in self.windows[index]:
            length = (end - start) * _PER_MINUTE
            if left <= length:
                return midnight + timedelta(minutes=start, microseconds=left)
            left -= length
        raise CalendarError("the running total of a year does not match its windows")  # pragma: no cover


def always_open(code: str = "24x7", zone: ZoneInfo = SHANGHAI) -> WorkCalendar:
    """The calendar of a duty that never stops: 00:00–24:00 every day, holidays included."""
    return WorkCalendar(
        code, {weekday: [(0, _DAY_MINUTES)] for weekday in range(7)}, observes_holidays=False, zone=zone
    )


def calendar_from_rows(
    code: str,
    windows: Mapping[str | int, Sequence[Sequence[str]]],
    days: Iterable[tuple[date, str]],
    *,
    confirmed_years: Iterable[int] = (),
    observes_holidays: bool = True,
    zone: ZoneInfo = SHANGHAI,
) -> WorkCalendar:
    """A calendar from what the database keeps: `{"0": [["08:30", "12:00"], …]}` and (date, kind) rows."""
    parsed = {
        int(weekday): [(_minutes(start), _minutes(end)) for start, end in spans]
        for weekday, spans in windows.items()
    }
    return WorkCalendar(code, parsed, dict(days), frozenset(confirmed_years), observes_holidays, zone)


def add_business_minutes(start: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """When `minutes` open minutes have passed since `start`; at a window's end 12:00, never 13:00."""
    return add_business_time(start, timedelta(minutes=minutes), calendar)


def add_business_time(start: datetime, span: timedelta, calendar: WorkCalendar) -> datetime:
    """`add_business_minutes` to the microsecond; zero is the start. Refuses negative spans, naive starts."""
    _require_aware(start)
    if span < timedelta(0):
        raise CalendarError("business time cannot run backwards")
    if not span or calendar.is_always_open:
        return start + span
    local = start.astimezone(calendar.zone).replace(tzinfo=None)
    year = local.year
    wanted = calendar._year(year).open_before(local) + span // _MICROSECOND
    while wanted > calendar._year(year).ends[-1]:
        wanted -= calendar._year(year).ends[-1]
        year += 1
        if year - local.year > _FARTHEST_YEARS:
            raise CalendarError(f"calendar {calendar.code!r} has no time left for {span}")
    return calendar._year(year).instant_after(wanted).replace(tzinfo=calendar.zone).astimezone(start.tzinfo)


def business_time_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Open time from `start` to `end`; zero when the end is not after the start."""
    _require_aware(start)
    _require_aware(end)
    if end <= start:
        return timedelta(0)
    if calendar.is_always_open:
        return end.astimezone(UTC) - start.astimezone(UTC)
    first = start.astimezone(calendar.zone).replace(tzinfo=None)
    last = end.astimezone(calendar.zone).replace(tzinfo=None)
    whole_years = sum(calendar._year(year).ends[-1] for year in range(first.year, last.year))
    opened = (
        whole_years
        + calendar._year(last.year).open_before(last)
        - calendar._year(first.year).open_before(first)
    )
    return timedelta(microseconds=opened)


def business_minutes_between(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Whole open minutes from `start` to `end`, rounded down."""
    return business_time_between(start, end, calendar) // timedelta(minutes=1)


def end_of_nth_working_day(start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """When "N working days" is up for a person: the last window's end of the Nth working day after."""
    _require_aware(start)
    if days < 1:
        raise CalendarError("a deadline in working days needs at least one day")
    today = day = start.astimezone(calendar.zone).date()
    left = days
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
        if day.year - today.year > _FARTHEST_YEARS:
            raise CalendarError(f"calendar {calendar.code!r} has no {days} working days left")
    midnight = datetime.combine(day, time(), calendar.zone)
    return (midnight + timedelta(minutes=calendar.windows_on(day)[-1][1])).astimezone(start.tzinfo)


def working_days_between(first: date, last: date, calendar: WorkCalendar) -> int:
    """Working days after `first` up to and including `last`: an age in days; 0 when not after."""
    return sum(
        calendar.is_working_day(first + timedelta(days=index)) for index in range(1, (last - first).days + 1)
    )


def add_calendar_days(start: datetime, days: int, zone: ZoneInfo = SHANGHAI) -> datetime:
    """When "N calendar days" is up: the local date plus N, at 23:59:59."""
    _require_aware(start)
    day = start.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), zone).astimezone(start.tzinfo)


def _checked(windows: Iterable[Sequence[int]]) -> tuple[Window, ...]:
    """Windows of one weekday in order, touching ones joined; refuses an empty or overlapping one."""
    joined: list[Window] = []
    for start, end in sorted((int(start), int(end)) for start, end in windows):
        if not 0 <= start < end <= _DAY_MINUTES:
            raise CalendarError(f"a window must lie inside one day and not be empty: {start}–{end}")
        if joined and start < joined[-1][1]:
            raise CalendarError(f"windows overlap at minute {start}")
        if joined and start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _minutes(clock: str) -> int:
    """Minutes since midnight of "HH:MM"; "24:00" is the day's end."""
    hours, _, minutes = clock.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
        raise CalendarError(f"not a time of day: {clock!r}")
    return int(hours) * 60 + int(minutes)


def _microseconds_of_day(local: datetime) -> int:
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond


def _is_fixed_holiday(day: date) -> bool:
    """The statutory days off that have a fixed solar date (2024 revision: 2 May is one from 2025 on)."""
    if (day.month, day.day) == (5, 2):
        return day.year >= 2025
    return (day.month, day.day) in {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}


def _require_aware(instant: datetime) -> None:
    if instant.tzinfo is None:
        raise CalendarError("business time needs instants with a time zone")
