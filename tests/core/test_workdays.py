"""Business time: golden values of the domain, the awkward edges, and a comparison with counting minutes."""

import random
import time as clock
from datetime import UTC, date, datetime, timedelta

import pytest

from core.calendar_seed import CONFIRMED_YEARS, STANDARD_WINDOWS, seed_days
from core.workdays import (
    SHANGHAI,
    CalendarError,
    WorkCalendar,
    add_business_minutes,
    add_business_time,
    add_calendar_days,
    always_open,
    business_minutes_between,
    business_time_between,
    calendar_from_rows,
    end_of_nth_working_day,
    working_days_between,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def standard() -> WorkCalendar:
    days = [(row.date, row.kind) for row in seed_days()]
    return calendar_from_rows("standard", STANDARD_WINDOWS, days, confirmed_years=CONFIRMED_YEARS)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-09-18 16:30", 240, "2026-09-20 11:30"),  # make-up Sunday
        ("2026-09-30 17:00", 240, "2026-10-08 12:00"),  # a window's end, not 13:00 after lunch
        ("2026-02-13 15:00", 960, "2026-02-24 15:00"),  # Spring Festival
        ("2026-11-21 10:00", 240, "2026-11-23 13:30"),  # a Saturday
        ("2026-11-23 12:30", 60, "2026-11-23 14:00"),  # the lunch break
        (
            "2026-11-23 08:30",
            480,
            "2026-11-23 17:30",
        ),  # a working day ends at 17:30, not 08:30
        ("2026-11-23 10:00", 480, "2026-11-24 10:00"),
        ("2026-11-23 10:00", 0, "2026-11-23 10:00"),
        ("2026-11-21 10:00", 0, "2026-11-21 10:00"),
    ],
)
def test_golden_due_times(standard, start, minutes, due):
    assert add_business_minutes(at(start), minutes, standard) == at(due)
    assert business_minutes_between(at(start), at(due), standard) == minutes


def test_the_answer_keeps_the_zone_of_the_question(standard):
    start = at("2026-11-23 10:00").astimezone(UTC)
    due = add_business_minutes(start, 60, standard)
    assert due.tzinfo is UTC
    assert due == at("2026-11-23 11:00")


def test_seconds_are_not_lost(standard):
    due = add_business_minutes(at("2026-11-23 11:59:30"), 1, standard)
    assert due == at("2026-11-23 13:00:30")
    assert business_time_between(at("2026-11-23 11:59:30"), due, standard) == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-20 09:00", 1, "2026-11-23 17:30"),
        ("2026-11-21 09:00", 1, "2026-11-23 17:30"),
        ("2026-09-18 16:30", 1, "2026-09-20 17:30"),
        ("2026-09-30 17:00", 3, "2026-10-10 17:30"),
    ],
)
def test_end_of_nth_working_day(standard, start, days, due):
    assert end_of_nth_working_day(at(start), days, standard) == at(due)


def test_zero_working_days_are_refused(standard):
    with pytest.raises(CalendarError):
        end_of_nth_working_day(at("2026-11-20 09:00"), 0, standard)


def test_calendar_days_end_one_second_before_midnight():
    assert add_calendar_days(at("2026-12-31 23:59:59"), 1) == at("2027-01-01 23:59:59")
    assert add_calendar_days(datetime(2028, 2, 28, 16, 30, tzinfo=UTC), 0) == at("2028-02-29 23:59:59")


def test_working_days_between_counts_days_after_the_first(standard):
    assert working_days_between(date(2026, 9, 18), date(2026, 9, 21), standard) == 2
    assert working_days_between(date(2026, 9, 18), date(2026, 9, 18), standard) == 0
    assert working_days_between(date(2026, 9, 18), date(2026, 9, 1), standard) == 0


def test_round_the_clock_has_no_gap_at_midnight_or_on_holidays():
    duty = always_open()
    assert duty.is_always_open
    assert add_business_minutes(at("2026-09-30 23:59"), 2, duty) == at("2026-10-01 00:01")
    assert not duty.is_provisional_between(at("2031-01-01 00:00"), at("2032-01-01 00:00"))


def test_windows_up_to_midnight_join_over_the_day_change():
    night = WorkCalendar(
        "night", {day: [(0, 360), (1200, 1440)] for day in range(7)}, observes_holidays=False
    )
    assert add_business_minutes(at("2026-11-23 23:00"), 120, night) == at("2026-11-24 01:00")
    assert add_business_minutes(at("2026-11-23 23:00"), 60, night) == at("2026-11-24 00:00")


@pytest.mark.parametrize(
    ("windows", "days"),
    [
        ({}, {}),
        ({0: []}, {}),
        ({0: [(600, 600)]}, {}),
        ({0: [(600, 700), (650, 800)]}, {}),
        ({0: [(600, 1500)]}, {}),
        ({0: [(600, 700)]}, {date(2026, 1, 1): "party"}),
    ],
)
def test_impossible_calendars_are_refused(windows, days):
    with pytest.raises(CalendarError):
        WorkCalendar("bad", windows, days)


def test_a_calendar_closed_for_ever_by_its_dates_is_an_error_and_not_a_loop():
    closed = {date(year, month, 1): "rest" for year in range(2026, 2029) for month in range(1, 13)}
    calendar = WorkCalendar("rare", {0: [(0, 1)]}, closed)
    with pytest.raises(CalendarError):
        add_business_minutes(at("2026-01-01 00:00"), 10**9, calendar)


def test_refuses_naive_instants_and_negative_spans(standard):
    with pytest.raises(CalendarError):
        add_business_minutes(datetime(2026, 1, 1), 1, standard)
    with pytest.raises(CalendarError):
        add_business_minutes(at("2026-01-01 00:00"), -1, standard)


def test_a_year_without_data_falls_back_and_says_so(standard):
    assert not standard.is_working_day(date(2030, 10, 1))
    assert not standard.is_working_day(date(2030, 5, 2))
    assert standard.is_working_day(date(2030, 10, 4))
    assert standard.is_provisional_between(at("2026-12-31 10:00"), at("2027-01-04 10:00"))
    assert not standard.is_provisional_between(at("2026-01-01 00:00"), at("2026-12-31 23:59"))


def test_2027_is_seeded_provisionally(standard):
    assert not standard.is_working_day(date(2027, 2, 10))
    assert standard.is_working_day(date(2027, 2, 4))
    assert all(row.provisional for row in seed_days() if row.date.year == 2027)


def test_the_notices_of_2025_and_2026():
    rows = [row for row in seed_days() if row.date.year in (2025, 2026)]
    makeup = [f"{row.date:%y-%m-%d}" for row in rows if row.kind == "makeup"]
    assert makeup == [
        *("25-01-26", "25-02-08", "25-04-27", "25-09-28", "25-10-11"),
        *("26-01-04", "26-02-14", "26-02-28", "26-05-09", "26-09-20", "26-10-10"),
    ]
    assert sum(row.kind == "holiday" for row in rows) == 28 + 33


def test_against_counting_minutes(standard):
    """200 random questions answered by walking the minutes one by one."""
    seed = 20261122
    rng = random.Random(seed)
    for _ in range(200):
        start = at("2026-09-14 00:00") + timedelta(minutes=rng.randrange(60 * 24 * 30))
        minutes = rng.randrange(1, 2400)
        assert add_business_minutes(start, minutes, standard) == walked(start, minutes, standard), (
            seed,
            start,
            minutes,
        )


def walked(start: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    day, minute = start.replace(hour=0, minute=0), start.hour * 60 + start.minute
    while minutes:
        windows = calendar.windows_on(day.date())
        while minute < 1440 and minutes:
            minutes -= any(first <= minute < last for first, last in windows)
            minute += 1
        if minutes:
            day, minute = day + timedelta(days=1), 0
    return day + timedelta(minutes=minute)


def test_adding_and_measuring_agree_over_years(standard):
    rng = random.Random(7)
    for _ in range(300):
        start = at("2019-01-01 00:00") + timedelta(seconds=rng.randrange(8 * 365 * 86400))
        span = timedelta(seconds=rng.randrange(1, 400 * 8 * 3600))
        due = add_business_time(start, span, standard)
        assert business_time_between(start, due, standard) == span
        assert add_business_time(start, span + timedelta(seconds=1), standard) > due


def test_long_spans_cost_microseconds(standard):
    start = at("2026-01-01 10:00")
    add_business_minutes(start, 1_000_000, standard)
    began = clock.process_time()
    for _ in range(1000):
        add_business_minutes(start, 10_000, standard)
    assert (clock.process_time() - began) / 1000 < 200e-6
