"""Eight people close one case at once: one succeeds; without the row lock the same test shows the race."""

import threading
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.db.models import QuerySet

from complaints.models import Complaint
from core.errors import WrongState
from core.models import AuditEntry
from tests.complaints.factories import NOW, verifying

pytestmark = pytest.mark.django_db(transaction=True)
CLOSERS = 8


def close_at_once(case, by):
    """The outcomes of eight threads released together."""
    barrier, outcomes, lock = threading.Barrier(CLOSERS), [], threading.Lock()

    def close():
        try:
            barrier.wait(timeout=20)
            Complaint.objects.get(pk=case.pk).close(by=by, now=NOW + timedelta(days=2))
            outcome = "closed"
        except WrongState:
            outcome = "refused"
        finally:
            connection.close()
        with lock:
            outcomes.append(outcome)

    threads = [threading.Thread(target=close) for _ in range(CLOSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def closings(case):
    return AuditEntry.objects.filter(code="complaints.close_complaint", object_id=case.pk).count()


def test_one_of_eight_closes_the_case(personas):
    case = verifying(personas)
    outcomes = close_at_once(case, personas.sv)
    assert sorted(outcomes) == ["closed", *["refused"] * (CLOSERS - 1)]
    assert closings(case) == 1


def test_without_the_lock_the_race_shows(personas):
    """The guard is what makes the test above pass: with it off, several closings get through within 20 rounds."""

    def unlocked(self, *args, **kwargs):
        return self

    with patch.object(QuerySet, "select_for_update", unlocked):
        for _ in range(20):
            case = verifying(personas)
            close_at_once(case, personas.sv)
            if closings(case) > 1:
                return
    pytest.fail("the race never showed; this test proves nothing")
