"""Lists going out: who, how many, masked, logged with count and digest, and coming back unchanged."""

import hashlib
from datetime import timedelta

import pytest

from core.clock import db_now
from core.errors import NotAllowed, RuleBroken, WrongState
from core.models import AuditEntry, Task
from core.spreadsheets import read_table
from crm.exports import run as exports
from crm.exports.columns import COLUMNS
from crm.exports.run import download, request_export
from crm.models import Customer
from crm.models.imports import Export
from tests.crm.factories import make_contact, make_customer
from tests.crm.import_files import csv_file, imported, upload
from tests.personas import NOW

HOSTILE = ("*ST西水", "=1+1 公司", "+86公司", "-一公司", "@公司", "＝全角公司", "'引号公司", '甲,乙"丙"公司')


def asked(by, **words):
    rows = Customer.objects.visible_to(by)
    words = {"query": "", "file_format": "csv", "reason": "年度核对", **words}
    return request_export(by=by, now=db_now(), rows=rows, **words)


def taken(export, by):
    return b"".join(download(export, by=by, rows=Customer.objects.visible_to(by), now=db_now()))


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_names_come_back_unchanged_whatever_they_begin_with(personas, file_format):
    for name in HOSTILE:
        make_customer(personas.pm, NOW, owner=personas.pm, name=name, industry="other", industry_text="水泥")
    content = taken(asked(personas.bm, file_format=file_format), personas.bm)
    table = read_table(content)
    column = table.headers.index(str(COLUMNS[1].header))
    assert [cells[column] for _number, cells in table.rows if len(cells) > 1 and cells[column]] == list(
        HOSTILE
    )
    before = list(Customer.objects.order_by("pk").values())
    batch = imported(personas.bm, content, policy="fill")
    assert (batch.total, batch.created_rows, batch.updated_rows) == (len(HOSTILE), 0, 0)
    assert list(Customer.objects.order_by("pk").values()) == before
    Customer.objects.all().update(deleted_at=NOW)
    table = upload(personas.bm, content)
    assert "code" in table.mapping
    mapping = {field: column for field, column in table.mapping.items() if field not in ("code", "owner")}
    renewed = imported(personas.bm, content, mapping=mapping)
    assert renewed.created_rows == len(HOSTILE)
    fresh = Customer.objects.alive().order_by("pk")
    assert [(row.name, row.industry, row.industry_text, row.kind) for row in fresh] == [
        (name, "other", "水泥", "end_user") for name in HOSTILE
    ]


def test_only_ones_own_rows_masked_counted_and_hashed(personas):
    ours = make_customer(personas.pm, NOW, owner=personas.pm)
    make_contact(ours, personas.pm, NOW, mobile="13800138000")
    make_customer(personas.outsider_pm, NOW, owner=personas.outsider_pm, name="隐藏公司")
    export = asked(personas.bm)
    content = taken(export, personas.bm)
    text = content.decode("utf-8-sig")
    assert ours.name in text
    assert "138****8000" in text
    assert "13800138000" not in text
    assert "隐藏公司" not in text
    assert personas.bm.name in text.splitlines()[-1]
    assert export.code in text.splitlines()[-1]
    export.refresh_from_db()
    assert (export.rows, export.sha256) == (1, hashlib.sha256(content).hexdigest())
    entry = AuditEntry.objects.get(code="crm.download_export")
    assert entry.data["rows"] == 1
    assert entry.data["complete"]
    assert entry.reason == "年度核对"


def test_who_may_not(personas):
    make_customer(personas.pm, NOW, owner=personas.pm)
    with pytest.raises(NotAllowed):
        asked(personas.pm)
    with pytest.raises(NotAllowed):
        asked(personas.ad)
    with pytest.raises(RuleBroken):
        asked(personas.outsider_bm)
    export = asked(personas.bm)
    with pytest.raises(NotAllowed):
        taken(export, personas.co)
    Export.objects.filter(pk=export.pk).update(ready_at=db_now() - timedelta(hours=25))
    export.refresh_from_db()
    with pytest.raises(WrongState):
        taken(export, personas.bm)


def test_many_rows_wait_for_the_crm_office(personas, monkeypatch):
    monkeypatch.setattr(exports, "FREE_ROWS", 1)
    imported(personas.bm, csv_file("甲公司,,,,,,", "乙公司,,,,,,"))
    export = asked(personas.bm)
    assert export.state == "requested"
    assert (
        Task.objects.filter(kind="crm.approve_export", closed_at=None).values_list(
            "assignee__username", flat=True
        )[0]
        == "co"
    )
    with pytest.raises(WrongState):
        taken(export, personas.bm)
    with pytest.raises(NotAllowed):
        export.approve(by=personas.bm)
    export = export.approve(by=personas.fresh("co"))
    assert not Task.objects.filter(kind="crm.approve_export", closed_at=None).exists()
    assert taken(export, personas.bm)
    own = asked(personas.co)
    with pytest.raises(NotAllowed):
        own.approve(by=personas.co)
    assert own.refuse(by=personas.ex, reason="先说明用途").state == "refused"
    monkeypatch.setattr(exports, "BRANCH_MANAGER_ROWS", 1)
    with pytest.raises(RuleBroken):
        asked(personas.bm)
