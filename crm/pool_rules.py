"""When a customer falls back to the public pool and who is warned before: arithmetic on dates, no rows (domain §2.9).

All numbers are calendar days; a period of N days from an instant ends with the local day that lies N days later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

PROSPECT, STANDARD, PROFESSIONAL, VIP = "prospect", "standard", "professional", "vip"
SEGMENTS = (PROSPECT, STANDARD, PROFESSIONAL)
"""Whose customers may be recycled; key accounts (VIP) never are."""

LIMITS = ("contact", "opportunity", "deal")
"""The three clocks: no verified contact, no opportunity since the assignment, no deal."""

REASON_OF = {"contact": "no_follow_up", "opportunity": "no_opportunity", "deal": "no_deal"}
LAST_NOTICE = 1  # nobody loses a customer without having been told at least a day before

DEFAULT_RULES: dict[str, Any] = {
    PROSPECT: {"contact": 60, "opportunity": 180, "deal": 365, "notices": [7, 3, 1]},
    STANDARD: {"contact": 180, "opportunity": 365, "deal": 730, "notices": [14, 7, 1]},
    PROFESSIONAL: {"contact": 90, "opportunity": 365, "deal": 730, "notices": [14, 7, 1]},
    VIP: {"alert_manager": 30, "alert_executive": 45},
}
MAX_DAYS = 3650


@dataclass(frozen=True)
class Signals:
    """What the clocks of one owned customer run from; days are local dates, None where it never happened."""

    segment: str
    owned_since: date
    last_verified: date | None = None
    opportunity_since: bool = False
    last_order: date | None = None
    held: bool = False
    held_until: date | None = None


@dataclass(frozen=True)
class Deadline:
    """The last day with the present owner, and the clock that ends first."""

    due_on: date
    limit: str

    @property
    def reason(self) -> str:
        """The pool's code for this clock."""
        return REASON_OF[self.limit]


def segment_of(tier: str) -> str:
    """The row of the rule table; who has no tier has bought nothing yet and is a prospect."""
    return tier if tier in (VIP, PROFESSIONAL, STANDARD) else PROSPECT


def deadline(signals: Signals, rules: Mapping[str, Any]) -> Deadline | None:
    """The day a customer goes to the pool unless something happens; None while nothing can recycle it.

    A new owner starts all clocks again. An opportunity since the assignment stops the second clock, each deal
    restarts the third. A hold without an end stops everything, one with an end moves the day behind it.
    """
    if signals.segment == VIP or signals.held:
        return None
    limits = rules[signals.segment]
    since = signals.owned_since
    ends = {
        "contact": max(since, signals.last_verified or since) + timedelta(days=limits["contact"]),
        "deal": max(since, signals.last_order or since) + timedelta(days=limits["deal"]),
    }
    if not signals.opportunity_since:
        ends["opportunity"] = since + timedelta(days=limits["opportunity"])
    limit = min(LIMITS, key=lambda name: ends.get(name, date.max))
    due_on = ends[limit]
    return Deadline(max(due_on, signals.held_until) if signals.held_until else due_on, limit)


def step_reached(due_on: date, notices: Iterable[int], today: date) -> int | None:
    """The notice that counts today: the smallest number of days before that is reached; None before the first.

    After a downtime only the latest one is sent. On and after the last day it stays the last notice, so that a
    rule made stricter overnight still warns before it takes.
    """
    left = (due_on - today).days
    reached = [days for days in notices if left <= days]
    return min(reached) if reached else None


def check_rules(rules: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with a table of rules: {"prospect.contact": [code]}; codes `number` and `order`."""
    wrong: dict[str, list[str]] = {}
    for segment in SEGMENTS:
        row = rules.get(segment, {})
        for limit in LIMITS:
            if not _is_days(row.get(limit)):
                wrong[f"{segment}.{limit}"] = ["number"]
        code = _wrong_notices(row.get("notices"), row.get("contact"))
        if code:
            wrong[f"{segment}.notices"] = [code]
    vip = rules.get(VIP, {})
    for name in ("alert_manager", "alert_executive"):
        if not _is_days(vip.get(name)):
            wrong[f"vip.{name}"] = ["number"]
    return wrong


def _wrong_notices(notices: Any, contact: Any) -> str:
    if not isinstance(notices, list) or not notices or not all(_is_days(days) for days in notices):
        return "number"
    falling = sorted(set(notices), reverse=True) == notices and notices[-1] == LAST_NOTICE
    return "" if falling and not (_is_days(contact) and notices[0] >= contact) else "order"


def _is_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_DAYS
