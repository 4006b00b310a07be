"""Arithmetic of handovers: shares by day, completeness, and proposals that are always the same."""

from datetime import date, timedelta

import pytest

from crm.handover_rules import Parcel, Split, completeness, credit_split, propose

DONE = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "old", "new"),
    [(-1, 100, 0), (0, 70, 30), (30, 70, 30), (31, 30, 70), (90, 30, 70), (91, 0, 100), (400, 0, 100)],
)
def test_credit_is_split_by_days_since_the_handover(days, old, new):
    assert credit_split(DONE, DONE + timedelta(days=days)) == Split(old, new)


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(19, 20, 95.0), (0, 20, 0.0), (0, 0, 0.0), (3, 3, 100.0)]
)
def test_completeness(done, total, percent):
    assert completeness(done, total) == percent


def test_territory_first_then_the_least_load():
    parcels = [Parcel(1, territory_owner=7), Parcel(2, weight=5), Parcel(3), Parcel(4)]
    assert propose(parcels, {7: 4, 8: 0, 9: 1}) == {2: 8, 1: 7, 3: 9, 4: 9}


def test_an_unknown_territory_owner_counts_as_none_and_nobody_means_nothing():
    assert propose([Parcel(1, territory_owner=99)], {8: 3, 5: 3}) == {1: 5}
    assert propose([Parcel(1)], {}) == {}
