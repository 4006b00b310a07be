"""What was opened last stands first in the search, as far as the reader sees it; what was typed is kept nowhere."""

import pytest
from django.test import Client
from django.urls import reverse

from core.opened import MOST, opened
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db


def titles(user, *addresses):
    return [hit.title for found in opened(user, addresses) for hit in found.items]


@pytest.fixture
def rows(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm, name="澄湖水务")
    person = make_contact(customer, personas.pm, now, name="单小雨")
    return customer, person, make_activity(customer, personas.pm, now, summary="谈了叶轮材质和交期")


def test_records_of_several_kinds_in_the_order_of_opening(personas, rows):
    customer, person, log = (row.get_absolute_url() for row in rows)
    assert titles(personas.pm, log, customer, person, log) == ["谈了叶轮材质和交期", "澄湖水务", "单小雨"]


@pytest.mark.parametrize(
    "address", ["", "/", "/crm/customers/", "/crm/customers/999999/", "/nothing/at/1/", "https://x/1/", "//x", "/files/a/1/"]
)  # fmt: skip
def test_what_is_no_record_is_left_out(personas, rows, address):
    assert titles(personas.pm, address) == []


def test_what_one_may_not_see_is_not_named_and_the_list_is_short(personas, now, rows):
    addresses = [row.get_absolute_url() for row in rows]
    assert titles(personas.outsider_pm, *addresses) == []
    many = [
        make_customer(personas.pm, now, owner=personas.pm).get_absolute_url() for _turn in range(MOST + 3)
    ]
    assert len(titles(personas.pm, *many)) == MOST


def test_two_statements_a_kind_at_most(personas, rows, django_assert_max_num_queries):
    addresses = [row.get_absolute_url() for row in rows]
    personas.pm.authority()
    with django_assert_max_num_queries(2 * len(rows)):
        titles(personas.pm, *addresses)


def test_the_search_offers_it_before_anything_is_typed(personas, rows):
    client = Client()
    client.force_login(personas.pm)
    asked = {"opened": ",".join(row.get_absolute_url() for row in rows), "live": 1}
    page = client.get(reverse("core:search"), {**asked, "q": ""}).content.decode()
    assert page.index("最近打开") < page.index("单小雨")
    assert "最近打开" not in client.get(reverse("core:search"), {**asked, "q": "cs"}).content.decode()
