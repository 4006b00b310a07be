"""Characters that look like digits but are no number, and numbers no column holds: never a fault of the server."""

from typing import Any

import pytest
from django.test import Client

from tests.crm.factories import make_customer
from tests.personas import NOW

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "/crm/activities/add/?customer={}",
    "/crm/follow-ups/add/?customer={}",
    "/complaints/complaints/add/?ticket={}",
    "/complaints/complaints/add/?customer={}",
    "/projects/projects/new/?customer={}",
    "/projects/board/?owner={}",
    "/service/tickets/add/?pump={}",
    "/service/tickets/add/?customer={}",
    "/kpi/metrics/verified_contacts/rows/?subject={}",
    "/api/v1/customers/?limit={}",
    "/api/v1/metrics/verified_contacts/rows/?subject={}",
)


@pytest.mark.parametrize(
    "odd", ["²", "١٢", "9" * 30, "-1", "1e3"], ids=["superscript", "arabic", "huge", "negative", "float"]
)
def test_an_odd_number_in_an_address_is_refused_or_ignored(personas: Any, odd: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(personas.bm)
    answers = {address: client.get(address.format(odd)).status_code for address in ADDRESSES}
    assert 200 in answers.values()
    assert {address: code for address, code in answers.items() if code >= 500} == {}


@pytest.mark.parametrize("odd", ["²", "9" * 30])
def test_an_odd_version_is_refused(personas: Any, odd: str) -> None:
    row = make_customer(personas.bm, NOW, owner=personas.pm)
    client = Client(raise_request_exception=False)
    client.force_login(personas.pm)
    body = {"short_name": "云润", "version": odd}
    answer = client.patch(f"/api/v1/customers/{row.pk}/", body, content_type="application/json")
    assert answer.status_code in (400, 409)
    row.refresh_from_db()
    assert row.short_name != "云润"
