"""Reminders: on the day and 1, 3, 7 days late, each level once, whatever happens to the worker."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core import outbox
from core.models import Notification, OutboxMessage
from core.sweep import run_scan
from crm import reminders
from crm.models import FollowUp, FollowUpReminder
from crm.planning import due_on
from tests.crm.factories import make_customer, make_follow_up

pytestmark = pytest.mark.django_db
SCAN = "crm.followup_reminders"


@pytest.fixture
def planned(personas, now):
    """Due at the end of the local day of `now`."""
    customer = make_customer(personas.pm, now - timedelta(days=5))
    row = make_follow_up(customer, personas.pm, now - timedelta(days=5))
    FollowUp.objects.filter(pk=row.pk).update(due_at=due_on(timezone.localtime(now).date()))
    row.refresh_from_db()
    return row


def levels(row):
    return list(
        FollowUpReminder.objects.filter(follow_up=row)
        .order_by("offset_days", "recipient__username")
        .values_list("offset_days", "recipient__username")
    )


def scan(now):
    return run_scan(SCAN, now=now, force=True)


def test_each_level_reaches_the_owner_once_and_the_manager_on_day_seven(personas, planned, now):
    for day in range(9):
        scan(now + timedelta(days=day))
        scan(now + timedelta(days=day, minutes=5))
    assert levels(planned) == [(0, "pm"), (1, "pm"), (3, "pm"), (7, "bm"), (7, "pm")]
    owner = Notification.objects.filter(user=personas.pm).order_by("at", "pk").values_list("code", flat=True)
    assert list(owner) == ["crm.followup_due", *["crm.followup_overdue"] * 3]
    assert (
        Notification.objects.get(user=personas.bm, code__startswith="crm.followup").code
        == "crm.followup_escalated"
    )


def test_after_a_downtime_every_level_gets_its_row_and_one_message_is_sent(personas, planned, now):
    scan(now + timedelta(days=8))
    assert levels(planned) == [(0, "pm"), (1, "pm"), (3, "pm"), (7, "bm"), (7, "pm")]
    assert Notification.objects.filter(user=personas.pm, object_id=planned.pk).count() == 1
    first = FollowUpReminder.objects.get(follow_up=planned, offset_days=0)
    assert first.level_at < first.reached_at == now + timedelta(days=8)


def test_before_eight_in_the_morning_nothing_is_said(planned, now):
    morning = timezone.localtime(now).replace(hour=7, minute=59)
    assert scan(morning) == 0
    assert scan(morning + timedelta(minutes=1)) == 1


def test_a_crash_between_claim_and_commit_leaves_the_work_for_the_next_scan(planned, now, monkeypatch):
    def die(*args, **kwargs):
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "notify", die)
        assert scan(now) == 0
    assert not FollowUpReminder.objects.exists()
    assert scan(now + timedelta(minutes=1)) == 1
    assert levels(planned) == [(0, "pm")]


def test_rescheduling_starts_again(personas, planned, now):
    scan(now)
    moved = planned.snooze(by=personas.pm, now=now, due_at=now + timedelta(days=3), reason="客户出差")
    scan(now + timedelta(days=2))
    assert levels(moved) == [(0, "pm")]
    scan(now + timedelta(days=3))
    assert levels(moved) == [(0, "pm"), (0, "pm")]


def test_a_finished_follow_up_is_left_alone(personas, planned, now):
    planned.complete(by=personas.pm, now=now)
    assert scan(now + timedelta(days=8)) == 0


def test_planned_for_the_same_day_is_first_spoken_of_when_late(personas, now):
    customer = make_customer(personas.pm, now)
    row = make_follow_up(customer, personas.pm, now, days=0.1)
    assert scan(now + timedelta(hours=1)) == 0
    scan(now + timedelta(days=1))
    assert levels(row) == [(1, "pm")]


def test_one_mail_carries_everything_that_waits(personas, now):
    customer = make_customer(personas.pm, now - timedelta(days=9))
    for _number in range(3):
        make_follow_up(customer, personas.pm, now - timedelta(days=9), days=7)
    scan(now)
    assert OutboxMessage.objects.filter(kind=reminders.MAIL_KIND).count() == 3
    outbox.deliver_due(reminders.MAIL_KIND)
    outbox.deliver_due(reminders.MAIL_KIND)
    assert [message.to for message in mail.outbox] == [[personas.pm.email]]
    assert mail.outbox[0].body.count("给周副总书面备件交期") == 3
    assert not OutboxMessage.objects.exclude(state="done").filter(kind=reminders.MAIL_KIND).exists()


def test_muted_people_hear_nothing_but_managers_always(personas, planned, now):
    personas.pm.muted_notices = ["crm.followup_due", "crm.followup_overdue"]
    personas.pm.save()
    personas.bm.muted_notices = ["crm.followup_escalated"]
    personas.bm.save()
    scan(now + timedelta(days=7))
    assert not Notification.objects.filter(user=personas.pm, object_id=planned.pk).exists()
    assert Notification.objects.filter(user=personas.bm, object_id=planned.pk).exists()
