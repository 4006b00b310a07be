"""Ids by key: who is met, who is left out, and that no table is read whole for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from core.copying import copy_rows
from crm.duplicate_search import Without, find_duplicates, party_of
from crm.duplicate_sweep import SHARED
from crm.imports.contacts import ContactChunk
from crm.imports.intake import take_upload
from crm.imports.known import Known
from crm.imports.whose import Whose
from crm.imports.work import CustomerChunk
from crm.key_ids import CROWD, OLDEST, ids_by_key
from crm.match_keys import short_key
from crm.models import Contact, Customer, ImportBatch
from crm.name_keys import name_key
from tests.crm.factories import make_contact, make_customer
from tests.crm.import_files import csv_file, upload
from tests.personas import NOW

PLACE = {"province_code": "11", "city_code": "110100"}
MARK = "d:110100:portal.example"
MANY = 3_000


@pytest.fixture
def crowd(personas):
    """A table large enough for the planner to think, all of one domain, each with a person of it."""
    rows = [
        Customer(
            name=f"第{number}机械厂", code=f"T-{number}", kind="end_user", branch=personas.bm.branch,
            owner=personas.pm, website="https://portal.example", stage_since=NOW, short_name=f"{number}机", **PLACE,
        )
        for number in range(MANY)
    ]  # fmt: skip
    copy_rows(rows)
    people = [
        Contact(customer=row, name="周敏", email=f"c{number}@portal.example", mobile=f"141{number:08d}")
        for number, row in enumerate(rows)
    ]
    copy_rows(people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_customer, crm_contact")
    return rows


@contextmanager
def plans() -> Iterator[list[str]]:
    """The plans of the statements inside, node by node."""
    found: list[str] = []

    def explain(execute, sql, params, many, context):
        if "crm_customer" in sql or "crm_contact" in sql:
            with connection.cursor().cursor as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                found.extend(nodes(json.loads(json.dumps(cursor.fetchone()[0]))[0]["Plan"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield found


def nodes(plan: dict) -> Iterator[str]:
    """`Seq Scan on crm_customer` for every node of a plan."""
    yield f"{plan['Node Type']} on {plan.get('Relation Name', '')}"
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def test_of_a_crowd_the_oldest_are_met_and_never_those_left_out(crowd):
    first = [row.pk for row in crowd[: OLDEST + 1]]
    assert ids_by_key({"shared": [MARK]})["customer"] == first[:OLDEST]
    assert ids_by_key({"shared": [MARK]}, without_customers=first[:1])["customer"] == first[1:]
    people = ids_by_key({"domains": ["portal.example", "other.example"]})["person"]
    assert len(people) == OLDEST < CROWD < MANY


def test_the_deleted_are_told_apart_and_their_people_left_out(personas):
    row = make_customer(personas.pm, NOW, owner=personas.pm, name="云润水务集团有限公司")
    person = make_contact(row, personas.pm, NOW, name="许文博", mobile="14100001111")
    words = {"names": [name_key(row.name)], "deleted": [name_key(row.name)], "mobiles": [person.mobile_hash]}
    assert ids_by_key(words) == {"customer": [row.pk], "person": [person.pk], "deleted": []}
    assert ids_by_key(words, without_contacts=[person.pk])["person"] == []
    Customer.objects.filter(pk=row.pk).update(deleted_at=NOW)
    Contact.objects.filter(pk=person.pk).update(deleted_at=NOW)
    assert ids_by_key(words) == {"customer": [], "person": [], "deleted": [row.pk]}
    assert ids_by_key({"names": []}) == {"customer": [], "person": [], "deleted": []}


def test_no_chunk_of_an_import_reads_all_customers_or_people(crowd, personas):
    lines = [f"新{number}水厂,河北省,石家庄市,水务,,周敏,141{number + 50_000:08d}" for number in range(300)]
    batch: ImportBatch = upload(personas.bm, csv_file(*lines))
    chunk = CustomerChunk(batch, now=timezone.now())
    drafts = [chunk.read(line) for line in batch.rows.order_by("number")]
    with plans() as found:
        Known(batch, drafts)
    assert "Bitmap Heap Scan on crm_customer" in found
    assert not {"Seq Scan on crm_customer", "Seq Scan on crm_contact"} & set(found)


def test_no_chunk_of_a_file_of_people_reads_all_customers_whose_short_names_it_gives(crowd, personas):
    lines = [f"{number}机,,周{number},,," for number in range(300)]
    content = csv_file(*lines, headers="客户名称,客户编号,姓名,职务,手机,邮箱")
    batch = take_upload(by=personas.bm, now=NOW, file_name="人.csv", content=content, kind="contacts")
    chunk = ContactChunk(batch, now=timezone.now())
    drafts = [chunk.read(line) for line in batch.rows.order_by("number")]
    with plans() as found:
        whose = Whose(drafts)
    assert {row.code for rows in whose.by_key.values() for row in rows} == {f"T-{n}" for n in range(300)}
    assert "Bitmap Heap Scan on crm_customer" in found
    assert "Seq Scan on crm_customer" not in found


def test_two_customers_of_one_short_name_share_no_key_of_the_duplicate_rules(personas):
    named = {"short_name": "云润", "owner": personas.pm, **PLACE}
    first = make_customer(personas.pm, NOW, name="北京云润水务集团有限公司", **named)
    make_customer(personas.pm, NOW, name="山东青屿石化有限公司", **named)
    assert "s:云润" in first.match_keys
    assert find_duplicates(party_of(first), Without(customers=[first.pk])) == []
    with connection.cursor() as cursor:
        cursor.execute(SHARED, [12])
        assert cursor.fetchall() == []


def test_customers_that_were_there_get_the_key_of_their_short_name_once(personas):
    row = make_customer(
        personas.pm, NOW, name="云润水务集团有限公司", short_name="云润（总部）", owner=personas.pm
    )
    nameless = make_customer(personas.pm, NOW, name="无简称公司", owner=personas.pm)
    before = {pk: keys_kept(pk) for pk in (row.pk, nameless.pk)}
    assert "s:云润总部" in before[row.pk]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_customer SET match_keys = array_remove(match_keys, 's:云润总部')")
    assert ids_by_key({"shorts": short_key("云润总部")})["customer"] == []
    step = import_module("crm.migrations.0027_short_names_found")
    for _again in range(2):
        step.add(apps, connection.schema_editor())
        assert {pk: keys_kept(pk) for pk in before} == before
    assert ids_by_key({"shorts": short_key("云润 总部")})["customer"] == [row.pk]


def keys_kept(pk: int) -> list[str]:
    """The keys as they stand in the table; asking the row would compute them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT match_keys FROM crm_customer WHERE id = %s", [pk])
        return cursor.fetchone()[0]
