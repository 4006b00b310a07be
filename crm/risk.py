"""Churn risk 0–100: ten signals, each a weight times a value between 0 and 1 (domain §2.6). Arithmetic only, no rows.

Days are calendar days, ratios 0–1, CSAT 1–5, failures per pump and year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm.bands import Part, clamp

GREEN, AMBER, RED = "low", "medium", "high"


@dataclass(frozen=True)
class RiskRules:
    """Weights and yardsticks in force; the dated parameter `crm.risk_rules` overrides them."""

    weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "purchase_gap": 20,
            "silence": 15,
            "satisfaction": 15,
            "complaints": 15,
            "competitor": 10,
            "failures": 8,
            "sla": 7,
            "contact_left": 5,
            "dispute": 3,
            "detractor": 2,
        }
    )
    expected_days: int = 720
    expected_by_industry: Mapping[str, int] = field(
        default_factory=lambda: {"municipal_water": 540, "wastewater": 540, "chemical": 360}
    )
    gaps_from_orders: int = 3
    satisfied: float = 4.0
    satisfaction_span: float = 2.0
    satisfaction_unknown: float = 0.2
    complaint_points: float = 4.0
    competitor_days: int = 730
    sla_worst: float = 0.30
    failure_baseline: float = 0.08
    detractor: int = 6
    amber: float = 30
    red: float = 60


@dataclass(frozen=True)
class RiskFacts:
    """What the score looks at; None means unknown and, but for satisfaction, counts as no sign."""

    industry: str = ""
    days_since_order: int | None = None
    orders: int = 0
    median_gap: float | None = None
    days_silent: float | None = None
    cadence: int = 30
    csat: float | None = None
    complaint_points: float = 0
    days_since_competitor: int | None = None
    contact_left: bool = False
    dispute: bool = False
    nps: int | None = None
    failure_rate: float | None = None
    failure_baseline: float | None = None
    sla_ratio: float | None = None


def expected_gap(facts: RiskFacts, rules: RiskRules) -> float:
    """Days until the next order is due: the customer's own median once there are gaps, else the industry's."""
    if facts.orders >= rules.gaps_from_orders and facts.median_gap:
        return facts.median_gap
    return rules.expected_by_industry.get(facts.industry, rules.expected_days)


def signals(facts: RiskFacts, rules: RiskRules) -> dict[str, tuple[float, object, object]]:
    """Per signal: its value 0–1, what was seen, and what it was measured by."""
    gap = expected_gap(facts, rules)
    baseline = facts.failure_baseline or rules.failure_baseline
    since, silent, csat = facts.days_since_order, facts.days_silent, facts.csat
    unhappy = (
        rules.satisfaction_unknown
        if csat is None
        else clamp((rules.satisfied - csat) / rules.satisfaction_span)
    )
    return {
        "purchase_gap": (0.0 if since is None else clamp(since / gap - 1), since, gap),
        "silence": (
            0.0 if silent is None else clamp((silent / facts.cadence - 1) / 2),
            silent,
            facts.cadence,
        ),
        "satisfaction": (unhappy, csat, rules.satisfied),
        "complaints": (
            clamp(facts.complaint_points / rules.complaint_points),
            facts.complaint_points,
            rules.complaint_points,
        ),
        "failures": (
            0.0 if facts.failure_rate is None else clamp(facts.failure_rate / baseline - 1),
            facts.failure_rate,
            baseline,
        ),
        "sla": (
            0.0 if facts.sla_ratio is None else clamp(facts.sla_ratio / rules.sla_worst),
            facts.sla_ratio,
            rules.sla_worst,
        ),
        **_events(facts, rules),
    }


def _events(facts: RiskFacts, rules: RiskRules) -> dict[str, tuple[float, object, object]]:
    """The signals that are there or not."""
    rival = facts.days_since_competitor
    return {
        "competitor": (
            float(rival is not None and rival <= rules.competitor_days),
            rival,
            rules.competitor_days,
        ),
        "contact_left": (float(facts.contact_left), facts.contact_left, None),
        "dispute": (float(facts.dispute), facts.dispute, None),
        "detractor": (
            float(facts.nps is not None and facts.nps <= rules.detractor),
            facts.nps,
            rules.detractor,
        ),
    }


def parts_of(facts: RiskFacts, rules: RiskRules) -> tuple[Part, ...]:
    """The signals with weight times value, in the order of their weights."""
    found = signals(facts, rules)
    return tuple(
        Part(code, found[code][1], weight * found[code][0], weight, found[code][2])
        for code, weight in rules.weights.items()
    )


def score_of(facts: RiskFacts, rules: RiskRules) -> float:
    """The risk, 0–100, unrounded."""
    return sum(part.points for part in parts_of(facts, rules))


def band_of(score: float, rules: RiskRules) -> str:
    """Green below 30, amber to 59, red from 60; the score as shown with two decimals decides."""
    if score >= rules.red:
        return RED
    return AMBER if score >= rules.amber else GREEN
