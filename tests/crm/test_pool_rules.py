"""The pool's arithmetic: last days, notices, classes of service and loads, by table."""

from datetime import date
from decimal import Decimal

import pytest

from crm.assignment_classes import DEFAULT_CAPS, Load, classify
from crm.pool_rules import DEFAULT_RULES, Signals, check_rules, deadline, step_reached

SINCE = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("segment", "limit", "days"),
    [
        ("prospect", "contact", 60),
        ("standard", "contact", 180),
        ("professional", "contact", 90),
        ("prospect", "opportunity", 180),
        ("standard", "opportunity", 365),
        ("professional", "opportunity", 365),
        ("prospect", "deal", 365),
        ("standard", "deal", 730),
        ("professional", "deal", 730),
    ],
)
def test_each_clock_of_each_tier_ends_after_its_days(segment, limit, days):
    """The table of §2.9; a clock is made the first to end by stopping the others."""
    fresh = date.fromordinal(SINCE.toordinal() + 5000)
    signals = Signals(
        segment,
        SINCE,
        last_verified=None if limit == "contact" else fresh,
        opportunity_since=limit != "opportunity",
        last_order=None if limit == "deal" else fresh,
    )
    found = deadline(signals, DEFAULT_RULES)
    assert found is not None
    assert (found.limit, (found.due_on - SINCE).days) == (limit, days)


def test_key_accounts_and_held_customers_have_no_last_day():
    assert deadline(Signals("vip", SINCE), DEFAULT_RULES) is None
    assert deadline(Signals("prospect", SINCE, held=True), DEFAULT_RULES) is None


def test_a_new_owner_and_a_dated_hold_move_the_last_day():
    early = Signals("prospect", SINCE, last_verified=date(2025, 6, 1))
    assert deadline(early, DEFAULT_RULES).due_on == date(2026, 3, 2)
    held = Signals("prospect", SINCE, held_until=date(2026, 4, 1))
    assert deadline(held, DEFAULT_RULES).due_on == date(2026, 4, 1)
    assert deadline(held, DEFAULT_RULES).reason == "no_follow_up"


@pytest.mark.parametrize(
    ("left", "step"), [(15, None), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, 1), (-30, 1)]
)
def test_only_the_latest_notice_counts(left, step):
    assert step_reached(date.fromordinal(SINCE.toordinal() + left), [14, 7, 1], SINCE) == step


def test_the_defaults_are_well_formed_and_nonsense_is_named():
    assert check_rules(DEFAULT_RULES) == {}
    broken = {
        **DEFAULT_RULES,
        "prospect": {"contact": 0, "opportunity": True, "deal": 9999, "notices": [1, 3]},
        "standard": {**DEFAULT_RULES["standard"], "notices": [200, 1]},
        "vip": {"alert_manager": "30"},
    }
    assert set(check_rules(broken)) == {
        "prospect.contact",
        "prospect.opportunity",
        "prospect.deal",
        "prospect.notices",
        "standard.notices",
        "vip.alert_manager",
        "vip.alert_executive",
    }


@pytest.mark.parametrize(
    ("tier", "amount", "orders", "served"),
    [
        ("vip", 0, 0, ("one_to_one", "vip")),
        ("professional", 500_000, 1, ("one_to_one", "large")),
        ("professional", 499_999, 9, ("one_to_many", "professional")),
        ("standard", 99_999, 1, ("care_pool", "small")),
        ("standard", 99_999, 2, ("one_to_many", "standard")),
        ("standard", 100_000, 1, ("one_to_many", "standard")),
        ("standard", None, None, ("care_pool", "small")),
        ("na", None, None, ("one_to_many", "prospect")),
    ],
)
def test_the_class_of_service(tier, amount, orders, served):
    amount = None if amount is None else Decimal(amount)
    assert classify(tier, signed_24m=amount, orders_36m=orders) == served


@pytest.mark.parametrize(
    ("owned", "lift", "level"),
    [
        (107, 0, "ok"),
        (108, 0, "warn"),
        (120, 0, "warn"),
        (121, 0, "block"),
        (121, 20, "ok"),
        (145, 20, "block"),
    ],
)
def test_load_warns_at_90_per_cent_and_blocks_above_the_cap(owned, lift, level):
    assert Load(owned=owned, lift=lift).level("owned", DEFAULT_CAPS) == level


def test_only_what_grows_blocks():
    full = Load(owned=50, vip=16, projects=25)
    assert full.blocked(Load(owned=1), DEFAULT_CAPS) == []
    assert full.blocked(Load(owned=1, vip=1, projects=1), DEFAULT_CAPS) == ["vip", "projects"]
