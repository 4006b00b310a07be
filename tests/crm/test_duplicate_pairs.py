"""What the nightly comparison found: dismissed and remembered, linked, looked at again; and who may decide."""

import pytest

from core.errors import NotAllowed, NotFound, WrongState
from crm.duplicate_sweep import find_pairs
from crm.models import Customer, DuplicatePair
from tests.crm.factories import make_customer
from tests.personas import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(personas):
    """Two customers of one mail domain in one city, found by the search."""
    for name in ("云润水务集团有限公司（示例）", "北京云润给水有限公司（示例）"):
        make_customer(
            personas.pm, NOW, owner=personas.pm, name=name, province_code="11", city_code="110100",
            email_domain="yunrun.example.com",
        )  # fmt: skip
    find_pairs(NOW)
    return DuplicatePair.objects.get()


def test_the_search_finds_the_pair_once(pair):
    assert pair.rules == ["dup_rule_5"]
    find_pairs(NOW)
    assert DuplicatePair.objects.count() == 1


def test_dismiss_is_remembered(pair, personas):
    pair.dismiss(by=personas.bm, now=NOW, reason="两家公司")
    find_pairs(NOW)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("different", personas.bm)
    with pytest.raises(WrongState):
        pair.dismiss(by=personas.bm, now=NOW)
    pair.reopen(by=personas.bm, now=NOW)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("open", None)


def test_link_makes_one_the_parent_of_the_other(pair, personas):
    pair.link(by=personas.bm, now=NOW, parent=pair.first)
    pair.refresh_from_db()
    assert pair.state == "linked"
    assert Customer.objects.get(pk=pair.second_id).parent_id == pair.first_id


def test_dismiss_is_not_for_everybody(pair, personas):
    with pytest.raises(NotAllowed):
        pair.dismiss(by=personas.au, now=NOW)
    for stranger in (personas.pm, personas.outsider_bm):
        with pytest.raises(NotFound):
            pair.dismiss(by=stranger, now=NOW)
    pair.refresh_from_db()
    assert pair.state == "open"
