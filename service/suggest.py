"""Whom to send: engineers ranked for one ticket by experience, nearness and free time. Pure.

There is no list of skills to keep up to date: what an engineer has solved is what he can.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

DAY_MINUTES: Final = 480
BASE: Final = 30
SAME_SYMPTOM: Final = (6, 30)
"""Points per solved ticket with this symptom, and the most they can be."""
KNOWS_PUMP: Final = 12
KNOWS_CUSTOMER: Final = 8
FREE_DAY: Final = 24
NEAR: Final = 6
OFFER_WAITING: Final = -6


@dataclass(frozen=True)
class Candidate:
    """What is known about one engineer for one ticket; minutes are of today's plan."""

    engineer_id: int
    same_symptom: int = 0
    knows_pump: bool = False
    knows_customer: bool = False
    planned_minutes: int = 0
    near_today: bool = False
    offers_waiting: int = 0


@dataclass(frozen=True)
class Suggestion:
    """A score from 0 to 100 and why: codes with a number for the sentence."""

    engineer_id: int
    score: int
    reasons: tuple[tuple[str, int], ...]
    planned_minutes: int


def rank(candidates: Iterable[Candidate]) -> list[Suggestion]:
    """Best first; equal scores by the emptier day, then by id."""
    found = [_judge(candidate) for candidate in candidates]
    return sorted(found, key=lambda one: (-one.score, one.planned_minutes, one.engineer_id))


def _judge(candidate: Candidate) -> Suggestion:
    reasons: list[tuple[str, int]] = []
    per, most = SAME_SYMPTOM
    score = BASE + min(candidate.same_symptom * per, most)
    if candidate.same_symptom:
        reasons.append(("same_symptom", candidate.same_symptom))
    if candidate.knows_pump:
        score += KNOWS_PUMP
        reasons.append(("knows_pump", KNOWS_PUMP))
    if candidate.knows_customer:
        score += KNOWS_CUSTOMER
        reasons.append(("knows_customer", KNOWS_CUSTOMER))
    free = max(0, DAY_MINUTES - candidate.planned_minutes)
    score += FREE_DAY * free // DAY_MINUTES
    reasons.append(("free_hours", free // 60) if free else ("full_day", 0))
    if candidate.near_today:
        score += NEAR
        reasons.append(("near_today", NEAR))
    if candidate.offers_waiting:
        score += OFFER_WAITING * candidate.offers_waiting
        reasons.append(("offers_waiting", candidate.offers_waiting))
    return Suggestion(
        candidate.engineer_id, max(0, min(100, score)), tuple(reasons), candidate.planned_minutes
    )
