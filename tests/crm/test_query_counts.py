"""Lists and the 360 page ask a fixed number of questions, however much there is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 12


def queries(user, path):
    client = Client()
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def grow(personas, now, count):
    for number in range(count):
        customer = make_customer(personas.pm, now)
        person = make_contact(customer, personas.pm, now)
        make_activity(
            customer,
            personas.pm,
            now,
            contacts=[person],
            next_step="回访",
            next_at=now + timedelta(days=number + 1),
        )
    return customer


@pytest.mark.parametrize(
    "path", ["/crm/customers/", "/crm/contacts/", "/crm/follow-ups/", "/crm/activities/add/"]
)
def test_lists_are_flat(personas, now, path):
    grow(personas, now, FEW)
    before = queries(personas.pm, path)
    grow(personas, now, MANY)
    assert queries(personas.pm, path) == before


def test_the_customer_page_is_flat_and_small(personas, now):
    customer = make_customer(personas.pm, now - timedelta(days=40))

    def live(days):
        for day in days:
            at = now - timedelta(days=day)
            person = make_contact(customer, personas.pm, at)
            make_activity(
                customer,
                personas.pm,
                at,
                contacts=[person],
                next_step="回访",
                next_at=now + timedelta(days=1),
            )
            make_follow_up(customer, personas.pm, at, days=50)

    live(range(30, 27, -1))
    before = queries(personas.pm, customer.get_absolute_url())
    live(range(27, 5, -1))
    after = queries(personas.pm, customer.get_absolute_url())
    assert after == before
    assert after <= 14
