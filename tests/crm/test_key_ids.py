"""Ids by key: who is met, who is left out, and that no table is read whole for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from core.copying import copy_rows
from crm.imports.known import Known
from crm.imports.whose import Whose
from crm.imports.work import CustomerChunk
from crm.key_ids import CROWD, OLDEST, ids_by_key
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
            owner=personas.pm, website="https://portal.example", stage_since=NOW, **PLACE,
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
    for draft in drafts:
        draft.columns["name"] = ""  # its key stays; short names alone have no index
    with plans() as found:
        Whose(drafts)
    assert "Seq Scan on crm_customer" not in found
