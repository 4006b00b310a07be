"""The promised rhythm of contact: whose cadence holds, by when a contact is due, and that SQL and Python agree."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.params import set_param
from crm.cadence import cadence_days, care_class, contact_due
from crm.models import Customer
from crm.operations import recount_contact_due
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db

CASES = (
    # columns, class, days (§2.6: VIP 14, 专业 30, 普通 90, prospect 30, care 180)
    ({"tier": "vip"}, "vip", 14),
    ({"tier": "professional"}, "professional", 30),
    ({"tier": "standard"}, "standard", 90),
    ({"tier": "na", "kind": "end_user"}, "prospect", 30),
    ({"tier": "na", "kind": "design_institute"}, "party", 180),
    ({"tier": "standard", "pool_status": "care", "owner": None}, "care", 180),
    ({"tier": "standard", "pool_status": "pool", "owner": None}, "standard", 90),
    ({"tier": "vip", "status": "lost"}, "", 0),
    ({"tier": "vip", "historical": True}, "", 0),
    ({"tier": "na", "kind": "internal_dept"}, "", 0),
    ({"tier": "standard", "contact_every_days": 20}, "standard", 20),
)


def stored(customer, columns):
    Customer.objects.filter(pk=customer.pk).update(**columns)
    customer.refresh_from_db()
    return customer


@pytest.mark.parametrize(("columns", "promised", "days"), CASES)
def test_class_cadence_and_due_day_in_python_and_in_sql(personas, now, columns, promised, days):
    customer = stored(make_customer(personas.pm, now), columns)
    assert (care_class(customer), cadence_days(customer, now)) == (promised, days)
    expected = contact_due(customer, now)
    recount_contact_due(now)
    customer.refresh_from_db()
    assert customer.contact_due_at == expected
    assert recount_contact_due(now) == 0
    if days:
        day = timezone.localdate(customer.created_at) + timedelta(days=days)
        local = timezone.localtime(expected)
        assert (local.date(), local.hour, local.minute) == (day, 23, 59)
        assert customer.is_neglected_at(expected + timedelta(seconds=1))
        assert list(Customer.objects.neglected(expected + timedelta(seconds=1))) == [customer]
    assert not customer.is_neglected_at(now)
    assert not Customer.objects.neglected(now).exists()


def test_a_two_way_contact_moves_the_day_and_an_unanswered_call_does_not(personas, now):
    customer = make_customer(personas.pm, now - timedelta(days=200))
    recount_contact_due(now)
    customer.refresh_from_db()
    before = customer.contact_due_at
    person = make_contact(customer, personas.pm, now)
    make_activity(customer, personas.pm, now, outcome="no_answer", contacts=[person])
    customer.refresh_from_db()
    assert customer.contact_due_at == before
    make_activity(customer, personas.pm, now, contacts=[person])
    customer.refresh_from_db()
    assert timezone.localdate(customer.contact_due_at) == timezone.localdate(now) + timedelta(days=90)
    assert recount_contact_due(now) == 0


def test_the_company_changes_the_cadence_from_a_day_on(personas, now):
    customer = stored(make_customer(personas.pm, now), {"tier": "vip"})
    value = {"vip": 10, "professional": 30, "standard": 0}
    start = now + timedelta(days=1)
    set_param(
        "crm.cadence_days", value, by=personas.co, approved_by=personas.ex, reason="半年复盘", valid_from=start, now=now
    )  # fmt: skip
    assert [cadence_days(customer, at) for at in (now, start)] == [14, 10]
    recount_contact_due(start)
    customer.refresh_from_db()
    assert timezone.localdate(customer.contact_due_at) == timezone.localdate(customer.created_at) + timedelta(
        days=10
    )
    stored(customer, {"tier": "standard"})
    recount_contact_due(start)
    customer.refresh_from_db()
    assert customer.contact_due_at is None
