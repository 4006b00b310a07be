"""Bands: a value's points by the limits it reaches, and how a score was made of them; the shape of every explanation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Band = tuple[float, float]
"""(limit, points): the points of a value that reaches the limit."""


def reached(value: float, bands: Sequence[Band]) -> float:
    """Points of the highest band whose limit the value reaches; bands rise, below the first there are none."""
    points = 0.0
    for limit, worth in bands:
        if value >= limit:
            points = worth
    return points


def within(value: float, bands: Sequence[Band], beyond: float = 0.0) -> float:
    """Points of the first band whose limit the value does not exceed; `beyond` past the last."""
    return next((worth for limit, worth in bands if value <= limit), beyond)


def below(value: float, bands: Sequence[Band], beyond: float = 0.0) -> float:
    """Points of the first band the value lies under; `beyond` at the last limit and above."""
    return next((worth for limit, worth in bands if value < limit), beyond)


def clamp(value: float, low: float = 0.0, high: float = 1.0) -> float:
    """The value, kept between two ends."""
    return max(low, min(high, value))


@dataclass(frozen=True)
class Part:
    """One component of a score: its code, the value seen, the points it gave and the most it could give.

    `value` is what was measured (None: unknown), `against` what it was measured by, in the same unit.
    """

    code: str
    value: Any
    points: float
    most: float
    against: Any = None

    def as_data(self) -> dict[str, Any]:
        """The part as kept with an assessment."""
        return {
            "code": self.code,
            "value": self.value,
            "points": round(self.points, 4),
            "most": self.most,
            "against": self.against,
        }
