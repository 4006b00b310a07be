"""Many hands on one customer of the pool, and one hand on many: one owner, the day's limit kept; not so without locks."""

from datetime import timedelta
from typing import Any

import pytest

from core.models import AuditEntry
from crm.models import Customer, PoolEvent
from crm.operations import claim_customer, pool
from tests.crm.factories import make_customer
from tests.personas import *  # noqa: F403 - fixtures
from tests.personas import NOW
from tests.races.together import Meeting, at_once

pytestmark = pytest.mark.django_db(transaction=True)
HANDS, A_DAY = 6, 5


def pooled(personas: Any) -> Customer:
    """A customer nobody ever owned, in the pool of the first branch."""
    row = make_customer(personas.dp, NOW - timedelta(days=60), owner=None, branch="01", tier="na")
    Customer.objects.filter(pk=row.pk).update(pool_status="pool", pool_reason="unassigned_import")
    row.refresh_from_db()
    return row


def claims(customer: Customer) -> int:
    return AuditEntry.objects.filter(code="crm.claim_customer", object_id=customer.pk).count()


def hands(personas: Any) -> list[Any]:
    return [personas.fresh(("pm", "pm_other")[number % 2]) for number in range(HANDS)]


def test_one_of_many_hands_gets_it(personas: Any) -> None:
    customer, people = pooled(personas), hands(personas)
    ends = at_once(lambda n: claim_customer(by=people[n], now=NOW, customer=customer), HANDS)
    assert ends == {"done": 1, "WrongState": HANDS - 1}
    assert claims(customer) == 1


def test_without_the_lock_several_get_it(personas: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    customer, people, meeting = pooled(personas), hands(personas), Meeting(HANDS)

    def unlocked(asked: Customer, by: Any) -> Customer:
        row = Customer.objects.in_pool_reach(by).get(pk=asked.pk)
        meeting.wait()
        return row

    monkeypatch.setattr(pool, "_lock_in_pool", unlocked)
    at_once(lambda n: claim_customer(by=people[n], now=NOW, customer=customer), HANDS)
    assert claims(customer) > 1


def test_one_hand_takes_no_more_than_a_day_allows(personas: Any) -> None:
    rows = [pooled(personas) for _ in range(A_DAY + 3)]
    ends = at_once(lambda n: claim_customer(by=personas.fresh("pm"), now=NOW, customer=rows[n]), len(rows))
    assert ends == {"done": A_DAY, "TooMany": 3}
    assert PoolEvent.objects.filter(move="claimed", to_owner=personas.pm).count() == A_DAY


def test_without_its_lock_the_day_is_overdrawn(personas: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, counted = [pooled(personas) for _ in range(A_DAY + 3)], pool._check_claims
    meeting = Meeting(len(rows))

    def uncounted(customer: Customer, claimant: Any, now: Any) -> None:
        counted(customer, claimant, now)
        meeting.wait()

    monkeypatch.setattr(pool, "check_load", lambda *_what: None)
    monkeypatch.setattr(pool, "_check_claims", uncounted)
    at_once(lambda n: claim_customer(by=personas.fresh("pm"), now=NOW, customer=rows[n]), len(rows))
    assert PoolEvent.objects.filter(move="claimed", to_owner=personas.pm).count() > A_DAY
