"""The life of a follow-up: done, postponed with a reason, cancelled; by page and API, with its refusals."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from core.clock import db_now
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import Task
from crm.models import FollowUp
from tests.crm.factories import make_customer, make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(personas):
    now = db_now() - timedelta(days=1)
    return make_follow_up(make_customer(personas.pm, now), personas.pm, now, days=3)


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_done_takes_it_off_the_day_and_off_the_customer(personas, planned):
    planned.complete(by=personas.pm, now=db_now())
    planned.refresh_from_db()
    planned.customer.refresh_from_db()
    assert (planned.state, planned.customer.next_follow_at) == ("done", None)
    assert not Task.objects.filter(closed_at=None).exists()
    with pytest.raises(WrongState):
        planned.complete(by=personas.pm, now=db_now())


def test_postponing_moves_the_line_of_my_day(personas, planned):
    due = db_now() + timedelta(days=9)
    moved = planned.snooze(by=personas.pm, now=db_now(), due_at=due, reason="客户出差")
    assert (moved.state, moved.snoozes, Task.objects.get(closed_at=None).due_at) == ("open", 1, due)
    moved.customer.refresh_from_db()
    assert moved.customer.next_follow_at == due


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_postponing_into_the_past_or_too_far_is_refused(personas, planned, days):
    now = db_now()
    with pytest.raises(RuleBroken):
        planned.snooze(by=personas.pm, now=now, due_at=now + timedelta(days=days), reason="x")


def test_cancelling_keeps_the_reason(personas, planned):
    assert planned.cancel(by=personas.pm, now=db_now(), reason="项目停了").state == "cancelled"


def test_who_may_close_it(personas, planned):
    with pytest.raises(NotFound):
        planned.complete(by=personas.outsider_pm, now=db_now())
    with pytest.raises(NotAllowed):
        planned.complete(by=personas.sv, now=db_now())
    with pytest.raises(StaleVersion):
        planned.complete(by=personas.pm, now=db_now(), version=9)
    assert planned.complete(by=personas.bm, now=db_now()).state == "done"


def test_the_api_refuses_in_the_same_order(personas, planned):
    url = f"/api/v1/follow-ups/{planned.pk}"
    soon = (db_now() + timedelta(days=2)).date().isoformat()
    assert api_of(personas.outsider_pm).post(f"{url}/complete/").status_code == 404
    assert api_of(personas.sv).post(f"{url}/complete/").status_code == 403
    mine = api_of(personas.pm)
    assert mine.post(f"{url}/snooze/", {"due_on": soon}, format="json").status_code == 400
    assert (
        mine.post(f"{url}/snooze/", {"due_on": "2020-01-01", "reason": "x"}, format="json").status_code == 400
    )
    moved = mine.post(f"{url}/snooze/", {"due_on": soon, "reason": "客户出差"}, format="json")
    assert (moved.status_code, moved.json()["state"]) == (200, "open")
    assert mine.post(f"{url}/cancel/", {"version": 1, "reason": "x"}, format="json").status_code == 409
    assert mine.post(f"{url}/complete/").json()["state"] == "done"
    assert mine.post(f"{url}/cancel/", {"reason": "x"}, format="json").status_code == 409
    assert mine.patch(f"{url}/", {"state": "open", "version": 4}, format="json").status_code == 400


def test_a_log_by_api_settles_and_plans_once_per_key(personas, planned):
    due = (db_now() + timedelta(days=5)).isoformat()
    body = {
        "customer": planned.customer_id,
        "follow_up": planned.pk,
        "type": "call",
        "outcome": "reached",
        "summary": "周副总同意先换两台轴承，要我们周五前给书面交期。",
        "next_at": due,
    }
    api = api_of(personas.pm)
    answers = [
        api.post("/api/v1/activities/", body, format="json", headers={"Idempotency-Key": "k-1"})
        for _turn in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    planned.refresh_from_db()
    following = FollowUp.objects.open().get()
    assert (planned.state, following.text) == ("done", "周副总同意先换两台轴承，要我们周五前给书面交期")
    assert api.post("/api/v1/activities/", {**body, "summary": ""}, format="json").status_code == 400
    assert api_of(personas.outsider_pm).post("/api/v1/activities/", body, format="json").status_code == 400
    assert api_of(personas.sv).post("/api/v1/activities/", body, format="json").status_code == 403
