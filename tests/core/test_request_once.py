"""One answer per request key, whatever the double click."""

import threading

import pytest
from django.db import connection

from core.errors import KeyReused
from core.idempotency import once
from core.models import CodeCounter, IdempotencyKey
from core.numbering import next_code, next_codes
from tests.personas import NOW

pytestmark = pytest.mark.django_db


def test_a_repeat_gets_the_first_answer_and_does_nothing(personas):
    runs = []

    def run():
        runs.append(1)
        return {"url": "/x/1/"}

    arguments = {
        "user": personas.pm,
        "route": "/x/",
        "body": {"name": "a", "csrfmiddlewaretoken": "1"},
        "run": run,
    }
    assert once("k1", **arguments) == ({"url": "/x/1/"}, False)
    arguments["body"] = {"name": "a", "csrfmiddlewaretoken": "2"}
    assert once("k1", **arguments) == ({"url": "/x/1/"}, True)
    assert len(runs) == 1


def test_the_same_key_with_another_body_is_refused(personas):
    once("k1", user=personas.pm, route="/x/", body={"name": "a"}, run=dict)
    with pytest.raises(KeyReused):
        once("k1", user=personas.pm, route="/x/", body={"name": "b"}, run=dict)


def test_the_same_key_of_another_person_is_another_request(personas):
    once("k1", user=personas.pm, route="/x/", body={}, run=lambda: {"n": 1})
    assert once("k1", user=personas.bm, route="/x/", body={}, run=lambda: {"n": 2}) == ({"n": 2}, False)


def test_failed_work_leaves_no_key(personas):
    def run():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once("k1", user=personas.pm, route="/x/", body={}, run=run)
    assert not IdempotencyKey.objects.exists()


def test_numbers_follow_prefix_branch_and_local_year(db):
    assert next_code("GD", branch_code="01", now=NOW) == "GD-01-2026-00001"
    assert next_codes("GD", branch_code="01", now=NOW, count=3)[-1] == "GD-01-2026-00004"
    assert next_code("GD", branch_code="02", now=NOW) == "GD-02-2026-00001"
    new_year = NOW.replace(year=2026, month=12, day=31, hour=17)  # 01:00 on 1 January in Shanghai
    assert next_code("GD", branch_code="01", now=new_year) == "GD-01-2027-00001"


@pytest.mark.django_db(transaction=True)
def test_numbers_are_unique_under_load():
    taken, lock = [], threading.Lock()

    def work():
        try:
            for _ in range(10):
                code = next_code("GD", branch_code="01", now=NOW)
                with lock:
                    taken.append(code)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(taken) == len(set(taken)) == 60
    assert CodeCounter.objects.get().next == 61
