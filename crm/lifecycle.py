"""Life-cycle stage: five stages and the rules T1–T8 between them (domain §2.5). Arithmetic only, no rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ACQUAINTANCE, RESERVED, STABLE, WAVERING, CONSOLIDATED = (
    "acquaintance",
    "reserved",
    "stable",
    "wavering",
    "consolidated",
)
LOST = "lost"

HARD_TRIGGERS = ("competitor_tender", "competitor_twice", "s1_upheld", "frame_ended", "competitor_replaced")


@dataclass(frozen=True)
class StageRules:
    """Limits in force; the dated parameter `crm.stage_rules` overrides them."""

    csat_for_stable: float = 3.5
    orders_for_stable: int = 2
    tour_contacts: int = 2
    wavering_risk: float = 60
    wavering_runs: int = 2
    recovered_risk: float = 40
    recovered_runs: int = 8
    tender_share: float = 0.5
    tenders_in_year: int = 2
    trigger_days: int = 365
    consolidated_months: int = 24
    consolidated_orders: int = 3
    consolidated_csat: float = 4.2
    consolidated_answers: int = 2
    consolidated_risk: float = 30
    consolidated_strength: float = 70
    rebuy_amount: float = 100_000
    rebuy_days: int = 365
    rebuy_csat: float = 4.0
    silent_days: int = 365
    lost_days: int = 1095
    lost_days_regardless: int = 1825


@dataclass(frozen=True)
class StageFacts:
    """What the rules look at. Ages are days before today, None where it never happened.

    `weekly` are the risk scores of the weekly runs, newest first (of a wavering customer only those since it
    wavers). `triggers` are the ages of hard signs of
    leaving, by code; only what came after the present stage began counts, and only within a year.
    """

    stage: str = ACQUAINTANCE
    days_in_stage: int | None = None
    lost: bool = False
    qualified: bool = False
    quoted: bool = False
    tendered: bool = False
    tour_contacts: int = 0
    open_projects: int = 0
    days_since_project: int | None = None
    accepted_months: float | None = None
    orders_ever: int = 0
    orders_36m: int = 0
    days_since_order: int | None = None
    days_since_big_order: int | None = None
    severe_complaints: int = 0
    last_csat: float | None = None
    mean_csat_24m: float | None = None
    answers_24m: int = 0
    risk: float | None = None
    weekly: tuple[float, ...] = ()
    triggers: Mapping[str, int] = field(default_factory=dict)
    days_since_recovery: int | None = None
    strength: float | None = None
    decision_makers: int = 0
    days_silent: int | None = None
    pumps: int = 0
    terminated: bool = False
    days_since_lost: int | None = None


@dataclass(frozen=True)
class Move:
    """Where the customer goes and by which rule; `hard` names the trigger that ignores a lock."""

    to: str
    rule: str
    hard: str = ""


def next_move(facts: StageFacts, rules: StageRules) -> Move | None:
    """The one step the rules ask for today, or None. T8 before all; at most one step a day."""
    if facts.lost:
        return _won_back(facts)
    if is_lost(facts, rules):
        return Move(LOST, "T8")
    finders = {
        ACQUAINTANCE: _from_acquaintance,
        RESERVED: _from_reserved,
        STABLE: _from_stable,
        WAVERING: _from_wavering,
        CONSOLIDATED: _from_consolidated,
    }
    finder = finders.get(facts.stage)
    return finder(facts, rules) if finder else None


def _won_back(facts: StageFacts) -> Move | None:
    """A lost customer that orders again is stable, won back."""
    lost, order = facts.days_since_lost, facts.days_since_order
    return (
        Move(STABLE, "won_back")
        if order is not None and order <= (lost if lost is not None else order)
        else None
    )


def is_lost(facts: StageFacts, rules: StageRules) -> bool:
    """T8: written termination, or three years without order and two-way contact and no pump (five regardless).

    A customer nobody ever traded or spoke with is not lost: it was never won; the pool takes care of it.
    """
    if facts.terminated:
        return True
    ages = [age for age in (facts.days_since_order, facts.days_silent) if age is not None]
    if not ages or facts.open_projects:
        return False
    quiet = min(ages)
    return quiet > rules.lost_days_regardless or (quiet > rules.lost_days and not facts.pumps)


def hard_trigger(facts: StageFacts, rules: StageRules) -> str:
    """The newest hard sign of leaving since the present stage began, within a year."""
    since = facts.days_in_stage if facts.days_in_stage is not None else rules.trigger_days
    counted = {
        code: age
        for code, age in facts.triggers.items()
        if age <= since and age <= rules.trigger_days and code in HARD_TRIGGERS
    }
    return min(counted, key=lambda code: (counted[code], code)) if counted else ""


def _wavers(facts: StageFacts, rules: StageRules) -> Move | None:
    """T3."""
    sign = hard_trigger(facts, rules)
    if sign:
        return Move(WAVERING, "T3", hard=sign)
    newest = facts.weekly[: rules.wavering_runs]
    if len(newest) == rules.wavering_runs and all(score >= rules.wavering_risk for score in newest):
        return Move(WAVERING, "T3")
    return None


def _from_acquaintance(facts: StageFacts, rules: StageRules) -> Move | None:
    tried = (
        facts.qualified
        or facts.quoted
        or facts.tendered
        or facts.tour_contacts >= rules.tour_contacts
        or facts.orders_ever > 0
        or facts.accepted_months is not None
    )
    return Move(RESERVED, "T1") if tried else None


def _from_reserved(facts: StageFacts, rules: StageRules) -> Move | None:
    proven = facts.accepted_months is not None or facts.orders_ever >= rules.orders_for_stable
    content = facts.last_csat is None or facts.last_csat >= rules.csat_for_stable
    if proven and not facts.severe_complaints and content:
        return Move(STABLE, "T2")
    gone = facts.days_since_project is not None and facts.open_projects == 0 and facts.orders_ever == 0
    silent = facts.days_silent if facts.days_silent is not None else (facts.days_in_stage or 0)
    if gone and silent > rules.silent_days:
        return Move(ACQUAINTANCE, "T7")
    return None


def _from_stable(facts: StageFacts, rules: StageRules) -> Move | None:
    wavers = _wavers(facts, rules)
    if wavers:
        return wavers
    return Move(CONSOLIDATED, "T5") if is_loyal(facts, rules) else None


def is_loyal(facts: StageFacts, rules: StageRules) -> bool:
    """T5: two years, three orders, satisfied, low risk, no grave complaint, strong relation, a decision maker."""
    return (
        facts.accepted_months is not None
        and facts.accepted_months >= rules.consolidated_months
        and facts.orders_36m >= rules.consolidated_orders
        and facts.mean_csat_24m is not None
        and facts.mean_csat_24m >= rules.consolidated_csat
        and facts.answers_24m >= rules.consolidated_answers
        and facts.risk is not None
        and facts.risk < rules.consolidated_risk
        and not facts.severe_complaints
        and facts.strength is not None
        and facts.strength >= rules.consolidated_strength
        and facts.decision_makers > 0
    )


def _from_consolidated(facts: StageFacts, rules: StageRules) -> Move | None:
    return _wavers(facts, rules)


def _from_wavering(facts: StageFacts, rules: StageRules) -> Move | None:
    """T6 before T4: whoever recovered and ordered again is consolidated, else stable."""
    newest = facts.weekly[: rules.recovered_runs]
    calm = len(newest) == rules.recovered_runs and all(score < rules.recovered_risk for score in newest)
    if not calm or facts.days_since_recovery is None:
        return None
    big = facts.days_since_big_order
    ordered = big is not None and big <= facts.days_since_recovery <= big + rules.rebuy_days
    happy = facts.last_csat is not None and facts.last_csat >= rules.rebuy_csat
    return Move(CONSOLIDATED, "T6") if ordered and happy else Move(STABLE, "T4")
