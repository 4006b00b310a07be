"""Calendar months as half-open spans of time in the company's zone; pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")
TREND_MONTHS: Final = 13  # this month and the twelve before, so that the same month a year ago is in sight


@dataclass(frozen=True)
class Period:
    """From `start` up to, not including, `end`; `at` is the instant stocks are counted: the end, or now if earlier."""

    start: datetime
    end: datetime
    at: datetime
    code: str = ""


def month_of(moment: datetime, *, back: int = 0) -> Period:
    """The local month an instant lies in, or the one `back` months earlier, as seen at that instant."""
    local = moment.astimezone(ZONE)
    index = local.year * 12 + local.month - 1 - back
    start = datetime(index // 12, index % 12 + 1, 1, tzinfo=ZONE)
    index += 1
    end = datetime(index // 12, index % 12 + 1, 1, tzinfo=ZONE)
    return Period(start, end, min(end, moment), f"{start:%Y-%m}")


def month_named(code: str, now: datetime) -> Period | None:
    """The month written as 2026-11; None for anything else or a month that has not begun."""
    try:
        start = datetime.strptime(code, "%Y-%m").replace(tzinfo=ZONE)
    except ValueError:
        return None
    if start > now or start.year < 2000:
        return None
    this = now.astimezone(ZONE)
    return month_of(now, back=(this.year - start.year) * 12 + this.month - start.month)


def trend_to(period: Period, now: datetime) -> list[Period]:
    """The thirteen months ending with this one, oldest first."""
    this = now.astimezone(ZONE)
    start = period.start.astimezone(ZONE)
    newest = (this.year - start.year) * 12 + this.month - start.month
    return [month_of(now, back=newest + back) for back in reversed(range(TREND_MONTHS))]
