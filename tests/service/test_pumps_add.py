"""Pumps recorded together are as those recorded one by one: number, code of the label, scope, search words, audit."""

import pytest

from core.errors import RuleBroken
from core.fields import search_terms_filter
from core.models import AuditEntry
from core.public_tokens import token_hash
from service import operations
from service.models import Pump
from tests.service.factories import NOW, make_customer

pytestmark = pytest.mark.django_db
EQUAL = ("model", "site_id", "owner_id", "branch_id", "status", "version", "code_generation", "standby")


def test_several_pumps_are_as_one_by_one(personas):
    customer = make_customer(personas)
    columns = {"model": "500S35", "site": customer.sites.first(), "flow": 2020, "position": "P-101A"}
    alone = operations.add_pump(by=personas.dp, now=NOW, customer=customer, serial="2403-500S-1", **columns)
    together = operations.add_pumps(
        by=personas.dp,
        now=NOW,
        customer=customer,
        pumps=[{**columns, "serial": f"2403-500S-{number}"} for number in (2, 3)],
    )
    first, *others = Pump.objects.filter(customer=customer).order_by("pk")
    assert [one.pk for one in others] == [one.pk for one in together]
    assert {tuple(getattr(one, name) for name in EQUAL) for one in (first, *others)} == {
        tuple(getattr(alone, name) for name in EQUAL)
    }
    assert len({one.code for one in (first, *others)}) == 3
    for one in together:
        assert Pump.objects.get(public_digest=token_hash(operations.label_token(one))) == one
        assert search_terms_filter(Pump.objects.order_by(), "search_terms", one.serial).get() == one
    written = AuditEntry.objects.filter(code="service.add_pump", root_id=customer.pk)
    assert set(written.values_list("object_id", "at", "actor")) == {
        (one.pk, NOW, personas.dp.pk) for one in (first, *others)
    }


def test_a_site_of_another_customer_is_refused_and_none_is_kept(personas):
    customer, other = make_customer(personas), make_customer(personas)
    wanted = [{"serial": "1", "model": "IS"}, {"serial": "2", "model": "IS", "site": other.sites.first()}]
    with pytest.raises(RuleBroken):
        operations.add_pumps(by=personas.dp, now=NOW, customer=customer, pumps=wanted)
    assert not Pump.objects.exists()


def test_none_are_none(personas):
    assert operations.add_pumps(by=personas.dp, now=NOW, customer=make_customer(personas), pumps=[]) == []
