"""Which ticket comes first: priority from impact, tier and safety, and the order of the queue. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

PRIORITIES: Final = ("p1", "p2", "p3", "p4")
IMPACTS: Final = ("i1", "i2", "i3", "i4")
TIERS: Final = ("vip", "professional", "standard")

STARVING_SHARE: Final = 0.75
"""Past this share of the response clock a ticket gains one tier rank, so that nobody waits for ever."""

_TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "i1": ("p1", "p1", "p2"),
    "i2": ("p2", "p2", "p3"),
    "i3": ("p2", "p3", "p3"),
    "i4": ("p3", "p4", "p4"),
}


@dataclass(frozen=True)
class PriorityDecision:
    """A priority and why: `reasons` are codes in the order in which they counted."""

    priority: str
    reasons: tuple[str, ...]


def decide_priority(impact: str, tier: str, *, safety_flag: bool = False) -> PriorityDecision:
    """Priority from the table; injury, pollution, public water or a fire pump is P1 whatever it says."""
    if impact not in _TABLE:
        raise ValueError(f"unknown impact: {impact!r}")
    counted = counted_tier(tier)
    if safety_flag:
        return PriorityDecision("p1", ("safety_first", f"impact_{impact}", f"tier_{tier}"))
    reasons: tuple[str, ...] = (f"impact_{impact}", f"tier_{tier}")
    if counted != tier:
        reasons = (*reasons, "untiered_as_professional")
    return PriorityDecision(_TABLE[impact][TIERS.index(counted)], reasons)


def counted_tier(tier: str) -> str:
    """The tier that counts in tables: a party without one (`na`) is served as professional."""
    if tier == "na":
        return "professional"
    if tier not in TIERS:
        raise ValueError(f"unknown tier: {tier!r}")
    return tier


def one_higher(priority: str) -> str:
    """The next more urgent priority; P1 stays P1. A reopened ticket runs on it."""
    return PRIORITIES[max(0, PRIORITIES.index(priority) - 1)]


def queue_key(
    priority: str, tier: str, *, response_share: float, response_due: datetime | None, created_at: datetime
) -> tuple[int, int, bool, float, float]:
    """Sort key of the dispatch queue: priority, tier rank, response due, age; no due time goes last.

    `response_share` is the used part of the response clock (1.0 = due). Past 75 % the tier rank rises by one.
    """
    rank = TIERS.index(counted_tier(tier))
    if response_share > STARVING_SHARE:
        rank = max(0, rank - 1)
    due = response_due.timestamp() if response_due else 0.0
    return PRIORITIES.index(priority), rank, response_due is None, due, created_at.timestamp()
