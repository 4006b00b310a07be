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
from crm.operations import finish_follow_up, preview_snooze, snooze_many
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


def test_many_are_postponed_after_a_preview(personas, customer, planned):
    now = db_now()
    due = now + timedelta(days=5)
    closed = make_follow_up(customer, personas.pm, now, days=2)
    closed.complete(by=personas.pm, now=now)
    far = make_follow_up(customer, personas.pm, now, days=30)
    rows = list(FollowUp.objects.order_by("pk"))
    shown = preview_snooze(by=personas.pm, now=now, follow_ups=rows, due_at=due)
    assert [bool(shift.refusal) for shift in shown] == [False, True, True]
    moved = snooze_many(by=personas.pm, now=now, follow_ups=rows, due_at=due, reason="客户停产检修")
    assert [row.pk for row in moved] == [planned.pk]
    far.refresh_from_db()
    assert far.snoozes == 0
    with pytest.raises(RuleBroken):
        snooze_many(by=personas.sv, now=now, follow_ups=rows, due_at=due, reason="x")
