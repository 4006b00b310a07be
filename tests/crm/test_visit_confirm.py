"""A customer says over a link whether a visit took place; reading records nothing, answering counts once."""

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core.errors import NotAllowed, RuleBroken, WrongState
from crm.models import VisitConfirmation
from crm.operations import ask_about_visit, state_visit, visit_token
from tests.crm.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(personas, now):
    from crm.operations import log_activity

    customer = make_customer(personas.pm, now, owner=personas.pm)
    return log_activity(
        by=personas.pm, now=now, customer=customer, type="site_visit", outcome="met", occurred_at=now - timedelta(hours=2),
        summary="王工确认二期泵房流量，要我们周五前发正式方案。", next_step="发方案", next_at=now + timedelta(days=3),
        contacts=[make_contact(customer=customer, by=personas.pm, now=now)],
    )  # fmt: skip


def test_the_author_does_not_ask_and_only_fresh_visits_are_asked_about(personas, now, visit):
    with pytest.raises(NotAllowed):
        ask_about_visit(by=personas.pm, now=now, activity=visit)
    with pytest.raises(NotAllowed):
        ask_about_visit(by=personas.ae, now=now, activity=visit)
    with pytest.raises(RuleBroken):
        ask_about_visit(by=personas.bm, now=now + timedelta(days=31), activity=visit)
    visit.author = personas.bm
    with pytest.raises(RuleBroken):
        ask_about_visit(by=personas.bm, now=now, activity=visit)
    visit.author, visit.type = personas.pm, "call"
    with pytest.raises(RuleBroken):
        ask_about_visit(by=personas.bm, now=now, activity=visit)


@pytest.mark.parametrize(("statement", "code"), [("confirmed", "H15"), ("denied", "H15")])
def test_one_tap_moves_the_score_once(personas, now, visit, statement, code):
    before = visit.score
    asked = ask_about_visit(by=personas.bm, now=now, activity=visit)
    assert visit_token(ask_about_visit(by=personas.bm, now=now, activity=visit)) == visit_token(asked)
    page = Client()
    address = f"/v/{visit_token(asked)}"
    shown = page.get(address)
    assert shown.status_code == 200
    assert visit.summary not in shown.content.decode()
    assert str(visit.customer.name) not in shown.content.decode()
    assert not VisitConfirmation.objects.get().statement
    assert page.post(address, {"statement": "perhaps"}).status_code == 400
    assert page.post(address, {"statement": statement, "words": "没有人来过"}).status_code == 200
    assert page.post(address, {"statement": "confirmed"}).status_code == 409
    visit.refresh_from_db()
    signal = next(one for one in visit.signals if one["code"].startswith(code))
    assert (signal["points"] > 0) == (statement == "confirmed")
    assert visit.verified == (statement == "confirmed")
    assert visit.score == (0 if statement == "denied" else max(before, visit.score))
    detail = Client()
    detail.force_login(personas.bm)
    assert "没有人来过" in detail.get(visit.get_absolute_url()).content.decode()


def test_a_link_runs_out_and_unknown_words_are_nothing(personas, now, visit):
    asked = ask_about_visit(by=personas.bm, now=now, activity=visit)
    with pytest.raises(WrongState):
        state_visit(now=now + timedelta(days=15), confirmation=asked, statement="confirmed")
    assert Client().get("/v/aaaaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_asking_on_the_page_and_by_api(personas, now, visit):
    page, api = Client(), APIClient()
    page.force_login(personas.bm)
    api.force_authenticate(personas.bm)
    assert "confirm_visit" in page.get(visit.get_absolute_url()).content.decode()
    assert "/v/" in page.post(f"/crm/activities/{visit.pk}/confirm_visit/").content.decode()
    answer = api.post(f"/api/v1/activities/{visit.pk}/confirm_visit/", {}, format="json")
    assert answer.status_code == 200
    assert "/v/" in answer.json()["link"]
    page.force_login(personas.pm)
    assert page.post(f"/crm/activities/{visit.pk}/confirm_visit/").status_code == 403
    page.force_login(personas.outsider_pm)
    assert page.post(f"/crm/activities/{visit.pk}/confirm_visit/").status_code == 404
