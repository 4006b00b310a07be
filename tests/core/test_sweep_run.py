"""Scans run when due, never twice at once, and one bad row does not stop the others."""

from datetime import timedelta

import pytest

from core import sweep
from core.clock import db_now
from core.models import Notification, SweepFailure, SweepState

pytestmark = pytest.mark.django_db


@pytest.fixture
def scan(monkeypatch):
    calls = []

    def run(now):
        calls.append(now)
        return len(calls)

    monkeypatch.setitem(sweep._scans, "test.scan", sweep.Scan("test.scan", 60, "default", run))
    return calls


def test_a_scan_runs_when_due_and_not_before(scan):
    start = db_now()
    assert sweep.run_scan("test.scan", now=start) == 1
    assert sweep.run_scan("test.scan", now=start + timedelta(seconds=30)) is None
    assert sweep.run_scan("test.scan", now=start + timedelta(seconds=61)) == 2
    assert sweep.run_scan("test.scan", now=start + timedelta(seconds=62), force=True) == 3


def test_a_failing_scan_is_noted_and_runs_again(monkeypatch):
    def broken(now):
        raise RuntimeError("database of the moon")

    monkeypatch.setitem(sweep._scans, "test.broken", sweep.Scan("test.broken", 60, "default", broken))
    assert sweep.run_scan("test.broken", force=True) == 0
    state = SweepState.objects.get(code="test.broken")
    assert "database of the moon" in state.last_error
    assert state.finished_at is not None


def notice(user, n):
    return Notification.objects.create(user=user, code="x", dedupe_key=f"k{n}", at=db_now())


def test_one_bad_row_is_quarantined_after_five_attempts_and_the_others_are_handled(personas):
    rows = [notice(personas.pm, n) for n in range(3)]
    due = Notification.objects.filter(read_at=None)
    tries = []

    def handle(row):
        if row.pk == rows[1].pk:
            tries.append(row.pk)
            raise ValueError("bad row")
        row.read_at = db_now()
        row.save()

    assert sweep.for_each_due("test.rows", due, handle) == 2
    for _ in range(8):
        assert sweep.for_each_due("test.rows", due, handle) == 0
    assert len(tries) == 5
    failure = SweepFailure.objects.get()
    assert (failure.object_id, failure.attempts) == (rows[1].pk, 5)


def test_a_row_settled_meanwhile_is_not_handled_again(personas):
    first, second = notice(personas.pm, 1), notice(personas.pm, 2)
    due = Notification.objects.filter(read_at=None)

    def handle(row):
        Notification.objects.filter(pk__in=[first.pk, second.pk]).update(read_at=db_now())

    assert sweep.for_each_due("test.rows", due, handle) == 1
