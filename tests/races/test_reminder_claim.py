"""Eight workers claim one due reminder at once: one gets it; without the row lock several do."""

import threading
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.db.models import QuerySet

from core import outbox
from core.clock import db_now
from core.models import OutboxMessage
from crm.models import FollowUpReminder
from crm.reminders import MAIL_KIND, remind
from tests.crm.factories import make_customer, make_follow_up

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 8


def at_once(work):
    """What eight threads released together return."""
    barrier, results, lock = threading.Barrier(WORKERS), [], threading.Lock()

    def run():
        try:
            barrier.wait(timeout=20)
            result = work()
        finally:
            connection.close()
        with lock:
            results.append(result)

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def late_follow_up(personas):
    """A follow-up eight days late that no scan has seen."""
    now = db_now()
    customer = make_customer(personas.pm, now - timedelta(days=20), owner=personas.pm)
    return make_follow_up(customer, personas.pm, now - timedelta(days=20), days=12)


def due_mail():
    """One reminder's mail, due now and unclaimed."""
    OutboxMessage.objects.all().delete()
    outbox.enqueue(
        MAIL_KIND, "probe", {"recipient": 1, "reminder": 1}, due_at=db_now() - timedelta(seconds=1)
    )


def claims():
    """How many of eight workers believe the one message is theirs."""
    due_mail()
    return sum(message is not None for message in at_once(lambda: outbox.claim(MAIL_KIND)))


def test_one_of_eight_claims_the_reminder():
    assert claims() == 1
    assert OutboxMessage.objects.get().attempts == 1


def test_eight_scans_remind_once(personas):
    row = late_follow_up(personas)
    now = db_now()
    assert sum(at_once(lambda: remind(now))) == 1
    reminders = FollowUpReminder.objects.filter(follow_up=row)
    assert sorted(reminders.values_list("offset_days", "recipient__username")) == sorted(
        [(0, "pm"), (1, "pm"), (3, "pm"), (7, "pm"), (7, "bm")]
    )


def test_without_the_lock_the_race_shows():
    """The guard is what makes the first test pass: with it off, two workers claim one reminder within 20 rounds."""

    def unlocked(self, *args, **kwargs):
        return self

    with patch.object(QuerySet, "select_for_update", unlocked):
        for _ in range(20):
            if claims() > 1:
                return
    pytest.fail("the race never showed; this test proves nothing")
