"""Pages and API of customers: what is seen, what is refused, and what never changes by PATCH."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core.models import AuditEntry
from crm.models import Contact, Customer
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(personas, now):
    return make_customer(personas.pm, now, name="云润水务集团有限公司（示例）", short_name="云润水务")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/crm/customers/",
        "/crm/customers/add/",
        "/crm/customers/{pk}/",
        "/crm/customers/{pk}/?tab=contacts",
        "/crm/customers/{pk}/contacts/",
        "/crm/customers/{pk}/timeline/?group=followup",
        "/crm/customers/{pk}/edit/",
        "/crm/customers/{pk}/contacts/add/",
        "/crm/customers/{pk}/sites/add/",
        "/crm/contacts/",
        "/crm/activities/add/",
        "/crm/activities/add/?customer={pk}",
        "/crm/follow-ups/",
        "/crm/follow-ups/add/?customer={pk}",
        "/crm/customers/pool/",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_open_for_the_owner(personas, now, customer, path, language):
    make_contact(customer, personas.pm, now)
    make_activity(customer, personas.pm, now)
    client = client_of(personas.pm)
    client.cookies["django_language"] = language
    assert client.get(path.format(pk=customer.pk)).status_code == 200


def test_outsiders_get_404_and_roles_without_the_right_403(personas, customer):
    page = f"/crm/customers/{customer.pk}/"
    assert client_of(personas.outsider_pm).get(page).status_code == 404
    assert client_of(personas.pm_other).get(page).status_code == 404
    assert client_of(personas.bm).get(page).status_code == 200
    assert client_of(personas.ad).get("/crm/customers/").status_code == 403
    assert client_of(personas.sv).get(f"{page}edit/").status_code == 403
    assert api_of(personas.outsider_bm).get(f"/api/v1/customers/{customer.pk}/").status_code == 404


@pytest.mark.parametrize("typed", ["云润", "水务", "yunrun", "yrsw", "YRSW"])
def test_search_by_hanzi_pinyin_and_initials(personas, now, customer, typed):
    make_customer(personas.pm, now, name="北岚钢铁股份有限公司（示例）")
    rows = api_of(personas.pm).get("/api/v1/customers/", {"search": typed}).json()["results"]
    assert [row["id"] for row in rows] == [customer.pk]


@pytest.mark.parametrize(
    ("typed", "found"), [("141 0000 9876", 1), ("9876", 1), ("9875", 0), ("14100009876", 1)]
)
def test_a_customer_is_found_by_a_contacts_whole_number_or_last_four(personas, now, customer, typed, found):
    make_contact(customer, personas.pm, now, mobile="141-0000-9876")
    rows = api_of(personas.pm).get("/api/v1/customers/", {"search": typed}).json()["results"]
    assert len(rows) == found


@pytest.mark.parametrize(
    "column",
    ["state", "owner", "tier", "stage", "risk_score", "branch", "pool_status", "status", "last_contact_at"],
)
def test_derived_columns_cannot_be_patched(personas, customer, column):
    answer = api_of(personas.bm).patch(
        f"/api/v1/customers/{customer.pk}/", {column: "vip", "version": customer.version}, format="json"
    )
    assert answer.status_code == 400
    assert column in answer.json()["errors"]


def test_patch_needs_the_version_it_was_based_on(personas, customer):
    url = f"/api/v1/customers/{customer.pk}/"
    api = api_of(personas.pm)
    assert api.patch(url, {"short_name": "云润"}, format="json").status_code == 428
    assert api.patch(url, {"short_name": "云润", "version": 1}, format="json").status_code == 200
    assert api.patch(url, {"short_name": "润", "version": 1}, format="json").status_code == 409
    assert Customer.objects.get(pk=customer.pk).short_name == "云润"


def test_a_customer_with_its_first_contact_is_made_in_one_request(personas):
    body = {
        "name": "青屿石化有限公司（示例）",
        "kind": "end_user",
        "city_code": "110100",
        "contact_name": "周维岳",
        "contact_mobile": "14100000001",
        "contact_role": "decision_maker",
    }
    answer = api_of(personas.pm).post("/api/v1/customers/", body, format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert (made["owner"], made["province_code"], made["tier"]) == (personas.pm.pk, "11", "standard")
    assert Contact.objects.get(customer=made["id"]).is_primary
    again = api_of(personas.pm).post("/api/v1/customers/", body, format="json")
    assert (again.status_code, list(again.json()["errors"])) == (400, ["name"])


def test_numbers_are_masked_until_revealed_with_a_reason(personas, now, customer):
    person = make_contact(customer, personas.pm, now, mobile="14100001234")
    api = api_of(personas.pm)
    shown = api.get(f"/api/v1/contacts/{person.pk}/").json()
    assert shown["mobile_masked"] == "141****1234"
    assert "14100001234" not in str(shown)
    url = f"/api/v1/contacts/{person.pk}/reveal/"
    assert api.post(url, {}, format="json").status_code == 400
    assert api.post(url, {"reason": "call"}, format="json").json()["mobile"] == "14100001234"
    assert AuditEntry.objects.get(code="crm.reveal_contact", object_id=person.pk).reason == "call"
    assert api_of(personas.dh).post(url, {"reason": "call"}, format="json").status_code == 404
    assert api_of(personas.co).post(url, {"reason": "call"}, format="json").status_code == 403


def test_the_daily_allowance_of_numbers_ends(personas, now, customer, monkeypatch):
    person = make_contact(customer, personas.pm, now)
    monkeypatch.setattr("crm.operations.contacts.param", lambda *args, **kwargs: 1)
    api, url = api_of(personas.pm), f"/api/v1/contacts/{person.pk}/reveal/"
    assert [api.post(url, {"reason": "call"}, format="json").status_code for _turn in range(2)] == [200, 429]


def test_the_branch_manager_names_owners_and_others_may_not(personas, now):
    waiting = make_customer(personas.bm, now)
    assert (waiting.owner, waiting.pool_status) == (None, "queue")
    url = f"/api/v1/customers/{waiting.pk}/assign/"
    assert api_of(personas.pm).post(url, {"owner": personas.pm.pk}, format="json").status_code == 404
    wrong = api_of(personas.bm).post(url, {"owner": personas.outsider_pm.pk}, format="json")
    assert wrong.status_code == 400
    given = api_of(personas.bm).post(
        url, {"owner": personas.pm.pk, "version": waiting.version}, format="json"
    )
    assert (given.status_code, given.json()["owner"], given.json()["pool_status"]) == (
        200,
        personas.pm.pk,
        "",
    )


def test_a_transfer_takes_the_open_follow_ups_along_and_needs_a_reason(personas, now, customer):
    planned = make_follow_up(customer, personas.pm, now)
    url = f"/api/v1/customers/{customer.pk}/transfer/"
    body = {"owner": personas.pm_other.pk, "version": customer.version}
    assert api_of(personas.pm).post(url, body, format="json").status_code == 403
    assert api_of(personas.bm).post(url, body, format="json").status_code == 400
    body["reason"] = "区域调整"
    assert api_of(personas.bm).post(url, {**body, "version": 99}, format="json").status_code == 409
    assert api_of(personas.bm).post(url, body, format="json").status_code == 200
    planned.refresh_from_db()
    assert planned.owner == personas.pm_other
    assert Customer.objects.visible_to(personas.fresh("pm")).filter(pk=customer.pk).exists()


def test_the_pool_shows_neither_people_nor_other_branches(personas, now):
    waiting = make_customer(personas.bm, now, name="永定生态修复有限公司（示例）")
    make_contact(waiting, personas.bm, now, name="机密人")
    page = client_of(personas.pm).get("/crm/customers/pool/").content.decode()
    assert "永定生态" in page
    assert "机密人" not in page
    assert "永定生态" not in client_of(personas.outsider_pm).get("/crm/customers/pool/").content.decode()
