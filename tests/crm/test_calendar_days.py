"""Which days a calendar shows: months that begin on any weekday, leap years, the turn of the year, the ends of time."""

from datetime import date

import pytest

from crm.calendar_days import AGENDA, EARLIEST, LATEST, MONTH, WEEK, span_of


@pytest.mark.parametrize(
    ("day", "first", "end", "weeks", "back", "forward"),
    [
        ("2026-11-22", "2026-10-26", "2026-12-07", 6, "2026-10-01", "2026-12-01"),
        ("2027-02-15", "2027-02-01", "2027-03-01", 4, "2027-01-01", "2027-03-01"),  # 28 days from a Monday
        ("2028-02-29", "2028-01-31", "2028-03-06", 5, "2028-01-01", "2028-03-01"),
        ("2026-12-31", "2026-11-30", "2027-01-04", 5, "2026-11-01", "2027-01-01"),
        ("2026-01-01", "2025-12-29", "2026-02-02", 5, "2025-12-01", "2026-02-01"),
    ],
)
def test_a_month_is_whole_weeks(day, first, end, weeks, back, forward):
    span = span_of(MONTH, date.fromisoformat(day))
    assert [str(one) for one in (span.first, span.end, span.back, span.forward)] == [
        first,
        end,
        back,
        forward,
    ]
    assert (len(span.weeks()), {len(week) for week in span.weeks()}) == (weeks, {7})
    assert span.is_outside(span.first) == (span.first.month != span.day.month)


def test_a_week_begins_on_monday_and_an_agenda_on_its_day():
    sunday = date(2026, 11, 22)
    week, list_of_days = span_of(WEEK, sunday), span_of(AGENDA, sunday)
    assert (week.first, week.end, week.back) == (date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 15))
    assert (list_of_days.first, list_of_days.end) == (sunday, date(2026, 12, 6))
    assert not any(week.is_outside(day) for day in week.days())


@pytest.mark.parametrize("view", [MONTH, WEEK, AGENDA])
def test_time_has_ends(view):
    assert span_of(view, date(1, 1, 1)).day == EARLIEST
    assert span_of(view, date(9999, 12, 31)).day == LATEST
