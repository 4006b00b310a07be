"""A rhythm of one's own and days to remember: agreed with a reason, more seldom only by the manager."""

import pytest
from django.test import Client

from core.clock import db_now
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion
from core.models import AuditEntry
from crm.models import CareDate
from crm.operations import add_care_date, remove_care_date, set_rhythm
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(personas):
    return make_customer(personas.pm, db_now())


def test_oftener_by_the_owner_and_more_seldom_by_the_manager(personas, customer):
    now = db_now()
    agreed = set_rhythm(by=personas.pm, now=now, customer=customer, every_days=20, reason="客户要求每月两次")
    assert (agreed.contact_every_days, (agreed.contact_due_at - customer.created_at).days) == (20, 20)
    with pytest.raises(RuleBroken):
        set_rhythm(by=personas.pm, now=now, customer=customer, every_days=120, reason="x")
    assert (
        set_rhythm(
            by=personas.bm, now=now, customer=customer, every_days=120, reason="客户不愿被打扰"
        ).version
        == 3
    )
    back = set_rhythm(by=personas.pm, now=now, customer=customer, every_days=None, reason="恢复")
    assert (back.contact_every_days, (back.contact_due_at - customer.created_at).days) == (None, 90)
    assert AuditEntry.objects.filter(code="crm.change_rhythm_customer").count() == 3


def test_who_may_not(personas, customer):
    now = db_now()
    with pytest.raises(NotFound):
        set_rhythm(by=personas.outsider_pm, now=now, customer=customer, every_days=9, reason="x")
    with pytest.raises(NotAllowed):
        set_rhythm(by=personas.sv, now=now, customer=customer, every_days=9, reason="x")
    with pytest.raises(StaleVersion):
        set_rhythm(by=personas.pm, now=now, customer=customer, every_days=9, reason="x", version=8)


def test_days_to_remember(personas, customer):
    now = db_now()
    day = {"by": personas.pm, "now": now, "customer": customer, "kind": "founding"}
    kept = add_care_date(month=2, day=29, **day)
    for wrong in ({"month": 2, "day": 30}, {"month": 13, "day": 1}, {"month": 2, "day": 29}):
        with pytest.raises(RuleBroken):
            add_care_date(**wrong, **day)
    with pytest.raises(NotAllowed):
        add_care_date(month=5, day=1, **{**day, "by": personas.sv})
    with pytest.raises(NotAllowed):
        remove_care_date(by=personas.sv, now=now, care_date=kept)
    remove_care_date(by=personas.pm, now=now, care_date=kept)
    assert not CareDate.objects.exists()


def test_the_pages(personas, customer):
    client = Client()
    client.force_login(personas.pm)
    add = f"/crm/customers/{customer.pk}/care-dates/add/"
    assert client.post(add, {"kind": "other", "month": 4, "day": 31, "label": "x"}).status_code == 400
    assert client.post(add, {"kind": "other", "month": 4, "day": 30, "label": "厂庆"}).status_code == 302
    shown = client.get(f"/crm/customers/{customer.pk}/care/").content.decode()
    assert "厂庆" in shown
    day = CareDate.objects.get()
    assert client.post(f"/crm/care-dates/{day.pk}/delete/").status_code == 302
    rhythm = f"/crm/customers/{customer.pk}/rhythm/"
    assert client.post(rhythm, {"every_days": 15, "reason": ""}).status_code == 400
    refused = client.post(rhythm, {"every_days": 200, "reason": "忙"})
    assert (refused.status_code, 'value="200"' in refused.content.decode()) == (400, True)
    assert client.post(rhythm, {"every_days": 15, "reason": "客户要求"}).status_code == 302
