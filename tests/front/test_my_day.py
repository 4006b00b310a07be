"""My day: complete, worst first, narrowed by chips, with the action in the row, in few queries."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from core.clock import db_now
from tests.crm.factories import make_customer, make_follow_up

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def desk(client: Client, personas: Any) -> Client:
    """The project manager's browser, with a late, a near and a far next step."""
    now = db_now()
    for days, text in ((3, "三天后的事"), (-6, "六天前的事"), (-2, "两天前的事")):
        customer = make_customer(personas.pm, now, owner=personas.pm)
        make_follow_up(customer, personas.pm, now, days=days, text=text)
    client.force_login(personas.pm)
    return client


def test_worst_stands_on_top(desk: Client) -> None:
    page = desk.get("/").content.decode()
    places = [page.index(text) for text in ("六天前的事", "两天前的事", "三天后的事")]
    assert places == sorted(places)
    assert "逾期 6 天" in strip_tags(page)
    assert "2 件逾期" in strip_tags(page)


def test_row_carries_its_action_and_done_and_postpone(desk: Client) -> None:
    page = desk.get("/").content.decode()
    row = page[page.index('class="task') : page.index("</li>", page.index('class="task'))]
    assert 'data-act="enter"' in row
    assert 'data-act="e"' in row
    assert 'data-act="p"' in row


def test_chip_narrows_and_an_unknown_one_shows_nothing(desk: Client) -> None:
    assert "六天前的事" not in desk.get("/?chip=nothing").content.decode()
    assert "六天前的事" not in desk.get("/?vip=1").content.decode()


def test_others_see_nothing_of_it(desk: Client, personas: Any) -> None:
    desk.force_login(personas.outsider_pm)
    assert "六天前的事" not in desk.get("/").content.decode()


def test_navigation_counts_what_waits(desk: Client) -> None:
    page = desk.get("/notifications/").content.decode()
    nav = strip_tags(
        page[page.index('<nav class="nav"') : page.index("</nav>", page.index('<nav class="nav"'))]
    )
    assert "3 (2 件逾期)" in " ".join(nav.split())


def test_number_of_queries_does_not_grow(
    desk: Client, personas: Any, django_assert_max_num_queries: Any
) -> None:
    now = db_now()
    for _number in range(6):
        customer = make_customer(personas.pm, now, owner=personas.pm)
        make_follow_up(customer, personas.pm, now, days=-1)
    desk.get("/")
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.get("/")
