"""The one search box: hanzi, pinyin, initials, numbers — in the reader's scope, one query a kind."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import search_registry
from core.search_registry import search_everywhere
from tests.crm.factories import make_contact, make_customer
from tests.personas import NOW


def found(user, typed):
    return {hit.title for group in search_everywhere(user, typed) for hit in group.items}


@pytest.fixture
def known(personas):
    customer = make_customer(
        personas.pm,
        NOW,
        owner=personas.pm,
        name="云润水务集团有限公司",
        former_names=["润泽给排水"],
        uscc="91110000600037341L",
    )
    make_contact(customer, personas.pm, NOW, name="单小雨", mobile="13800138000")
    make_customer(personas.outsider_pm, NOW, owner=personas.outsider_pm, name="云润上海水务公司")
    return customer


@pytest.mark.parametrize(
    "typed",
    ["云润", "水务", "yunrun", "yrsw", "ysw"[1:], "润泽", "91110000600037341L"],
)
def test_a_customer_is_found_however_it_is_typed(personas, known, typed):
    assert found(personas.pm, typed) == {"云润水务集团有限公司"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("重庆长江水务有限公司", "chongqing"),
        ("重庆长江水务有限公司", "cqcj"),
        ("厦门海沧供水有限公司", "xiamen"),
        ("长沙银行大厦物业公司", "changsha"),
        ("长沙银行大厦物业公司", "yinhang"),
        ("长沙银行大厦物业公司", "dasha"),
    ],
)
def test_a_sign_with_several_readings_is_found_by_each(personas, name, typed):
    make_customer(personas.pm, NOW, owner=personas.pm, name=name)
    assert found(personas.pm, typed) == {name}


def test_code_finds_too(personas, known):
    assert known.name in found(personas.pm, known.code)


@pytest.mark.parametrize("typed", ["单小雨", "shan", "sxy", "138 0013 8000", "+8613800138000", "8000"])
def test_a_person_is_found_by_name_reading_or_number(personas, known, typed):
    assert "单小雨" in found(personas.pm, typed)


def test_nobody_finds_what_is_not_theirs(personas, known):
    assert found(personas.outsider_bm, "云润") == {"云润上海水务公司"}
    assert found(personas.outsider_bm, "13800138000") == set()
    assert found(personas.pm_other, "云润") == set()
    assert found(personas.ad, "云润") == set()


def test_own_customers_come_first_and_each_kind_costs_one_query(personas, known):
    make_customer(personas.pm_other, NOW, owner=personas.pm_other, name="云润给水厂")
    user = personas.fresh("pm")
    user.authority()
    with CaptureQueriesContext(connection) as queries:
        groups = search_everywhere(user, "云润")
    assert len(queries) <= len(search_registry.kinds())
    assert groups[0].items[0].title == known.name
    assert [hit.title for hit in search_everywhere(user, "")[0].items] == [known.name]


@pytest.mark.parametrize(
    "typed", ["%", "'", "\0", "((((", "&|!", "云 润 水 务 集 团 有", "x" * 5000, "\ud800"]
)
def test_odd_words_do_no_harm(personas, known, typed):
    search_everywhere(personas.pm, typed)


def test_the_page_and_the_live_list(personas, known, client):
    client.force_login(personas.pm, backend="accounts.backends.PasswordBackend")
    page = client.get("/search/", {"q": "yrsw"})
    assert known.get_absolute_url() in page.content.decode()
    live = client.get("/search/", {"q": "yrsw", "live": "1"}).content.decode()
    assert "<html" not in live
    assert "palette-item" in live
    assert "上海" not in live
