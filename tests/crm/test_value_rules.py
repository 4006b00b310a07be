"""Tier, risk, stage, strength and value by tables: every golden value of the specification, the edges of the bands, the hysteresis."""

from dataclasses import replace
from typing import Any

import pytest

from crm import lifecycle, risk, strength, tiers, value
from crm.bands import below, clamp, reached, within

TIER = tiers.TierRules()
RISK = risk.RiskRules()
STAGE = lifecycle.StageRules()
STRENGTH = strength.StrengthRules()
VALUE = value.ValueRules()

MIDDLE = tiers.TierFacts(
    narrow=True,
    amount_24m=800_000,
    orders_36m=2,
    orders_ever=2,
    days_since_order=300,
    pumps=12,
    billed_24m=100,
    overdue_24m=0,
)
"""M60 F50 R80 I60 P100 S0."""

ONE_BIG = tiers.TierFacts(
    narrow=True,
    amount_24m=5_000_000,
    amount_12m=5_000_000,
    orders_36m=1,
    orders_ever=1,
    days_since_order=20,
    pumps=2,
    billed_24m=100,
    overdue_24m=1,
)
"""M100 F30 R100 I30 P100 S0."""


# --- tier ---------------------------------------------------------------------------------------------------------------


def test_tier_golden_values() -> None:
    assert tiers.score_of(MIDDLE, TIER) == pytest.approx(55.5)
    assert tiers.assess(MIDDLE, TIER).tier == "professional"
    assert tiers.score_of(ONE_BIG, TIER) == pytest.approx(67.5)
    lifted = tiers.assess(ONE_BIG, TIER)
    assert (lifted.tier, lifted.rule, lifted.floor) == ("vip", "floor", True)


@pytest.mark.parametrize(
    ("amount", "points"),
    [(0, 0), (0.01, 20), (99_999.99, 20), (100_000, 40), (499_999.99, 40), (500_000, 60), (1_999_999.99, 60),
     (2_000_000, 80), (4_999_999.99, 80), (5_000_000, 100), (90_000_000, 100)],
)  # fmt: skip
def test_amount_bands(amount: float, points: float) -> None:
    assert reached(amount, TIER.amount) == points


@pytest.mark.parametrize(
    ("orders", "points"),
    [(0, 0), (1, 30), (2, 50), (3, 70), (4, 70), (5, 85), (7, 85), (8, 100), (80, 100)],
)
def test_order_bands(orders: int, points: float) -> None:
    assert reached(orders, TIER.orders) == points


@pytest.mark.parametrize(
    ("days", "points"),
    [(0, 100), (180, 100), (181, 80), (365, 80), (366, 50), (730, 50), (731, 20), (1095, 20), (1096, 0)],
)
def test_recency_bands(days: int, points: float) -> None:
    assert within(days, TIER.recency) == points


@pytest.mark.parametrize(
    ("pumps", "points"), [(0, 0), (1, 30), (4, 30), (5, 60), (19, 60), (20, 80), (49, 80), (50, 100)]
)
def test_pump_bands(pumps: int, points: float) -> None:
    assert reached(pumps, TIER.pumps) == points


@pytest.mark.parametrize(
    ("share", "points"),
    [(0, 100), (0.0499, 100), (0.05, 70), (0.1499, 70), (0.15, 40), (0.2999, 40), (0.30, 0), (1, 0)],
)
def test_payment_bands(share: float, points: float) -> None:
    assert below(share, TIER.payment) == points


def test_nothing_billed_and_no_order() -> None:
    parts = {part.code: part for part in tiers.parts_of(tiers.TierFacts(narrow=True), TIER)}
    assert parts["payment"].points == pytest.approx(5)  # 50 points of weight .10
    assert parts["recency"].points == 0
    assert sum(part.most for part in parts.values()) == pytest.approx(100)


def facts_scoring(score: float, **values: Any) -> tiers.TierFacts:
    """Facts of exactly this score, by the strategic points."""
    base = {"narrow": True, "orders_ever": 5, "tier": "na"} | values
    empty = tiers.TierFacts(**{**base, "strategic": 0})
    rest = score - tiers.score_of(empty, TIER)
    return tiers.TierFacts(**{**base, "strategic": rest / TIER.weights["strategic"]})


@pytest.mark.parametrize(
    ("score", "tier"),
    [(75, "vip"), (74.99, "professional"), (45, "professional"), (44.99, "standard"), (5, "standard")],
)
def test_entering_a_tier(score: float, tier: str) -> None:
    assert tiers.entered(score, TIER) == tier
    assert tiers.assess(facts_scoring(score), TIER).tier == tier


@pytest.mark.parametrize(
    ("score", "tier", "kept"),
    [(65, "vip", "vip"), (64.99, "vip", "professional"), (38, "vip", "professional"), (37.99, "vip", "standard"),
     (38, "professional", "professional"), (37.99, "professional", "standard"), (60, "standard", "standard")],
)  # fmt: skip
def test_keeping_a_tier(score: float, tier: str, kept: str) -> None:
    assert tiers.kept(score, tier, TIER) == kept


def test_hysteresis_over_four_runs() -> None:
    """70, then 60 three times: VIP holds in the band, holds through two runs below, falls on the third."""
    tier, runs, seen = "vip", 0, []
    for score in (70, 60, 60, 60):
        run = tiers.assess(facts_scoring(score, tier=tier, runs_below_leave=runs, since_promotion=400), TIER)
        tier, runs = run.tier, runs + 1 if run.below else 0
        seen.append((run.tier, run.rule))
    assert seen == [("vip", "stays"), ("vip", "below"), ("vip", "below"), ("professional", "demoted")]


def test_one_good_run_starts_the_count_again() -> None:
    tier, runs, seen = "vip", 0, []
    for score in (60, 60, 66, 60, 60):
        run = tiers.assess(facts_scoring(score, tier=tier, runs_below_leave=runs, since_promotion=400), TIER)
        tier, runs = run.tier, runs + 1 if run.below else 0
        seen.append(run.tier)
    assert seen == ["vip"] * 5


def below_third_time(**values: Any) -> tiers.TierFacts:
    return facts_scoring(60, tier="vip", runs_below_leave=2, **values)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [(below_third_time(since_promotion=179), "below_recent"), (below_third_time(since_promotion=180), "demoted"),
     (below_third_time(since_promotion=None), "demoted"),
     (below_third_time(since_promotion=400, severe_complaints=1), "below_complaint")],
)  # fmt: skip
def test_what_holds_a_demotion(facts: tiers.TierFacts, rule: str) -> None:
    assert tiers.assess(facts, TIER).rule == rule


def test_runs_between_months_promote_and_never_demote() -> None:
    up = tiers.assess(facts_scoring(80, tier="standard"), TIER, monthly=False)
    assert up.tier == "vip"
    down = tiers.assess(below_third_time(since_promotion=400), TIER, monthly=False)
    assert down.tier == "vip"
    later = replace(below_third_time(since_promotion=400), runs_below_leave=9)
    assert tiers.assess(later, TIER, monthly=False).tier == "vip"


def test_floor_lasts_twelve_months() -> None:
    held = replace(ONE_BIG, amount_12m=0, tier="vip", runs_below_leave=5, since_promotion=300)
    small = replace(held, amount_24m=0, orders_36m=0)
    assert tiers.assess(replace(small, floor_held_days=364), TIER).tier == "vip"
    assert tiers.assess(replace(small, floor_held_days=365), TIER).tier != "vip"


def test_a_prospect_has_no_tier() -> None:
    for tier in ("na", "standard", "professional", "vip"):
        run = tiers.assess(tiers.TierFacts(narrow=False, tier=tier, strategic=100), TIER)
        assert (run.tier, run.rule) == ("na", "not_narrow")


def test_what_was_entered_stays_while_contracts_never_spoke() -> None:
    run = tiers.assess(tiers.TierFacts(narrow=False, known=False, tier="vip"), TIER)
    assert (run.tier, run.rule) == ("vip", "entered")
    assert tiers.assess(tiers.TierFacts(narrow=False, known=False, tier="standard"), TIER).tier == "na"


def test_a_new_narrow_customer_without_an_order() -> None:
    plain = tiers.TierFacts(narrow=True, open_amount=9_000_000)
    assert tiers.assess(plain, TIER).tier == "standard"
    strategic = tiers.TierFacts(narrow=True, strategic=100, open_amount=2_000_000)
    run = tiers.assess(strategic, TIER)
    assert (run.tier, run.rule, run.provisional) == ("professional", "provisional", True)
    assert tiers.assess(replace(strategic, open_amount=1_999_999), TIER).tier == "standard"
    over = replace(strategic, tier="professional", provisional_for=180, since_promotion=180)
    assert tiers.assess(over, TIER).tier == "standard"
    again = replace(over, tier="standard")
    assert tiers.assess(again, TIER).tier == "standard"


# --- risk ---------------------------------------------------------------------------------------------------------------

GOLDEN_RISK = risk.RiskFacts(
    days_since_order=720,
    orders=3,
    median_gap=480,
    days_silent=56,
    cadence=14,
    csat=3.2,
    complaint_points=3,
    failure_rate=0.12,
    failure_baseline=0.08,
    sla_ratio=0.15,
    contact_left=True,
    nps=5,
)


def test_risk_golden_value() -> None:
    assert risk.score_of(GOLDEN_RISK, RISK) == pytest.approx(56.75)
    assert risk.band_of(56.75, RISK) == "medium"


def test_risk_of_the_unknown_is_only_the_unknown_satisfaction() -> None:
    assert risk.score_of(risk.RiskFacts(), RISK) == pytest.approx(3.0)


def test_risk_weights_make_a_hundred() -> None:
    worst = replace(
        GOLDEN_RISK,
        days_since_order=9000,
        days_silent=9000,
        csat=1,
        complaint_points=40,
        days_since_competitor=1,
        failure_rate=9,
        sla_ratio=1,
        dispute=True,
        nps=0,
    )
    assert risk.score_of(worst, RISK) == pytest.approx(100)


@pytest.mark.parametrize(
    ("change", "points"),
    [({"days_since_order": 480}, 0), ({"days_since_order": 960}, 20), ({"days_since_order": 9999}, 20),
     ({"orders": 2, "days_since_order": 1080}, 10), ({"industry": "chemical", "orders": 1, "days_since_order": 540}, 10),
     ({"industry": "municipal_water", "orders": 0, "days_since_order": 810}, 10)],
)  # fmt: skip
def test_purchase_gap(change: dict[str, Any], points: float) -> None:
    parts = {part.code: part.points for part in risk.parts_of(replace(GOLDEN_RISK, **change), RISK)}
    assert parts["purchase_gap"] == pytest.approx(points)


@pytest.mark.parametrize(
    ("field", "seen", "code", "points"),
    [("days_silent", 14, "silence", 0), ("days_silent", 42, "silence", 15), ("csat", 4.0, "satisfaction", 0),
     ("csat", 2.0, "satisfaction", 15), ("csat", None, "satisfaction", 3), ("complaint_points", 0.5, "complaints", 1.875),
     ("complaint_points", 4, "complaints", 15), ("days_since_competitor", 730, "competitor", 10),
     ("days_since_competitor", 731, "competitor", 0), ("nps", 6, "detractor", 2), ("nps", 7, "detractor", 0),
     ("dispute", True, "dispute", 3), ("sla_ratio", 0.30, "sla", 7), ("failure_rate", 0.16, "failures", 8)],
)  # fmt: skip
def test_each_signal(field: str, seen: Any, code: str, points: float) -> None:
    parts = {part.code: part.points for part in risk.parts_of(replace(GOLDEN_RISK, **{field: seen}), RISK)}
    assert parts[code] == pytest.approx(points)


@pytest.mark.parametrize(
    ("score", "band"), [(0, "low"), (29.99, "low"), (30, "medium"), (59.99, "medium"), (60, "high")]
)
def test_risk_bands(score: float, band: str) -> None:
    assert risk.band_of(score, RISK) == band


# --- stage --------------------------------------------------------------------------------------------------------------


def moved(**values: Any) -> tuple[str, str] | None:
    move = lifecycle.next_move(lifecycle.StageFacts(**values), STAGE)
    return (move.to, move.rule) if move else None


LOYAL = {
    "stage": "stable",
    "accepted_months": 24,
    "orders_ever": 3,
    "orders_36m": 3,
    "mean_csat_24m": 4.2,
    "answers_24m": 2,
    "risk": 29.9,
    "strength": 70,
    "decision_makers": 1,
}
CALM = {"stage": "wavering", "weekly": (39.9,) * 8, "days_in_stage": 70, "days_since_recovery": 5}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({"qualified": True}, ("reserved", "T1")),
        ({"quoted": True}, ("reserved", "T1")),
        ({"tendered": True}, ("reserved", "T1")),
        ({"tour_contacts": 1}, None),
        ({"tour_contacts": 2}, ("reserved", "T1")),
        ({"stage": "reserved", "accepted_months": 0}, ("stable", "T2")),
        ({"stage": "reserved", "orders_ever": 1}, None),
        ({"stage": "reserved", "orders_ever": 2}, ("stable", "T2")),
        ({"stage": "reserved", "orders_ever": 2, "last_csat": 3.4}, None),
        ({"stage": "reserved", "orders_ever": 2, "last_csat": 3.5}, ("stable", "T2")),
        ({"stage": "reserved", "orders_ever": 2, "severe_complaints": 1}, None),
        ({"stage": "stable", "weekly": (60,)}, None),
        ({"stage": "stable", "weekly": (60, 59.9)}, None),
        ({"stage": "stable", "weekly": (60, 60, 10)}, ("wavering", "T3")),
        ({"stage": "consolidated", "weekly": (71, 60)}, ("wavering", "T3")),
        ({"stage": "reserved", "weekly": (90, 90)}, None),
        ({"stage": "stable", "triggers": {"s1_upheld": 3}}, ("wavering", "T3")),
        ({"stage": "stable", "triggers": {"s1_upheld": 366}}, None),
        ({"stage": "stable", "days_in_stage": 2, "triggers": {"s1_upheld": 3}}, None),
        ({"stage": "stable", "triggers": {"frame_ended": 1}}, ("wavering", "T3")),
        ({"stage": "stable", "triggers": {"competitor_replaced": 0}}, ("wavering", "T3")),
        ({"stage": "stable", "triggers": {"competitor_tender": 9}}, ("wavering", "T3")),
        ({"stage": "stable", "triggers": {"competitor_twice": 9}}, ("wavering", "T3")),
        (CALM, ("stable", "T4")),
        ({**CALM, "weekly": (39.9,) * 7}, None),
        ({**CALM, "weekly": (39.9,) * 7 + (40,)}, None),
        ({**CALM, "days_since_recovery": None}, None),
        ({**CALM, "days_since_recovery": 30, "days_since_big_order": 20, "last_csat": 4}, ("consolidated", "T6")),
        ({**CALM, "days_since_recovery": 30, "days_since_big_order": 20, "last_csat": 3.9}, ("stable", "T4")),
        ({**CALM, "days_since_recovery": 30, "days_since_big_order": 31, "last_csat": 5}, ("stable", "T4")),
        (LOYAL, ("consolidated", "T5")),
        ({**LOYAL, "accepted_months": 23.9}, None),
        ({**LOYAL, "orders_36m": 2}, None),
        ({**LOYAL, "mean_csat_24m": 4.19}, None),
        ({**LOYAL, "answers_24m": 1}, None),
        ({**LOYAL, "risk": 30}, None),
        ({**LOYAL, "severe_complaints": 1}, None),
        ({**LOYAL, "strength": 69.9}, None),
        ({**LOYAL, "decision_makers": 0}, None),
        ({"stage": "reserved", "days_since_project": 400, "days_silent": 366}, ("acquaintance", "T7")),
        ({"stage": "reserved", "days_since_project": 400, "days_silent": 365}, None),
        ({"stage": "reserved", "days_since_project": 400, "days_silent": 366, "open_projects": 1}, None),
        ({"stage": "stable", "days_since_order": 1096, "days_silent": 1096}, ("lost", "T8")),
        ({"stage": "stable", "days_since_order": 1095, "days_silent": 1096}, None),
        ({"stage": "stable", "days_since_order": 1096, "days_silent": 1096, "pumps": 1}, None),
        ({"stage": "stable", "days_since_order": 1826, "days_silent": 1826, "pumps": 1}, ("lost", "T8")),
        ({"stage": "consolidated", "terminated": True}, ("lost", "T8")),
        ({"stage": "acquaintance"}, None),
        ({"lost": True, "days_since_lost": 9, "days_since_order": 3}, ("stable", "won_back")),
        ({"lost": True, "days_since_lost": 9, "days_since_order": 30}, None),
    ],
)  # fmt: skip
def test_stage_rules(values: dict[str, Any], expected: tuple[str, str] | None) -> None:
    assert moved(**values) == expected


def test_a_hard_trigger_is_named() -> None:
    move = lifecycle.next_move(
        lifecycle.StageFacts(stage="stable", triggers={"s1_upheld": 8, "frame_ended": 2}), STAGE
    )
    assert move is not None
    assert move.hard == "frame_ended"
    soft = lifecycle.next_move(lifecycle.StageFacts(stage="stable", weekly=(60, 60)), STAGE)
    assert soft is not None
    assert soft.hard == ""


# --- strength and value ---------------------------------------------------------------------------------------------------


def test_contact_strength_by_hand() -> None:
    """One visit today and two incoming calls 60 days old: f = 3 + 2·0.75 = 4.5."""
    person = strength.Person(
        "decision_maker",
        "neutral",
        5,
        12,
        (
            strength.Interaction("site_visit", 0),
            strength.Interaction("call", 60, True),
            strength.Interaction("call", 60, True),
        ),
    )
    expected = 100 * (0.45 * 0.75 + 0.20 * 1 + 0.25 * 0.5 + 0.10 * 0.5)
    assert strength.contact_strength(person, STRENGTH) == pytest.approx(expected)


def test_strength_forgets_after_180_days() -> None:
    old = strength.Person("user", "unknown", 3, 0, (strength.Interaction("factory_tour", 181),))
    assert strength.contact_strength(old, STRENGTH) == pytest.approx(7.5)
    fresh = strength.Person("user", "unknown", 3, 0, (strength.Interaction("factory_tour", 180),))
    assert strength.contact_strength(fresh, STRENGTH) == pytest.approx(7.5 + 45 * (4 * 0.125) / 6)


def test_customer_strength_weighs_and_cuts_by_coverage() -> None:
    boss = strength.Person("decision_maker", "supporter", 5, 24)
    clerk = strength.Person("gatekeeper", "opponent", 2, 0)
    score, parts = strength.customer_strength([boss, clerk], STRENGTH)
    assert score == pytest.approx((15 * 35 + 2 * 0) / 17 * (0.6 + 0.4 * 0.25))
    assert sum(part.points for part in parts) == pytest.approx(score)
    assert strength.customer_strength([], STRENGTH) == (0.0, ())


@pytest.mark.parametrize(
    ("roles", "share"),
    [([], 0), (["decision_maker"], 0.25), (["decision_maker", "technical", "purchaser", "user", "user"], 1),
     (["influencer", "gatekeeper"], 0)],
)  # fmt: skip
def test_coverage(roles: list[str], share: float) -> None:
    assert strength.coverage(roles) == share


def test_clv_golden_value() -> None:
    facts = value.ValueFacts(2_000_000, 150_000, 40_000, 20)
    assert value.retention(20, VALUE) == pytest.approx(0.88)
    assert round(value.clv5(facts, VALUE), 2) == 1_656_557.25
    assert sum(part.points for part in value.parts_of(facts, VALUE)) == pytest.approx(1_656_557.25, abs=0.01)


@pytest.mark.parametrize(("risk_score", "kept"), [(0, 0.98), (100, 0.40), (3, 0.98), (50, 0.70)])
def test_retention_is_kept_between_its_ends(risk_score: float, kept: float) -> None:
    assert value.retention(risk_score, VALUE) == pytest.approx(kept)


@pytest.mark.parametrize(("months", "amount"), [(3, 360_000), (12, 360_000), (24, 180_000), (90, 120_000)])
def test_yearly_amount_by_tenure(months: float, amount: float) -> None:
    assert value.yearly(360_000, months, VALUE) == pytest.approx(amount)


def test_cost_referral_potential() -> None:
    assert value.cost_to_serve(10, 4, 50, VALUE) == 8_000 + 6_000 + 6_000
    designer = value.ValueFacts(0, influenced=1_000_000)
    assert value.yearly_gain(designer, VALUE) == pytest.approx(56_000)
    assert value.potential([(1_000_000, 0.5), (200_000, 0.1)], VALUE) == pytest.approx(520_000 * 0.28)
    assert clamp(5) == 1
    assert clamp(-5) == 0
