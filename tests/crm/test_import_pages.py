"""The import and export by page and by API: steps, refusals, nothing shown of what is hidden, cells as text."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from core.errors import RuleBroken
from core.outbox import deliver_due
from core.spreadsheets import read_table
from crm.imports.intake import KIND
from crm.models import Customer, ImportBatch
from tests.crm.factories import make_customer
from tests.crm.import_files import HEADERS, checked, csv_file, imported
from tests.personas import NOW

BACKEND = "accounts.backends.PasswordBackend"
EVIL = "<script>alert(1)</script>公司"


def signed_in(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def a_file(*lines):
    return SimpleUploadedFile("客户.csv", csv_file(*lines), content_type="text/csv")


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_file_to_the_customers_by_page(personas, client, language):
    type(personas.bm).objects.filter(pk=personas.bm.pk).update(language=language)
    signed_in(client, personas.fresh("bm"))
    assert client.get("/crm/imports/add/").status_code == 200
    answer = client.post(
        "/crm/imports/add/", {"file": a_file(f"{EVIL},河北省,,水务,,,", ",,,,,,13900000000")}
    )
    batch = ImportBatch.objects.get()
    assert answer["Location"] == f"/crm/imports/{batch.pk}/map_columns/"
    page = client.get(answer["Location"]).content.decode()
    assert "UTF-8" in page
    assert EVIL not in page
    words = ["name", "province", "city", "industry", "uscc", "contact_name", "contact_mobile"]
    refused = client.post(answer["Location"], {"columns": ["-"] * 7, "version": batch.version})
    assert refused.status_code == 400
    assert HEADERS.split(",")[0] in refused.content.decode()
    answer = client.post(
        answer["Location"],
        {"columns": words, "version": batch.version, "constant_kind": "end_user", "policy": "skip"},
    )
    assert answer["Location"] == batch.get_absolute_url()
    assert "every 1s" in client.get(batch.get_absolute_url()).content.decode()
    deliver_due(KIND)
    report = client.get(batch.get_absolute_url()).content.decode()
    assert "every 1s" not in report
    with translation.override(language):
        assert str(translation.gettext("The name is empty.")) in report
    assert not Customer.objects.filter(import_batch=batch).exists()
    batch.refresh_from_db()
    assert client.post(f"/crm/imports/{batch.pk}/start/", {"version": batch.version}).status_code == 302
    deliver_due(KIND)
    assert Customer.objects.get(import_batch=batch).name == EVIL
    created = client.get(batch.get_absolute_url(), {"outcome": "created"}).content.decode()
    assert EVIL not in created
    assert "&lt;script&gt;" in created
    table = read_table(body_of(client.get(f"/crm/imports/{batch.pk}/rejected/")))
    assert [number for number, _cells in table.rows] == [2]
    assert table.rows[0][1][0] == "3"
    assert client.get("/crm/imports/").status_code == 200
    assert client.post(f"/crm/imports/{batch.pk}/undo/", {}).status_code == 302


def test_the_template_is_read_back_without_its_hints(personas, client):
    signed_in(client, personas.bm)
    content = body_of(client.get("/crm/imports/template/"))
    table = read_table(content)
    assert [header.rstrip(" *") for header in table.headers][:2]
    with pytest.raises(RuleBroken):
        checked(personas.bm, content)


@pytest.mark.parametrize(
    ("who", "status"), [("pm_other", 404), ("outsider_bm", 404), ("ae", 404), ("co", 200), ("au", 200)]
)
def test_imports_of_others(personas, client, who, status):
    batch = imported(personas.bm, csv_file("甲公司,,,,,,"))
    signed_in(client, personas[who])
    assert client.get(batch.get_absolute_url()).status_code == status
    assert client.get(f"/crm/imports/{batch.pk}/rejected/").status_code == status
    refused = client.post(f"/crm/imports/{batch.pk}/undo/", {})
    assert refused.status_code == {404: 404, 200: 403 if who == "au" else 302}[status]
    assert client.get("/crm/imports/add/").status_code == (
        200 if who in ("pm_other", "outsider_bm", "co") else 403
    )


def test_hidden_customers_leave_no_trace_in_the_report(personas, client):
    make_customer(
        personas.outsider_pm,
        NOW,
        owner=personas.outsider_pm,
        name="隐藏公司",
        address="金丝雀路",
        uscc="91110000600037341L",
    )
    batch = checked(personas.bm, csv_file("隐藏公司,,,,,,"))
    signed_in(client, personas.bm)
    hidden = Customer.objects.get(name="隐藏公司")
    pages = client.get(batch.get_absolute_url()).content.decode()
    file = read_table(body_of(client.get(f"/crm/imports/{batch.pk}/rejected/")))
    words = pages + str(file.rows)
    assert personas.outsider_pm.name in words
    for secret in (hidden.code, "金丝雀路", "91110000600037341L", hidden.get_absolute_url()):
        assert secret not in words


def test_by_api_alone(personas, client):
    signed_in(client, personas.bm)
    made = client.post("/api/v1/imports/", {"file": a_file("甲公司,河北省,,,,,", ",,,,,,")})
    assert made.status_code == 201, made.content
    row = made.json()
    url = f"/api/v1/imports/{row['id']}/"
    assert {"map_columns", "cancel"} <= set(row["available_actions"])
    too_early = client.post(f"{url}start/", {}, content_type="application/json")
    assert too_early.status_code == 409
    body = {"columns": ["name", "province", "-", "-", "-", "-", "-"], "constant_kind": "epc"}
    assert (
        client.post(
            f"{url}map_columns/", {**body, "state": "done"}, content_type="application/json"
        ).status_code
        == 400
    )
    assert (
        client.post(f"{url}map_columns/", body, content_type="application/json").json()["state"] == "mapped"
    )
    assert client.post(f"{url}dry_run/", {}, content_type="application/json").json()["state"] == "checking"
    deliver_due(KIND)
    assert client.get(f"{url}rows/").json()["results"][0]["outcome"] == "created"
    assert client.post(f"{url}start/", {}, content_type="application/json").json()["state"] == "running"
    deliver_due(KIND)
    done = client.get(url).json()
    assert (done["state"], done["created_rows"], done["total"]) == ("done", 1, 1)
    assert Customer.objects.get(name="甲公司").kind == "epc"
    assert client.patch(url, {"state": "undone"}, content_type="application/json").status_code == 405
    assert client.post(f"{url}finish/", {}, content_type="application/json").status_code == 403
    signed_in(client, personas.outsider_bm)
    assert client.get(url).status_code == 404
