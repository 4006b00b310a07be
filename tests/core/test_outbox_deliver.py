"""The outbox delivers each effect once, survives dead workers and sets poison aside."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from core import outbox
from core.clock import db_now
from core.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def carried(monkeypatch):
    """A test kind whose handler notes what it carried and fails on demand."""
    seen = []

    def handler(payload, message):
        if payload.get("poison"):
            raise ValueError("bad payload")
        seen.append(payload["n"])

    monkeypatch.setitem(outbox._handlers, "probe", handler)
    return seen


def put(n, *, due_in=-1, poison=False):
    outbox.enqueue(
        "probe", f"probe:{n}", {"n": n, "poison": poison}, due_at=db_now() + timedelta(seconds=due_in)
    )


def test_a_due_message_is_carried_out_once(carried):
    put(1)
    assert outbox.deliver_due("probe") == 1
    assert outbox.deliver_due("probe") == 0
    assert carried == [1]


def test_the_same_effect_enqueued_twice_is_one_message(carried):
    assert outbox.enqueue("probe", "probe:x", {"n": 1}, due_at=db_now())
    assert not outbox.enqueue("probe", "probe:x", {"n": 2}, due_at=db_now())
    outbox.deliver_due("probe", now=db_now() + timedelta(seconds=1))
    assert carried == [1]


def test_a_message_waits_until_it_is_due(carried):
    put(1, due_in=3600)
    assert outbox.deliver_due("probe") == 0
    assert outbox.deliver_due("probe", now=db_now() + timedelta(hours=2)) == 1
    assert carried == [1]


def test_a_dead_workers_message_is_taken_over_when_its_lease_ends(carried):
    put(1)
    dead = outbox.claim("probe")
    assert outbox.claim("probe") is None
    later = db_now() + outbox.LEASE + timedelta(seconds=1)
    assert outbox.deliver_due("probe", now=later) == 1
    assert not outbox.carry_out(dead), "a stale worker may not finish under a lost lease"
    assert OutboxMessage.objects.get().state == "done"


def test_poison_is_set_aside_after_five_attempts_and_the_others_go_on(carried):
    put(1, poison=True)
    put(2)
    now = db_now()
    for _ in range(8):
        now += timedelta(hours=1)
        outbox.deliver_due("probe", now=now)
    poison = OutboxMessage.objects.get(dedupe_key="probe:1")
    assert (poison.state, poison.attempts) == ("quarantined", 6)
    assert "bad payload" in poison.last_error
    assert carried == [2]


def test_a_lost_lease_cannot_be_renewed(carried):
    put(1)
    mine = outbox.claim("probe")
    assert outbox.renew(mine)
    OutboxMessage.objects.update(lease_token=uuid.uuid4())
    assert not outbox.renew(mine)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_carry_forty_messages_once_each(carried):
    for n in range(40):
        put(n)

    def work():
        try:
            outbox.deliver_due("probe")
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    outbox.deliver_due("probe")
    assert sorted(carried) == list(range(40))
