"""Rows that wait for a person, profiles of other systems, words of the file, spoilt numbers."""

import json

import pytest
from rest_framework.test import APIClient

from core.clock import db_now
from core.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.models import AuditEntry
from crm.imports.decide import decide_rows
from crm.imports.fields import TABLES, by_code
from crm.imports.profiles import header_key, offers, ready_profiles
from crm.models import Contact, Customer, ImportBatch, ImportProfile
from tests.crm.factories import make_customer
from tests.crm.import_files import checked, csv_file, imported, upload
from tests.personas import NOW


def decide(by, batch, decision, numbers=()):
    return decide_rows(by=by, now=db_now(), batch=batch, decision=decision, numbers=numbers)


def test_known_customers_wait_and_are_decided_one_by_one_or_together(personas):
    first = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    make_customer(personas.pm, NOW, owner=personas.pm, name="乙公司")
    make_customer(personas.pm, NOW, owner=personas.pm, name="丙公司")
    content = csv_file(
        "甲公司,河北省,石家庄市,水务,,周敏,13800138000", "乙公司,河北省,,,,,", "丙公司,,,,,,", "新公司,,,,,,"
    )
    batch = imported(personas.bm, content, policy="ask")
    assert (batch.waiting_rows, batch.created_rows, batch.skipped_rows) == (3, 1, 0)
    assert batch.rows.get(number=2).findings[-1]["data"]["fields"]
    assert decide(personas.bm, batch, "fill", [2])["updated_rows"] == 1
    first.refresh_from_db()
    assert (first.province_code, first.industry) == ("13", "municipal_water")
    assert Contact.objects.get(customer=first).name == "周敏"
    with pytest.raises(WrongState):
        decide(personas.bm, batch, "skip", [2])
    assert decide(personas.bm, batch, "skip")["skipped_rows"] == 2
    batch.refresh_from_db()
    assert (batch.waiting_rows, batch.updated_rows, batch.skipped_rows) == (0, 1, 2)
    assert batch.accepted_rows + batch.waiting_rows + batch.skipped_rows + batch.rejected_rows == batch.total
    assert batch.rows.get(number=2).decided_by == personas.bm
    assert AuditEntry.objects.filter(code="crm.decide_importbatch").count() == 2
    with pytest.raises(WrongState):
        decide(personas.bm, batch, "skip")
    batch.undo(by=personas.bm)
    first.refresh_from_db()
    assert (first.province_code, first.industry) == ("", "")


def test_a_name_very_like_another_waits_and_may_be_created(personas):
    make_customer(
        personas.pm, NOW, owner=personas.pm, name="石家庄云润水务环境科技发展投资有限公司", province_code="13"
    )
    content = csv_file("石家庄云润水务环境科技发展投资股份有限公司,河北省,石家庄市,,,,")
    told = checked(personas.bm, content)
    assert "alike_name" in [found["code"] for found in told.rows.get().findings]
    assert told.created_rows == 1
    batch = imported(personas.bm, content, policy="ask")
    assert (batch.waiting_rows, batch.created_rows) == (1, 0)
    assert decide(personas.bm, batch, "create")["created_rows"] == 1
    assert Customer.objects.filter(name__startswith="石家庄云润").count() == 2


def test_the_very_same_customer_is_never_created_again(personas):
    make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    batch = imported(personas.bm, csv_file("甲公司,,,,,,"), policy="ask")
    assert decide(personas.bm, batch, "create") == {
        "created_rows": 0,
        "updated_rows": 0,
        "skipped_rows": 0,
        "rejected_rows": 0,
        "pooled_rows": 0,
        "waiting_rows": 1,
    }
    assert Customer.objects.filter(name="甲公司").count() == 1


def test_who_may_not_decide(personas):
    make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    batch = imported(personas.bm, csv_file("甲公司,,,,,,"), policy="ask")
    with pytest.raises(NotFound):
        decide(personas.outsider_bm, batch, "skip")
    with pytest.raises(NotAllowed):
        decide(personas.au, batch, "skip")
    with pytest.raises(RuleBroken):
        decide(personas.bm, batch, "burn")
    waiting = checked(personas.bm, csv_file("甲公司,,,,,,"), policy="ask")
    assert waiting.waiting_rows == 1
    with pytest.raises(WrongState):
        decide(personas.bm, waiting, "skip")


def test_page_and_api_decide(personas, client):
    make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    make_customer(personas.pm, NOW, owner=personas.pm, name="乙公司")
    batch = imported(personas.bm, csv_file("甲公司,河北省,,,,,", "乙公司,河北省,,,,,"), policy="ask")
    client.force_login(personas.bm)
    page = client.get(f"/crm/imports/{batch.pk}/?outcome=waiting").content.decode()
    assert 'name="numbers" value="2"' in page
    assert (
        client.post(f"/crm/imports/{batch.pk}/decide/", {"decision": "fill", "numbers": ["2"]}).status_code
        == 302
    )
    assert client.post(f"/crm/imports/{batch.pk}/decide/", {"decision": "burn"}).status_code == 400
    api = APIClient()
    api.force_authenticate(personas.bm)
    answer = api.post(
        f"/api/v1/imports/{batch.pk}/decide/", {"decision": "skip", "numbers": [3]}, format="json"
    )
    assert (answer.status_code, answer.json()["skipped_rows"]) == (200, 1)
    assert (
        api.post(f"/api/v1/imports/{batch.pk}/decide/", {"decision": "skip"}, format="json").status_code
        == 409
    )


def test_the_export_of_another_system_is_recognised_with_its_words(personas):
    headers = "客户名称,客户级别,一级行业,客户类型,省,市,电话,负责人,客户来源"
    batch = upload(
        personas.bm,
        csv_file("甲公司,重点,石油石化,代理商,河北省,石家庄市,0311-88880000,,招投标", headers=headers),
    )
    [best, *_others] = offers(batch, personas.bm)
    assert best.key == "ready-fxiaoke_customers"
    mapping = best.mapping(batch.headers)
    assert {"name", "industry", "kind", "province", "city", "switchboard", "owner", "source"} == set(mapping)
    client = APIClient()
    client.force_authenticate(personas.bm)
    url = f"/api/v1/imports/{batch.pk}"
    assert client.get(f"{url}/profiles/").json()[0]["key"] == best.key
    answer = client.post(
        f"{url}/map_columns/", {"profile": best.key, "version": batch.version}, format="json"
    )
    assert answer.status_code == 200, answer.content
    from crm.imports.intake import wait_for

    batch.refresh_from_db()
    wait_for(wait_for(batch.dry_run(by=personas.bm)).start(by=personas.bm))
    row = Customer.objects.get(name="甲公司")
    assert (row.kind, row.industry, row.source) == ("dealer", "petrochemical", "tender_site")


def test_a_profile_is_kept_for_the_branch_and_offered_for_the_same_headers(personas, client):
    headers = "单位,地方,什么行当"
    content = csv_file("甲公司,河北省,水厂", headers=headers)
    batch = upload(personas.bm, content)
    client.force_login(personas.bm)
    page = client.get(f"/crm/imports/{batch.pk}/map_columns/").content.decode()
    assert "水厂" in page
    answer = client.post(
        f"/crm/imports/{batch.pk}/map_columns/",
        {
            "version": batch.version,
            "columns": ["name", "province", "kind"],
            "constant_kind": "",
            "word": ["kind|水厂"],
            "meaning": ["end_user"],
            "profile_name": "老台账",
        },
    )
    assert answer.status_code == 302
    profile = ImportProfile.objects.get()
    assert (profile.name, profile.branch, profile.header_key) == (
        "老台账",
        personas.bm.branch,
        header_key(headers.split(",")),
    )
    assert profile.value_maps == {"kind": {"水厂": "end_user"}}
    again = upload(personas.pm, content)
    [offer, *_rest] = offers(again, personas.pm)
    assert (offer.name, offer.mapping(again.headers)) == ("老台账", {"name": 0, "province": 1, "kind": 2})
    assert not [
        one for one in offers(upload(personas.outsider_bm, content), personas.outsider_bm) if one.saved
    ]
    assert (
        f"profile=saved-{profile.pk}" in client.get(f"/crm/imports/{again.pk}/map_columns/").content.decode()
    )
    assert ImportBatch.objects.get(pk=batch.pk).profile == profile


def test_ready_profiles_name_fields_and_codes_we_have():
    for key, row in ready_profiles().items():
        fields = by_code(row["kind"])
        assert set(row["columns"].values()) - {"-"} <= set(fields), key
        for code, words in row["value_maps"].items():
            allowed = fields[code].choices or __import__("crm.choices", fromlist=["Industry"]).Industry
            assert set(words.values()) <= set(allowed.values), (key, code)
    assert {row["kind"] for row in ready_profiles().values()} == set(TABLES)


def test_numbers_a_spreadsheet_spoilt_are_mended_only_where_nothing_is_lost(personas):
    batch = imported(
        personas.bm,
        csv_file(
            "一公司,,,,,甲,13800138000.0",
            "二公司,,,,,乙,1.3800138001E+10",
            "三公司,,,,,丙,1.38001E+10",
            "四公司,,,,9.1110000600E+17,丁,13800138004",
            "五公司,,,,,戊,+86 138 0013 8005",
        ),
    )
    found = {row.number: [one["code"] for one in row.findings] for row in batch.rows.all()}
    assert "number_mended" in found[2]
    assert "number_mended" in found[3]
    assert "number_lost" in found[4]
    assert "number_lost" in found[5]
    numbers = Contact.objects.filter(customer__import_batch=batch).order_by("pk")
    assert [row.mobile for row in numbers] == ["13800138000", "13800138001", "+86 138 0013 8005"]
    assert json.dumps(batch.counts())
