"""Priority and queue order: the table, safety first, the untiered, and nobody starving."""

from datetime import UTC, datetime, timedelta

import pytest

from service.priority import decide_priority, one_higher, queue_key

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("impact", "row"), [("i1", "p1 p1 p2"), ("i2", "p2 p2 p3"), ("i3", "p2 p3 p3"), ("i4", "p3 p4 p4")]
)
def test_the_table(impact, row):
    assert [
        decide_priority(impact, tier).priority for tier in ("vip", "professional", "standard")
    ] == row.split()


@pytest.mark.parametrize("impact", ["i1", "i2", "i3", "i4"])
@pytest.mark.parametrize("tier", ["vip", "professional", "standard", "na"])
def test_safety_is_p1_at_any_impact_and_tier(impact, tier):
    decision = decide_priority(impact, tier, safety_flag=True)
    assert decision.priority == "p1"
    assert decision.reasons[0] == "safety_first"


def test_a_party_without_a_tier_is_served_as_professional_and_told_so():
    decision = decide_priority("i4", "na")
    assert decision.priority == "p4"
    assert decision.reasons == ("impact_i4", "tier_na", "untiered_as_professional")


@pytest.mark.parametrize(("impact", "tier"), [("i5", "vip"), ("i1", "gold")])
def test_unknown_codes_are_refused(impact, tier):
    with pytest.raises(ValueError, match="unknown"):
        decide_priority(impact, tier)


def test_one_higher_stops_at_p1():
    assert [one_higher(priority) for priority in ("p1", "p2", "p4")] == ["p1", "p1", "p3"]


def key(priority, tier, share=0.0, due=60, age=0):
    due_at = None if due is None else NOW + timedelta(minutes=due)
    return queue_key(
        priority, tier, response_share=share, response_due=due_at, created_at=NOW - timedelta(minutes=age)
    )


def test_the_queue_goes_by_priority_then_tier_then_due_then_age():
    expected = [
        key("p1", "standard"),
        key("p2", "vip", due=90),
        key("p2", "professional", due=30, age=5),
        key("p2", "professional", due=30),
        key("p2", "professional", due=40),
        key("p2", "professional", due=None),
        key("p3", "vip", due=1),
    ]
    shuffled = [expected[index] for index in (3, 6, 0, 5, 2, 4, 1)]
    assert sorted(shuffled) == expected


def test_past_three_quarters_of_the_response_a_ticket_gains_one_rank():
    assert key("p3", "standard", share=0.75) > key("p3", "professional")
    assert key("p3", "standard", share=0.76, due=10) < key("p3", "professional", due=60)
    assert key("p3", "vip", share=2.0)[1] == 0
