"""People without business for three years are proposed and erased by the officer's word; everybody else is refused."""

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core import outbox
from core.clock import db_now
from core.errors import NotAllowed, RuleBroken
from core.models import AuditEntry, Notification
from crm.models import Contact, Customer, CustomerFacts, CustomerHold
from crm.operations import retire_contact, tell_outlived
from crm.operations.retention import outlived_contacts
from tests.crm.factories import make_contact, make_customer
from tests.personas import make_person

pytestmark = pytest.mark.django_db
LONG = timedelta(days=3 * 365 + 2)


@pytest.fixture
def officer(personas):
    return make_person("officer", "CO", "CRO", ("privacy_officer",))


@pytest.fixture
def person(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    one = make_contact(customer, personas.pm, now, name="欧阳惜墨")
    Contact.objects.filter(pk=one.pk).update(created_at=db_now() - LONG, last_contact_at=None)
    return Contact.objects.get(pk=one.pk)


def is_due(person):
    return outlived_contacts(db_now()).filter(pk=person.pk).exists()


@pytest.mark.parametrize("alive", ["contact", "customer", "order", "hold", "law", "new", "erased"])
def test_whoever_had_business_or_is_needed_stays(person, officer, alive):
    assert is_due(person)
    recent = db_now() - timedelta(days=100)
    if alive in ("contact", "new", "law", "erased"):
        columns = {
            "contact": {"last_contact_at": recent},
            "new": {"created_at": recent},
            "law": {"legal_hold": "仲裁"},
        }
        Contact.objects.filter(pk=person.pk).update(**columns.get(alive, {"contact_removed": True}))
    elif alive == "customer":
        Customer.objects.filter(pk=person.customer_id).update(last_contact_at=recent)
    elif alive == "order":
        CustomerFacts.objects.update_or_create(
            customer=person.customer, defaults={"last_order_on": recent.date()}
        )
    else:
        CustomerHold.objects.create(customer=person.customer, kind="warranty", ref="SB-1")
    assert not is_due(person)
    with pytest.raises(RuleBroken):
        retire_contact(by=officer, now=db_now(), contact=person)


def test_the_officer_is_told_once_a_month_and_decides(personas, person, officer):
    now = db_now()
    assert (tell_outlived(now), tell_outlived(now)) == (1, 0)
    assert tell_outlived(now + timedelta(days=32)) == 1
    assert {one.user for one in Notification.objects.filter(code="crm.contacts_outlived")} == {officer}
    for name in ("co", "pm", "ex"):
        with pytest.raises(NotAllowed):
            retire_contact(by=personas[name], now=now, contact=person)
    client = Client()
    client.force_login(personas.pm)
    assert client.get("/crm/contacts/outlived/").status_code == 403
    client.force_login(officer)
    assert person.name in client.get("/crm/contacts/outlived/").content.decode()
    assert client.post(f"/crm/contacts/{person.pk}/retire/").status_code == 302
    outbox.deliver_due("crm.retire_contact", now=db_now() + timedelta(hours=1))
    person.refresh_from_db()
    assert person.contact_removed
    assert tell_outlived(now + timedelta(days=64)) == 0
    assert set(AuditEntry.objects.filter(object_id=person.pk).values_list("code", flat=True)) >= {
        "crm.retire_contact", "crm.erase_contact",
    }  # fmt: skip


def test_somebody_spoken_with_meanwhile_stays(person, officer):
    retire_contact(by=officer, now=db_now(), contact=person)
    Contact.objects.filter(pk=person.pk).update(last_contact_at=db_now())
    outbox.deliver_due("crm.retire_contact", now=db_now() + timedelta(hours=1))
    person.refresh_from_db()
    assert not person.contact_removed


def test_the_api_lists_and_retires(personas, person, officer):
    api = APIClient()
    api.force_authenticate(officer)
    assert [one["id"] for one in api.get("/api/v1/contacts/?presence=outlived").json()["results"]] == [
        person.pk
    ]
    api.force_authenticate(personas.pm)
    assert api.post(f"/api/v1/contacts/{person.pk}/retire/", {}, format="json").status_code == 403
    api.force_authenticate(officer)
    assert api.post(f"/api/v1/contacts/{person.pk}/retire/", {}, format="json").status_code == 200
    Customer.objects.filter(pk=person.customer_id).update(last_contact_at=db_now())
    assert api.post(f"/api/v1/contacts/{person.pk}/retire/", {}, format="json").status_code == 400
