"""One company taken up by two people at once, and two merged from both sides at once: one succeeds, nothing is lost."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from core.errors import DomainError
from crm.models import Customer, CustomerMerge
from crm.operations import create_customer, merge_customers
from tests.crm.factories import make_contact, make_customer
from tests.personas import *  # noqa: F403 - fixtures
from tests.personas import NOW

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


def at_once(step: Callable[[int], Any]) -> Counter[str]:
    """Run `step` in several threads that start together; how each of them ended."""
    gate, ends = threading.Barrier(THREADS), Counter[str]()

    def run(number: int) -> None:
        try:
            gate.wait(timeout=20)
            step(number)
            ends["done"] += 1
        except DomainError as refusal:
            ends[type(refusal).__name__] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


@pytest.mark.parametrize("columns", [{}, {"uscc": "91110000600037341L"}])
def test_one_of_many_takes_a_customer_up(personas: Any, columns: dict[str, str]) -> None:
    people = [personas.fresh(("pm", "pm_other", "bm", "dp")[number]) for number in range(THREADS)]
    branch = personas.pm.branch

    def take_up(number: int) -> None:
        name = f"云润水务{number}有限公司" if columns else "云润水务有限公司"
        create_customer(by=people[number], now=NOW, name=name, kind="end_user", branch=branch, **columns)

    assert at_once(take_up) == {"done": 1, "RuleBroken": THREADS - 1}
    assert Customer.objects.count() == 1


def test_one_of_many_merges_succeeds_from_either_side(personas: Any) -> None:
    two = [make_customer(personas.pm, NOW, owner=personas.pm) for _ in range(2)]
    for row in two:
        make_contact(row, personas.pm, NOW, name=f"人{row.pk}")
    people = [personas.fresh(("bm", "co")[number % 2]) for number in range(THREADS)]

    def merge(number: int) -> None:
        survivor, loser = two if number % 2 else reversed(two)
        merge_customers(by=people[number], now=NOW, survivor=survivor, loser=loser)

    assert at_once(merge) == {"done": 1, "WrongState": THREADS - 1}
    (done,) = CustomerMerge.objects.done()
    assert done.survivor.contacts.count() == 2
    assert Customer.objects.alive().get() == done.survivor
