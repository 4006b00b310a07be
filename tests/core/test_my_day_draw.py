"""My day draws the first screen at once, counts everything, and leaves nothing out."""

from datetime import timedelta

import pytest

from core.clock import db_now
from core.my_day import DRAWN
from tests.crm.factories import make_customer, make_follow_up

pytestmark = pytest.mark.django_db


def test_the_first_reply_is_short_and_the_rest_one_link_away(client, personas):
    now = db_now()
    customer = make_customer(personas.pm, now - timedelta(days=40), owner=personas.pm)
    for number in range(DRAWN + 5):
        make_follow_up(
            customer, personas.pm, now - timedelta(days=30), days=30 + number % 3, text=f"第{number}件"
        )
    client.force_login(personas.pm, backend="accounts.backends.PasswordBackend")
    page = client.get("/")
    assert page.context["total"] == DRAWN + 5
    assert page.context["undrawn"] == 5
    assert sum(len(group["rows"]) for group in page.context["groups"]) == DRAWN
    assert sum(group["count"] for group in page.context["groups"]) == DRAWN + 5
    whole = client.get("/?all=1")
    assert whole.context["undrawn"] == 0
    assert sum(len(group["rows"]) for group in whole.context["groups"]) == DRAWN + 5
