"""Which logs of a week are drawn for review; pure.

Chance is a keyed hash of the week and the log: the same draw whenever it is made, and nobody without the key can tell
which log will be drawn, or write one that will not be.
"""

import hmac
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from django.utils import timezone

from crm.authenticity import band_of

DRAWN_AT = time(6, 0)
"""On Monday morning the week before is drawn from."""


@dataclass(frozen=True)
class Week:
    """A calendar week that is over: its ISO code and its instants, the end not included."""

    code: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Entry:
    """A log that may be drawn."""

    id: int
    score: int

    @property
    def band(self) -> str:
        """trusted, check or suspicious: each is drawn from by itself."""
        return band_of(self.score)


def week_to_draw(now: datetime) -> Week:
    """The last week that may be drawn from: the one before this, from Monday six o'clock on."""
    local = timezone.localtime(now)
    monday = local.date() - timedelta(days=local.weekday())
    if local.weekday() == 0 and local.time() < DRAWN_AT:
        monday -= timedelta(weeks=1)
    start = monday - timedelta(weeks=1)
    year, number, _day = start.isocalendar()
    return Week(f"{year}-W{number:02d}", _midnight(start), _midnight(monday))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def draw(entries: Iterable[Entry], *, share: float, most: int, key: bytes, week: str) -> dict[str, list[int]]:
    """The ids drawn per band: at least one of each band that has any, `share` of it, at most `most` in all bands together.

    Trusted logs are drawn like the others, so that no score is safe from being looked at.
    """
    bands: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        bands[entry.band].append(entry)
    total = sum(map(len, bands.values()))
    rate = min(share, most / total) if total else 0.0
    return {
        band: sorted(
            one.id for one in _first(rows, ceil(len(rows) * rate - 1e-9) if rate else 0, key=key, week=week)
        )
        for band, rows in sorted(bands.items())
    }


def _first(rows: list[Entry], count: int, *, key: bytes, week: str) -> list[Entry]:
    return sorted(rows, key=lambda one: lot(one.id, key=key, week=week))[:count]


def lot(log_id: int, *, key: bytes, week: str) -> bytes:
    """The lot of one log in one week."""
    return hmac.digest(key, f"{week}|{log_id}".encode(), "sha256")
