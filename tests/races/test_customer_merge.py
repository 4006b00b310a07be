"""One company taken up by several people at once, and two merged from both sides at once: one succeeds, nothing is lost.

Each once more without its lock, to show that the lock is what does it.
"""

from typing import Any

import pytest

from crm.models import Customer, CustomerMerge
from crm.operations import create_customer, customers, merge_customers, merging
from tests.crm.factories import make_contact, make_customer
from tests.personas import *  # noqa: F403 - fixtures
from tests.personas import NOW
from tests.races.together import Meeting, at_once

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


@pytest.mark.parametrize("columns", [{}, {"uscc": "91110000600037341L"}])
def test_one_of_many_takes_a_customer_up(personas: Any, columns: dict[str, str]) -> None:
    people = [personas.fresh(("pm", "pm_other", "bm", "dp")[number]) for number in range(THREADS)]
    branch = personas.pm.branch

    def take_up(number: int) -> None:
        name = f"云润水务{number}有限公司" if columns else "云润水务有限公司"
        create_customer(by=people[number], now=NOW, name=name, kind="end_user", branch=branch, **columns)

    assert at_once(take_up, THREADS) == {"done": 1, "RuleBroken": THREADS - 1}
    assert Customer.objects.count() == 1


def test_one_of_many_merges_succeeds_from_either_side(personas: Any) -> None:
    two = [make_customer(personas.pm, NOW, owner=personas.pm) for _ in range(2)]
    for row in two:
        make_contact(row, personas.pm, NOW, name=f"人{row.pk}")
    people = [personas.fresh(("bm", "co")[number % 2]) for number in range(THREADS)]

    def merge(number: int) -> None:
        survivor, loser = two if number % 2 else reversed(two)
        merge_customers(by=people[number], now=NOW, survivor=survivor, loser=loser)

    assert at_once(merge, THREADS) == {"done": 1, "WrongState": THREADS - 1}
    (done,) = CustomerMerge.objects.done()
    assert done.survivor.contacts.count() == 2
    assert Customer.objects.alive().get() == done.survivor


def test_without_the_lock_a_company_is_taken_up_twice(personas: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [personas.fresh(("pm", "pm_other", "bm", "dp")[number]) for number in range(THREADS)]
    meeting, looked = Meeting(THREADS), customers.find_duplicates

    def look(party: Any) -> Any:
        found = looked(party)
        meeting.wait()
        return found

    monkeypatch.setattr(customers, "lock_identity", lambda *_keys: None)
    monkeypatch.setattr(customers, "find_duplicates", look)
    branch = personas.pm.branch
    at_once(
        lambda n: create_customer(
            by=people[n], now=NOW, name="云润水务有限公司", kind="end_user", branch=branch
        ),
        THREADS,
    )
    assert Customer.objects.count() > 1


def test_without_the_lock_both_are_merged_away(personas: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    two = [make_customer(personas.pm, NOW, owner=personas.pm) for _ in range(2)]
    meeting = Meeting(2)

    def unlocked(_by: Any, ids: Any) -> list[Customer]:
        rows = {
            row.pk: row
            for row in Customer.objects.filter(pk__in=ids).select_related("branch", "owner", "facts")
        }
        meeting.wait()
        return [rows[pk] for pk in ids]

    monkeypatch.setattr(merging, "_locked", unlocked)
    people = [personas.fresh("bm"), personas.fresh("co")]
    ends = at_once(lambda n: merge_customers(by=people[n], now=NOW, survivor=two[n], loser=two[1 - n]), 2)
    assert ends != {"done": 1, "WrongState": 1}
