"""Which days a calendar page shows for a view and a day, and where back and forward lead; pure, no rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTH, WEEK, AGENDA = VIEWS = ("month", "week", "agenda")
AGENDA_DAYS = 14
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Span:
    """The days shown: from `first` up to, not including, `end`; `day` is the chosen one, `back` and `forward` lead on."""

    view: str
    day: date
    first: date
    end: date
    back: date
    forward: date

    def days(self) -> Iterator[date]:
        """Each day, in order."""
        return (self.first + timedelta(days=number) for number in range((self.end - self.first).days))

    def weeks(self) -> list[list[date]]:
        """The days in rows of seven, Monday first."""
        days = list(self.days())
        return [days[start : start + 7] for start in range(0, len(days), 7)]

    def is_outside(self, day: date) -> bool:
        """Whether a day only fills a row of the month."""
        return self.view == MONTH and day.month != self.day.month


def span_of(view: str, day: date) -> Span:
    """The days of a view around a day: whole weeks of its month, its week, or two weeks from it on."""
    day = min(max(day, EARLIEST), LATEST)
    if view == MONTH:
        first = day.replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        last = following - timedelta(days=1)
        before = (first - timedelta(days=1)).replace(day=1)
        return Span(view, day, _monday(first), _monday(last) + timedelta(days=7), before, following)
    if view == WEEK:
        monday, week = _monday(day), timedelta(days=7)
        return Span(view, day, monday, monday + week, day - week, day + week)
    stretch = timedelta(days=AGENDA_DAYS)
    return Span(AGENDA, day, day, day + stretch, day - stretch, day + stretch)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
