"""The days off and make-up workdays that fill a new calendar: rows 2004–2026 from a package, 2027 by rule.

Used only to seed `BusinessDay`: no clock ever asks the package, which knows no year after its release.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.workdays import HOLIDAY, MAKEUP

FIRST_YEAR: Final = 2004
LAST_OFFICIAL_YEAR: Final = 2026
PROVISIONAL_YEAR: Final = 2027
CONFIRMED_YEARS: Final = frozenset(range(FIRST_YEAR, LAST_OFFICIAL_YEAR + 1))

STANDARD_WINDOWS: Final[dict[str, list[list[str]]]] = {
    str(weekday): [["08:30", "12:00"], ["13:00", "17:30"]] if weekday < 5 else [] for weekday in range(7)
}
"""The company's hours: eight a day, in two shifts, Monday to Friday."""

HOLIDAY_LABELS: Final[dict[str, str | Promise]] = {
    "new_year": _("New Year's Day"),
    "spring_festival": _("Spring Festival"),
    "tomb_sweeping": _("Tomb-sweeping Day"),
    "labour": _("Labour Day"),
    "dragon_boat": _("Dragon Boat Festival"),
    "mid_autumn": _("Mid-autumn Festival"),
    "national": _("National Day"),
    "victory_70": _("70th anniversary of victory"),
}
"""What people read for the holiday codes kept in `BusinessDay.name`."""

_PACKAGE_NAMES: Final = {
    "New Year's Day": "new_year",
    "Spring Festival": "spring_festival",
    "Tomb-sweeping Day": "tomb_sweeping",
    "Labour Day": "labour",
    "Dragon Boat Festival": "dragon_boat",
    "Mid-autumn Festival": "mid_autumn",
    "National Day": "national",
    "Anti-Fascist 70th Day": "victory_70",
}

_PROVISIONAL_SPANS: Final = (
    ("new_year", (1, 1), (1, 3)),
    ("spring_festival", (2, 5), (2, 12)),
    ("tomb_sweeping", (4, 3), (4, 5)),
    ("labour", (5, 1), (5, 5)),
    ("dragon_boat", (6, 9), (6, 9)),
    ("mid_autumn", (9, 15), (9, 15)),
    ("national", (10, 1), (10, 7)),
)


class SeedDay(NamedTuple):
    """One row of `BusinessDay`: `name` a code of `HOLIDAY_LABELS`, `provisional` until a notice comes."""

    date: date
    kind: str
    name: str
    source: str
    provisional: bool


def seed_days() -> list[SeedDay]:
    """Every day that differs from its weekday: 2004–2026 as announced, 2027 by the statutory rule."""
    return [*_announced_days(), *_provisional_days()]


def _announced_days() -> Iterator[SeedDay]:
    """Announced days off and make-up workdays; plain weekends and workdays need no row."""
    import chinese_calendar

    day = date(FIRST_YEAR, 1, 1)
    while day.year <= LAST_OFFICIAL_YEAR:
        off, name = chinese_calendar.get_holiday_detail(day)
        code = _PACKAGE_NAMES[name] if name else ""
        if off and name:
            yield SeedDay(day, HOLIDAY, code, "chinesecalendar", False)
        elif not off and day.weekday() >= 5:
            yield SeedDay(day, MAKEUP, code, "chinesecalendar", False)
        day += timedelta(days=1)


def _provisional_days() -> Iterator[SeedDay]:
    """2027 after the statutory rule of the 2024 revision: the make-up workdays are not known yet."""
    for name, first, last in _PROVISIONAL_SPANS:
        day = date(PROVISIONAL_YEAR, *first)
        while day <= date(PROVISIONAL_YEAR, *last):
            yield SeedDay(day, HOLIDAY, name, "statutory rule", True)
            day += timedelta(days=1)
