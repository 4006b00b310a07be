"""Leading the team's follow-ups: moving, urging, handing a single one over, finishing with the next, postponing many."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core.clock import db_now
from core.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.models import Notification, Task
from crm.models import Customer, FollowUp
from crm.operations import finish_follow_up
from crm.planning import due_on
from tests.crm.factories import make_customer, make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(personas):
    return make_customer(personas.pm, db_now() - timedelta(days=20))


@pytest.fixture
def planned(personas, customer):
    return make_follow_up(customer, personas.pm, db_now() - timedelta(days=1), days=3)


def late(row, days=2):
    FollowUp.objects.filter(pk=row.pk).update(
        due_at=due_on(timezone.localdate(db_now()) - timedelta(days=days))
    )
    row.refresh_from_db()
    return row


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def page_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_moving_asks_for_a_reason_only_when_overdue(personas, planned):
    now = db_now()
    soon = now + timedelta(days=1)
    moved = planned.reschedule(by=personas.pm, now=now, due_at=soon)
    assert (moved.due_at, moved.snoozes, Task.objects.get(closed_at=None).due_at) == (soon, 0, soon)
    for wrong in (now - timedelta(days=1), now + timedelta(days=400)):
        with pytest.raises(RuleBroken):
            planned.reschedule(by=personas.pm, now=now, due_at=wrong)
    late(planned)
    with pytest.raises(RuleBroken):
        planned.reschedule(by=personas.pm, now=now, due_at=soon)
    assert planned.reschedule(by=personas.pm, now=now, due_at=soon, reason="客户出差").state == "open"
    with pytest.raises(NotAllowed):
        planned.reschedule(by=personas.sv, now=now, due_at=soon)
    with pytest.raises(NotFound):
        planned.reschedule(by=personas.outsider_pm, now=now, due_at=soon)


def test_the_manager_urges_once_a_day(personas, planned):
    now = db_now()
    with pytest.raises(RuleBroken):
        planned.nudge(by=personas.bm, now=now)
    late(planned)
    with pytest.raises(NotAllowed):
        planned.nudge(
            by=personas.pm_other, now=now
        ) if planned.customer.owner == personas.pm_other else planned.nudge(by=personas.pm, now=now)
    for _turn in range(2):
        planned.nudge(by=personas.bm, now=now, note="客户在等")
    planned.nudge(by=personas.bm, now=now + timedelta(days=1))
    told = Notification.objects.filter(user=personas.pm, code="crm.followup_nudged")
    assert told.count() == 2


def test_one_follow_up_is_handed_over_and_its_customer_shown(personas, planned):
    now = db_now()
    assert not Customer.objects.visible_to(personas.pm_other).filter(pk=planned.customer_id).exists()
    for wrong in (personas.pm, personas.outsider_pm):
        with pytest.raises(RuleBroken):
            planned.hand_over(by=personas.bm, now=now, to=wrong, reason="休假")
    with pytest.raises(NotAllowed):
        planned.hand_over(by=personas.pm, now=now, to=personas.pm_other, reason="休假")
    moved = planned.hand_over(by=personas.bm, now=now, to=personas.pm_other, reason="休假")
    personas.pm_other.forget_authority()
    assert (moved.owner, moved.customer.owner) == (personas.pm_other, personas.pm)
    assert Task.objects.get(closed_at=None).assignee == personas.pm_other
    assert FollowUp.objects.visible_to(personas.pm_other).filter(pk=planned.pk).exists()
    assert Notification.objects.filter(user=personas.pm_other, code="crm.followup_handed_over").exists()
    assert moved.complete(by=personas.pm_other, now=now).state == "done"


def test_done_and_the_next_in_one_breath(personas, planned):
    now = db_now()
    finish_follow_up(by=personas.pm, now=now, follow_up=planned, next_at=now + timedelta(days=7))
    following = FollowUp.objects.open().get()
    planned.refresh_from_db()
    assert (planned.state, following.text, following.owner) == ("done", planned.text, personas.pm)
    finish_follow_up(by=personas.pm, now=now, follow_up=following)
    assert not FollowUp.objects.open().exists()
    with pytest.raises(WrongState):
        finish_follow_up(by=personas.pm, now=now, follow_up=following, next_at=now + timedelta(days=7))
    assert FollowUp.objects.count() == 2


def test_the_list_is_grouped_filtered_and_worked_from(personas, customer, planned):
    late(make_follow_up(customer, personas.pm, db_now() - timedelta(days=9), days=10, text="迟了的"))
    make_follow_up(customer, personas.pm, db_now(), days=2, text="去泵房看看", kind="visit")
    pm = page_of(personas.pm)
    page = pm.get("/crm/follow-ups/")
    shown = page.content.decode()
    assert shown.count('day-group"') >= 2
    assert shown.index("迟了的") < shown.index("去泵房看看")
    for query, count in (
        ("when=overdue", 1),
        ("view=visits", 1),
        ("kind=visit", 1),
        ("view=care", 0),
        ("tier=vip", 0),
        ("view=mine", 3),
    ):
        assert len(pm.get(f"/crm/follow-ups/?{query}").context["rows"]) == count, query


def test_finishing_by_page_and_by_api(personas, planned):
    pm, api = page_of(personas.pm), api_of(personas.pm)
    address = f"/crm/follow-ups/{planned.pk}/finish/"
    assert page_of(personas.sv).get(address).status_code == 403
    assert page_of(personas.outsider_pm).get(address).status_code == 404
    assert pm.get(address).status_code == 200
    assert pm.post(address, {"next_on": "2020-01-01"}).status_code == 400
    assert pm.post(address, {"next_step": "再去"}).status_code == 400
    day = (db_now() + timedelta(days=5)).date().isoformat()
    assert (
        pm.post(address, {"next_on": day, "next_step": "再去", "version": planned.version}).status_code == 302
    )
    following = FollowUp.objects.open().get()
    assert following.text == "再去"
    answer = api.post(f"/api/v1/follow-ups/{following.pk}/finish/", {"next_on": day}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    assert api.post(f"/api/v1/follow-ups/{following.pk}/finish/", {}, format="json").status_code == 409
    assert (
        api_of(personas.sv).post(f"/api/v1/follow-ups/{following.pk}/finish/", {}, format="json").status_code
        == 403
    )


def test_the_team_page_counts_opens_rows_and_nudges_once(personas, customer, planned):
    late(planned, days=9)
    bm = page_of(personas.bm)
    line = next(
        one for one in bm.get("/crm/follow-ups/team/").context["team"] if one["person"] == personas.pm
    )
    assert (line["open"], line["overdue"], line["week_late"]) == (1, 1, 1)
    opened = bm.get(f"/crm/follow-ups/?view=all&owner={personas.pm.pk}&when=overdue")
    assert len(opened.context["rows"]) == 1
    address = f"/crm/follow-ups/team/{personas.pm.pk}/nudge/"
    assert page_of(personas.pm_other).post(address).status_code == 403
    for _turn in range(2):
        assert bm.post(address).status_code == 302
    assert Notification.objects.filter(user=personas.pm, code="crm.followups_nudged").count() == 1
    assert page_of(personas.outsider_bm).get("/crm/follow-ups/team/").context["team"] == []
    assert page_of(personas.pm).get("/crm/follow-ups/team/").status_code == 403
