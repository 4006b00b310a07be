"""Entries gathered in long work are the same trail: in order, whole, and there for whoever reads meanwhile."""

from contextlib import suppress
from threading import Thread

import pytest
from django.db import connection, connections

from core import audit
from core.clock import db_now
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def said(code):
    return list(AuditEntry.objects.filter(code=code).order_by("seq").values_list("data__n", flat=True))


def record(personas, n, **more):
    audit.record("test.event", personas.pm, by=personas.bm, now=db_now(), data={"n": n}, **more)


def test_gathered_entries_equal_single_ones(personas):
    record(personas, 1, reason="制表\t与\\换行\n", evidence=[4, 5], from_state="a", to_state="b")
    with audit.gathered():
        record(personas, 1, reason="制表\t与\\换行\n", evidence=[4, 5], from_state="a", to_state="b")
    one, other = AuditEntry.objects.filter(code="test.event").order_by("seq").values()
    assert one.pop("seq") < other.pop("seq")
    one.pop("at"), other.pop("at")
    assert one == other


def test_few_statements_write_them_at_the_end_in_their_order(personas, django_assert_max_num_queries):
    now = db_now()
    with django_assert_max_num_queries(3), audit.gathered():
        for n in range(50):
            audit.record("test.event", personas.pm, by=personas.bm, now=now, data={"n": n})
    assert said("test.event") == list(range(50))


def test_a_reader_finds_what_was_recorded_before(personas):
    with audit.gathered():
        record(personas, 1)
        assert said("test.event") == [1]
        record(personas, 2)
        audit.record_each("test.event", [personas.pm], by=None, now=db_now(), root=personas.pm)
        audit.record_many("test.event", [personas.pm], by=None, now=db_now(), data_of=lambda _: {"n": 4})
        record(personas, 5)
        assert said("test.event") == [1, 2, None, 4, 5]


def test_what_fails_leaves_nothing_and_ends_the_gathering(personas):
    with suppress(ZeroDivisionError), audit.gathered():
        record(personas, 1)
        1 / 0  # noqa: B018
    assert said("test.event") == []
    record(personas, 2)
    assert said("test.event") == [2]


@pytest.mark.django_db(transaction=True)
def test_another_thread_records_at_once_and_for_itself(personas):
    def elsewhere():
        record(personas, 7)
        connections.close_all()

    with audit.gathered():
        record(personas, 1)
        thread = Thread(target=elsewhere)
        thread.start()
        thread.join()
        with connection.cursor() as cursor:  # past the manager, which would write what waits
            cursor.execute("SELECT (data->>'n')::int FROM core_auditentry WHERE code = 'test.event'")
            assert cursor.fetchall() == [(7,)]
    assert said("test.event") == [7, 1]
