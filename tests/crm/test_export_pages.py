"""Exports by page and by API: wish, judgement, password, file, and what each reader may do."""

import pytest

from core.models import IdempotencyKey
from core.outbox import deliver_due
from crm.choices import CustomerKind
from crm.exports.work import KIND
from crm.models import Export
from tests.crm.export_files import asked, opened, written
from tests.crm.factories import make_activity, make_contact, make_customer
from tests.personas import NOW

BACKEND = "accounts.backends.PasswordBackend"


def signed_in(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def body_of(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_a_branch_manager_by_page(personas, client):
    make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司", kind="epc")
    make_customer(personas.pm, NOW, owner=personas.pm, name="乙公司", kind="dealer")
    signed_in(client, personas.bm)
    page = client.get("/crm/exports/add/", {"kind": "epc", "cursor": "x", "ordering": "-id"})
    assert 'value="kind=epc"' in page.content.decode()
    answer = client.post("/crm/exports/add/", {"query": "kind=epc", "reason": "年度核对", "format": "csv"})
    export = Export.objects.get()
    url = export.get_absolute_url()
    assert answer["Location"] == url
    assert "hx-get" in client.get(url).content.decode()  # the worker is at it
    deliver_due(KIND)
    page = client.get(url).content.decode()
    assert f"{url}reveal/" in page
    assert f"{url}download/" in page
    for step in ("reveal", "download"):
        assert client.get(f"{url}{step}/").status_code == 405
    shown = client.post(f"{url}reveal/")
    assert "no-store" in shown["Cache-Control"]
    password = shown.context["password"]
    assert password in shown.content.decode()
    assert password not in client.get(url).content.decode()
    assert client.post(f"{url}reveal/").status_code == 409
    answer = client.post(f"{url}download/")
    assert answer["Cache-Control"] == "no-store"
    text = opened(body_of(answer), password).decode("utf-8-sig")
    assert "甲公司" in text
    assert "乙公司" not in text
    assert client.get("/crm/exports/").status_code == 200
    signed_in(client, personas.pm)
    assert client.get(url).status_code == 404
    for step in ("reveal", "download"):
        assert client.post(f"{url}{step}/").status_code == 404


def test_a_project_manager_asks_by_page_and_the_office_judges(personas, client):
    make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司", kind="epc")
    signed_in(client, personas.pm)
    assert "/crm/exports/add/" in client.get("/crm/customers/").content.decode()
    client.post(
        "/crm/exports/add/",
        {"query": "kind=epc", "reason": "拜访前核对", "columns": ["name", "contact_mobile"]},
    )
    url = Export.objects.get().get_absolute_url()
    assert f"{url}approve/" not in client.get(url).content.decode()
    assert client.post(f"{url}approve/").status_code == 403
    signed_in(client, personas.co)
    page = client.get(url).content.decode()
    for told in (
        personas.pm.name,
        "拜访前核对",
        str(CustomerKind.EPC.label),
        f"{url}approve/",
        f"{url}refuse/",
    ):
        assert told in page, told
    assert "t-danger" in page  # full numbers stand out
    assert client.get("/").status_code == 200
    assert client.post(f"{url}refuse/", {"reason": ""}).status_code == 400
    assert client.post(f"{url}refuse/", {"reason": "请先说明拜访计划"}).status_code == 302
    assert client.post(f"{url}approve/").status_code == 409
    signed_in(client, personas.pm)
    page = client.get(url).content.decode()
    assert "请先说明拜访计划" in page
    assert "reason=%E6%8B%9C" in page  # ask anew, nothing typed twice
    assert client.get("/").status_code == 200


def test_by_api(personas, client):
    make_customer(personas.pm, NOW, owner=personas.pm, name="乙公司", kind="dealer")
    signed_in(client, personas.pm)
    body = {"query": "kind=dealer", "reason": "年度核对", "format": "csv", "columns": ["code", "name"]}
    made = client.post("/api/v1/exports/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["available_actions"]) == ("requested", ["withdraw"])
    url = f"/api/v1/exports/{made.json()['id']}/"
    assert client.post(f"{url}reveal/").status_code == 409
    assert client.post(f"{url}download/").status_code == 409
    assert client.post(f"{url}approve/").status_code == 403
    signed_in(client, personas.co)
    assert client.post(f"{url}approve/").json()["state"] == "writing"
    deliver_due(KIND)
    for step in ("reveal", "download"):
        assert client.post(f"{url}{step}/").status_code == 403
    signed_in(client, personas.pm)
    password = client.post(f"{url}reveal/", headers={"Idempotency-Key": "k1"}).json()["password"]
    assert client.post(f"{url}reveal/").status_code == 409
    assert not IdempotencyKey.objects.filter(answer__icontains=password).exists()
    assert password not in client.get(url).content.decode()
    lines = opened(body_of(client.post(f"{url}download/")), password).decode("utf-8-sig").splitlines()
    assert lines[1].endswith(",乙公司")
    for wrong in ({"columns": ["secret"]}, {"resource": "users"}, {"query": "nonsense=1"}, {"reason": ""}):
        answer = client.post("/api/v1/exports/", {**body, **wrong}, content_type="application/json")
        assert answer.status_code == 400, wrong
    signed_in(client, personas.ae)
    assert client.post("/api/v1/exports/", body, content_type="application/json").status_code == 403
    assert client.get("/crm/exports/add/").status_code == 403


def test_the_api_names_the_columns_one_may_ask_for(personas, client):
    url = "/api/v1/exports/columns/"
    known = {one["code"]: one["personal"] for one in signed_in(client, personas.pm).get(url).json()}
    assert (known["name"], known["contact_mobile"]) == (False, True)
    people = client.get(url, {"resource": "contacts"}).json()
    assert "email_masked" in {one["code"] for one in people}
    assert client.get(url, {"resource": "users"}).status_code == 400
    signed_in(client, personas.co)
    assert not any(one["personal"] for one in client.get(url).json())
    signed_in(client, personas.fi)  # customers, yes; people, no
    assert client.get(url).status_code == 200
    assert client.get(url, {"resource": "contacts"}).status_code == 403
    assert signed_in(client, personas.ae).get(url).status_code == 403


def test_full_numbers_are_offered_only_to_whoever_may_open_them(personas, client):
    make_customer(personas.pm, NOW, owner=personas.pm)
    assert "contact_mobile" in signed_in(client, personas.bm).get("/crm/exports/add/").content.decode()
    signed_in(client, personas.co)
    assert "contact_mobile" not in client.get("/crm/exports/add/").content.decode()
    body = {"reason": "年度核对", "columns": ["contact_mobile"]}
    assert client.post("/api/v1/exports/", body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("resource", ["customers", "contacts", "activities"])
def test_every_list_has_its_button_and_its_wish(personas, client, resource):
    customer = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    make_contact(customer, personas.pm, NOW, name="周敏")
    make_activity(customer, personas.pm, NOW)
    for name in ("pm", "bm"):
        page = signed_in(client, personas[name]).get(f"/crm/{resource}/").content.decode()
        assert f"/crm/exports/add/?resource={resource}" in page
        assert client.get("/crm/exports/add/", {"resource": resource}).status_code == 200
        sent = {"resource": resource, "reason": "年度核对"}
        assert client.post("/crm/exports/add/", sent).status_code == 302
        assert Export.objects.latest("pk").resource == resource
    signed_in(client, personas.ae)
    assert "/crm/exports/add/" not in client.get(f"/crm/{resource}/").content.decode()
    assert client.get("/crm/exports/add/", {"resource": resource}).status_code == 403
    assert signed_in(client, personas.bm).get("/crm/exports/add/", {"resource": "users"}).status_code == 400


def test_my_day_shows_the_wish_and_then_the_file(personas, client):
    make_customer(personas.pm, NOW, owner=personas.pm)
    wish = asked(personas.pm)
    assert wish.get_absolute_url() in signed_in(client, personas.co).get("/").content.decode()
    ready = written(personas.bm)
    assert ready.get_absolute_url() in signed_in(client, personas.bm).get("/").content.decode()
