"""The arithmetic of answers: means and shares with their confidence, NPS, CSI, reliability; pure (§6.5).

Scores are numbers as answered. Intervals are 95 %. Missing values are left out by the caller; nothing is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

Z: Final = 1.959964
"""The normal quantile of 97.5 %."""
SAMPLE_BASE: Final = 385
"""Answers for ±5 % from an endless population."""
FINITE_FROM: Final = 0.05
"""From this share of the population on, an interval shrinks because little is left to be asked."""
ALPHA_GOOD, ALPHA_WEAK, ALPHA_NEEDS = 0.70, 0.60, 30

Interval = tuple[float, float]


@dataclass(frozen=True)
class Mean:
    """A mean with its standard deviation (n-1) and interval; the last two are None below two answers."""

    n: int
    value: float
    sd: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Share:
    """A proportion 0–1 with Wilson's interval."""

    n: int
    hits: int
    value: float
    interval: Interval


def mean(scores: Sequence[float], population: int | None = None) -> Mean | None:
    """Mean ± t·s/√n, times √(1-n/N) where more than 5 % of the population N answered; None without answers."""
    n = len(scores)
    if not n:
        return None
    value = math.fsum(scores) / n
    if n == 1:
        return Mean(n, value, None, None)
    sd = math.sqrt(math.fsum((score - value) ** 2 for score in scores) / (n - 1))
    half = t_quantile(n - 1) * sd / math.sqrt(n)
    if population and n / population > FINITE_FROM:
        half *= math.sqrt(max(0.0, 1 - n / population))
    return Mean(n, value, sd, (value - half, value + half))


def median(scores: Sequence[float]) -> float | None:
    """The middle score, the mean of the two middle ones for an even number."""
    if not scores:
        return None
    ordered, middle = sorted(scores), len(scores) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def share(hits: int, n: int) -> Share | None:
    """A proportion with Wilson's score interval; None without answers."""
    if not n:
        return None
    p, z2 = hits / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Share(n, hits, p, (max(0.0, centre - half), min(1.0, centre + half)))


def csat(scores: Sequence[int]) -> Share | None:
    """CSAT: the share of 4 and 5."""
    return share(sum(score >= 4 for score in scores), len(scores))


def bottom_two(scores: Sequence[int]) -> Share | None:
    """The share of 1 and 2."""
    return share(sum(score <= 2 for score in scores), len(scores))


def nps(scores: Sequence[int]) -> tuple[float, Interval] | None:
    """Promoters (9–10) minus detractors (0–6), in points of 100, with its interval; None without answers."""
    n = len(scores)
    if not n:
        return None
    promoters = sum(score >= 9 for score in scores) / n
    detractors = sum(score <= 6 for score in scores) / n
    difference = promoters - detractors
    half = Z * math.sqrt(max(0.0, promoters + detractors - difference**2) / n)
    return 100 * difference, (100 * (difference - half), 100 * (difference + half))


def csi(means: Mapping[str, float], weights: Mapping[str, float] | None = None) -> float | None:
    """Customer satisfaction index 0–100: Σ w·(mean-1)/4·100 over dimensions, weights equal unless given."""
    if not means:
        return None
    shares = {code: (weights or {}).get(code, 0.0) if weights else 1.0 for code in means}
    total = math.fsum(shares.values())
    if not total:
        return None
    return math.fsum(shares[code] / total * (means[code] - 1) / 4 * 100 for code in means)


def sample_size(population: int | None = None) -> int:
    """Answers needed for ±5 %, with the correction for a small population."""
    if population is None:
        return SAMPLE_BASE
    return math.ceil(SAMPLE_BASE / (1 + (SAMPLE_BASE - 1) / population))


def cronbach_alpha(rows: Sequence[Sequence[float]]) -> float | None:
    """Reliability of items answered together: k/(k-1)·(1-Σs²ᵢ/s²ₜ) over complete rows.

    None with fewer than two items or rows, or when the sums do not vary. Shown only from 30 rows on.
    """
    items = list(zip(*rows, strict=True))
    if len(items) < 2 or len(rows) < 2:
        return None
    total = _variance([math.fsum(row) for row in rows])
    if not total:
        return None
    return len(items) / (len(items) - 1) * (1 - math.fsum(_variance(item) for item in items) / total)


def _variance(values: Sequence[float]) -> float:
    middle = math.fsum(values) / len(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


@lru_cache(maxsize=512)
def t_quantile(degrees: int) -> float:
    """Student's t at 97.5 %: the bound at which the density's integral from 0 reaches 0.475, found by halving."""
    low, high = Z, 13.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _t_area(middle, degrees) < 0.475 else (low, middle)
    return (low + high) / 2


def _t_area(bound: float, degrees: int, steps: int = 400) -> float:
    """The integral of Student's density from 0 to `bound`, by Simpson's rule."""
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
    width = bound / steps
    points = [(1 + (width * step) ** 2 / degrees) ** (-(degrees + 1) / 2) for step in range(steps + 1)]
    weighted = points[0] + points[-1] + 4 * math.fsum(points[1:-1:2]) + 2 * math.fsum(points[2:-1:2])
    return scale * weighted * width / 3
