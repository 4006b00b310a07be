"""Customer tier: score of six components, floor, hysteresis over monthly runs (domain §2.3). Arithmetic only, no rows.

Amounts in CNY net, shares 0–1, days in calendar days. Every number comes from `TierRules`, which the dated
parameter `crm.tier_rules` overrides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm.bands import Band, Part, below, reached, within

VIP, PROFESSIONAL, STANDARD, NONE = "vip", "professional", "standard", "na"
RANK = {NONE: 0, STANDARD: 1, PROFESSIONAL: 2, VIP: 3}


@dataclass(frozen=True)
class TierRules:
    """The bands, weights and limits in force."""

    weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "amount": 0.40,
            "orders": 0.15,
            "recency": 0.10,
            "pumps": 0.10,
            "payment": 0.10,
            "strategic": 0.15,
        }
    )
    amount: Sequence[Band] = (
        (0.01, 20),
        (100_000, 40),
        (500_000, 60),
        (2_000_000, 80),
        (5_000_000, 100),
    )
    orders: Sequence[Band] = ((1, 30), (2, 50), (3, 70), (5, 85), (8, 100))
    recency: Sequence[Band] = ((180, 100), (365, 80), (730, 50), (1095, 20))
    pumps: Sequence[Band] = ((1, 30), (5, 60), (20, 80), (50, 100))
    payment: Sequence[Band] = ((0.05, 100), (0.15, 70), (0.30, 40))
    nothing_billed: float = 50
    enter_vip: float = 75
    leave_vip: float = 65
    enter_professional: float = 45
    leave_professional: float = 38
    floor_amount_12m: float = 5_000_000
    floor_days: int = 365
    runs_below: int = 3
    days_since_promotion: int = 180
    provisional_strategic: float = 100
    provisional_amount: float = 2_000_000
    provisional_days: int = 180


@dataclass(frozen=True)
class TierFacts:
    """What a tier run looks at. `known` is whether the contracts ever reported: the unknown takes nothing away.

    `runs_below_leave` counts consecutive monthly runs before this one below the leave limit of the present
    tier, `since_promotion` days since the last promotion (None: never or unknown).
    """

    narrow: bool
    known: bool = True
    amount_24m: float = 0
    amount_12m: float = 0
    orders_36m: int = 0
    orders_ever: int = 0
    days_since_order: int | None = None
    pumps: int = 0
    billed_24m: float = 0
    overdue_24m: float = 0
    strategic: float = 0
    open_amount: float = 0
    severe_complaints: int = 0
    tier: str = NONE
    runs_below_leave: int = 0
    since_promotion: int | None = None
    floor_held_days: int | None = None
    provisional_for: int | None = None


@dataclass(frozen=True)
class TierResult:
    """A score with its parts, the tier it gives, and the rule that decided.

    `below` tells whether this run counts towards a demotion; `provisional` marks professional for the time being.
    """

    score: float
    parts: tuple[Part, ...]
    tier: str
    rule: str
    below: bool = False
    floor: bool = False
    provisional: bool = False


def parts_of(facts: TierFacts, rules: TierRules) -> tuple[Part, ...]:
    """The six components with their points (0–100) times weight."""
    share = facts.overdue_24m / facts.billed_24m if facts.billed_24m > 0 else None
    points = {
        "amount": (facts.amount_24m, reached(facts.amount_24m, rules.amount)),
        "orders": (facts.orders_36m, reached(facts.orders_36m, rules.orders)),
        "recency": (
            facts.days_since_order,
            0.0 if facts.days_since_order is None else within(facts.days_since_order, rules.recency),
        ),
        "pumps": (facts.pumps, reached(facts.pumps, rules.pumps)),
        "payment": (share, rules.nothing_billed if share is None else below(share, rules.payment)),
        "strategic": (facts.strategic, facts.strategic),
    }
    return tuple(
        Part(code, value, worth * rules.weights[code], 100 * rules.weights[code], worth)
        for code, (value, worth) in points.items()
    )


def score_of(facts: TierFacts, rules: TierRules) -> float:
    """Sum of weight times points, 0–100."""
    return sum(part.points for part in parts_of(facts, rules))


def entered(score: float, rules: TierRules) -> str:
    """The tier a score enters."""
    if score >= rules.enter_vip:
        return VIP
    return PROFESSIONAL if score >= rules.enter_professional else STANDARD


def kept(score: float, tier: str, rules: TierRules) -> str:
    """The tier a score still holds for a customer of this tier: its own down to the leave limit."""
    if tier == VIP and score >= rules.leave_vip:
        return VIP
    if RANK[tier] >= RANK[PROFESSIONAL] and score >= rules.leave_professional:
        return PROFESSIONAL
    return STANDARD


def is_provisional(facts: TierFacts, rules: TierRules) -> bool:
    """A strategic customer without an order, with a large opportunity: professional for 180 days."""
    return (
        facts.orders_ever == 0
        and facts.strategic >= rules.provisional_strategic
        and facts.open_amount >= rules.provisional_amount
        and (facts.provisional_for is None or facts.provisional_for < rules.provisional_days)
    )


def assess(facts: TierFacts, rules: TierRules, *, monthly: bool = True) -> TierResult:
    """The tier after this run.

    Promotion takes one run; demotion needs `runs_below` consecutive monthly runs (this one included), 180 days
    since the promotion and no open S1/S2 complaint, and goes to the tier the score still holds. A run between
    months may promote, never demote. What is not narrow has no tier; while contracts were never reported, an
    entered tier above standard stays.
    """
    parts = parts_of(facts, rules)
    score = sum(part.points for part in parts)
    if not facts.known and RANK[facts.tier] >= RANK[PROFESSIONAL]:
        return TierResult(score, parts, facts.tier, "entered")
    if not facts.narrow:
        return TierResult(score, parts, NONE, "not_narrow")
    floor = facts.amount_12m >= rules.floor_amount_12m or (
        facts.floor_held_days is not None and facts.floor_held_days < rules.floor_days
    )
    reachable = VIP if floor else entered(score, rules)
    if RANK[reachable] > RANK[facts.tier]:
        first = facts.tier == NONE and not floor
        provisional = reachable == STANDARD and is_provisional(facts, rules)
        tier = PROFESSIONAL if provisional else reachable
        rule = "provisional" if provisional else ("floor" if floor else ("first" if first else "promoted"))
        return TierResult(score, parts, tier, rule, floor=floor, provisional=provisional)
    return _held(facts, rules, score, parts, floor, monthly)


def _held(
    facts: TierFacts, rules: TierRules, score: float, parts: tuple[Part, ...], floor: bool, monthly: bool
) -> TierResult:
    """No promotion: the tier stays, or goes down when everything for it is met."""
    lower = facts.tier if floor else kept(score, facts.tier, rules)
    if lower == facts.tier:
        if facts.tier == STANDARD and is_provisional(facts, rules):
            return TierResult(score, parts, PROFESSIONAL, "provisional", provisional=True)
        return TierResult(score, parts, facts.tier, "floor" if floor else "stays", floor=floor)
    if is_provisional(facts, rules) and facts.tier == PROFESSIONAL:
        return TierResult(score, parts, PROFESSIONAL, "provisional", provisional=True)
    over = facts.provisional_for is not None and facts.provisional_for >= rules.provisional_days
    if over and not facts.orders_ever:
        return TierResult(score, parts, lower, "provisional_over", below=True)
    runs = facts.runs_below_leave + (1 if monthly else 0)
    if runs < rules.runs_below:
        return TierResult(score, parts, facts.tier, "below", below=True)
    if facts.since_promotion is not None and facts.since_promotion < rules.days_since_promotion:
        return TierResult(score, parts, facts.tier, "below_recent", below=True)
    if facts.severe_complaints:
        return TierResult(score, parts, facts.tier, "below_complaint", below=True)
    if not monthly:
        return TierResult(score, parts, facts.tier, "below", below=True)
    return TierResult(score, parts, lower, "demoted", below=True)
