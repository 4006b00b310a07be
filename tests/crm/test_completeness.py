"""Completeness and coverage as arithmetic: each weight, the half of an old contact, targets, gaps, unmet users."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.completeness import (
    WEIGHTS,
    Known,
    Profile,
    completeness,
    gaps_of,
    is_measured,
    parts_of,
    target_of,
)
from crm.coverage import GATE_3_ROLES, UserGap, coverage, missing_roles, unmet_users

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FRESH, OLD = NOW - timedelta(days=365), NOW - timedelta(days=366)


def person(role="unknown", *, primary=False, phone=True, checked=FRESH):
    return Known(role, primary, phone, checked)


CHAIN = tuple(person(role) for role in ("decision_maker", "technical", "purchaser", "user"))
FULL = Profile(
    uscc=True, place=True, address=True, industry=True, kind=True, size=True, ownership=True,
    invoice=(True,) * 4, contacts=(person(primary=True), *CHAIN), site=True, pumps=True, source=True,
    competitors=True, follow_up=True, needs=True,
)  # fmt: skip


def test_the_weights_make_a_hundred():
    assert sum(WEIGHTS.values()) == 100
    assert completeness(FULL, NOW) == 100
    assert gaps_of(parts_of(FULL, NOW)) == []
    assert completeness(Profile(), NOW) == 0


@pytest.mark.parametrize(
    ("profile", "points"),
    [
        (Profile(uscc=True), 12),
        (Profile(place=True), 0),
        (Profile(place=True, address=True), 8),
        (Profile(industry=True), 6),
        (Profile(kind=True), 4),
        (Profile(size=True), 2),
        (Profile(invoice=(True, True, False, False)), 4),
        (Profile(contacts=(person(primary=True),)), 14),
        (Profile(contacts=(person(primary=True, phone=False),)), 0),
        (Profile(contacts=(person(primary=True, checked=OLD),)), 7),
        (Profile(contacts=CHAIN), 14),
        (Profile(contacts=CHAIN[:1]), 4),  # 3.5, half up
        (Profile(contacts=(person("user", checked=OLD), person("technical"))), 5),  # 1.75 + 3.5 = 5.25
        (Profile(site=True), 5),
        (Profile(site=True, pumps=True), 10),
        (Profile(source=True), 3),
        (Profile(competitors=True), 5),
        (Profile(follow_up=True), 8),
        (Profile(needs=True), 4),
    ],
)
def test_each_part_brings_its_points(profile, points):
    assert completeness(profile, NOW) == points


def test_the_heaviest_gap_stands_first():
    assert gaps_of(parts_of(Profile(uscc=True), NOW))[:3] == ["primary", "chain", "installed"]


def test_targets_by_tier_and_what_is_measured():
    assert [target_of(tier) for tier in ("vip", "professional", "standard", "na", "")] == [90, 80, 60, 60, 60]
    assert is_measured("end_user")
    assert not is_measured("internal_dept")


@pytest.mark.parametrize(
    ("roles", "share", "lacking"),
    [
        ([], 0.0, 4),
        (["user", "user", "gatekeeper"], 0.25, 3),
        (["decision_maker", "technical", "purchaser", "user", "influencer"], 1.0, 0),
    ],
)
def test_coverage_counts_each_role_of_the_chain_once(roles, share, lacking):
    assert coverage(roles) == share
    assert len(missing_roles(roles)) == lacking


def test_gate_three_does_not_ask_for_the_purchaser():
    assert missing_roles(["decision_maker"], GATE_3_ROLES) == ("technical", "user")
    assert missing_roles(["decision_maker", "technical", "user"], GATE_3_ROLES) == ()


@pytest.mark.parametrize(
    ("kind", "met", "gap"),
    [
        ("supplier", [], None),
        ("end_user", [], UserGap(known=False, days=None)),
        ("epc", [], UserGap(known=False, days=None)),
        ("end_user", [None], UserGap(known=True, days=None)),
        ("end_user", [None, NOW - timedelta(days=90)], None),
        ("dealer", [NOW - timedelta(days=91), NOW - timedelta(days=200)], UserGap(known=True, days=91)),
    ],
)
def test_users_out_of_sight(kind, met, gap):
    assert unmet_users(kind, met, NOW, 90) == gap
