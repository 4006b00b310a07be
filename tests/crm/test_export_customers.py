"""Lists going out: who, how many, masked, locked, logged with count and digest, and coming back unchanged."""

import hashlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from core.clock import db_now
from core.errors import NotAllowed, RuleBroken, WrongState
from core.models import AuditEntry, Task
from core.spreadsheets import read_table
from crm.exports.customers import CUSTOMERS
from crm.exports.fetching import reveal_password
from crm.exports.files import ids_of, path_of
from crm.models import Contact, Customer, Export
from tests.crm.export_files import asked, fetched, opened, taken, written
from tests.crm.factories import make_contact, make_customer
from tests.crm.import_files import imported, upload
from tests.personas import NOW

HOSTILE = ("*ST西水", "=1+1 公司", "+86公司", "-一公司", "@公司", "＝全角公司", "'引号公司", '甲,乙"丙"公司')


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_names_come_back_unchanged_whatever_they_begin_with(personas, file_format):
    for name in HOSTILE:
        make_customer(personas.pm, NOW, owner=personas.pm, name=name, industry="other", industry_text="水泥")
    content = taken(written(personas.bm, file_format=file_format), personas.bm)
    table = read_table(content)
    column = table.headers.index(str(CUSTOMERS.columns[1].header))
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


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_phones_zeros_and_long_digits_come_back_unchanged(personas, file_format):
    """Full numbers, approved, through the real file: what a spreadsheet would shorten stays text to the last digit."""
    row = make_customer(
        personas.pm,
        NOW,
        owner=personas.pm,
        name="甲公司",
        uscc="911100006000373415",
        switchboard="0311-88880000",
        address="007 号院",
    )
    number, foreign = "+86 138-0013-8000", "+4915112345678"
    make_contact(
        row, personas.pm, NOW, name="周敏", mobile=number, phone=foreign, wechat="0012345678901234567"
    )
    wish = asked(personas.bm, file_format=file_format, columns=[one.code for one in CUSTOMERS.columns])
    wish.approve(by=personas.co)
    content = taken(_write(wish), personas.bm)
    before = {name: getattr(row.contacts.get(), name) for name in ("mobile", "phone", "wechat")}
    Contact.objects.all().delete()
    Customer.objects.all().update(deleted_at=NOW, uscc="")
    mapping = {
        field: column
        for field, column in upload(personas.bm, content).mapping.items()
        if field not in ("code", "owner")
    }
    assert imported(personas.bm, content, mapping=mapping).created_rows == 1
    fresh = Customer.objects.alive().get()
    assert (fresh.uscc, fresh.switchboard, fresh.address) == (
        "911100006000373415",
        "0311-88880000",
        "007 号院",
    )
    person = fresh.contacts.get()
    assert {name: getattr(person, name) for name in before} == before


def _write(wish):
    from core.outbox import deliver_due
    from crm.exports.work import KIND

    deliver_due(KIND)
    wish.refresh_from_db()
    return wish


def test_masked_numbers_never_come_back_over_the_real_ones(personas):
    row = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    person = make_contact(row, personas.pm, NOW, name="周敏", mobile="13800138000")
    content = taken(written(personas.bm), personas.bm)
    batch = upload(personas.bm, content)
    masked = next(place for place, header in enumerate(batch.headers) if "手机" in header)
    assert "contact_mobile" not in batch.mapping
    for mapping in (batch.mapping, {**batch.mapping, "contact_mobile": masked}):
        imported(personas.bm, content, policy="fill", mapping=mapping)
        person.refresh_from_db()
        assert person.mobile == "13800138000"
        assert row.contacts.count() == 1


def test_only_ones_own_rows_masked_locked_counted_and_hashed(personas):
    ours = make_customer(personas.pm, NOW, owner=personas.pm)
    make_contact(ours, personas.pm, NOW, mobile="13800138000")
    make_customer(personas.outsider_pm, NOW, owner=personas.outsider_pm, name="隐藏公司")
    export = written(personas.bm)
    content = fetched(export, personas.bm)
    assert ours.name.encode() not in content
    export.refresh_from_db()
    assert (export.file_rows, export.sha256) == (1, hashlib.sha256(content).hexdigest())
    password = reveal_password(export, by=personas.bm, now=db_now())
    text = opened(content, password).decode("utf-8-sig")
    assert ours.name in text
    assert "138****8000" in text
    assert "13800138000" not in text
    assert "隐藏公司" not in text
    assert personas.bm.name in text.splitlines()[-1]
    assert export.code in text.splitlines()[-1]
    entry = AuditEntry.objects.get(code="crm.download_export")
    assert (entry.data["rows"], entry.data["complete"], entry.data["sha256"]) == (1, True, export.sha256)
    assert entry.reason == "年度核对"


def test_the_password_is_shown_once_and_kept_nowhere(personas, caplog):
    make_customer(personas.pm, NOW, owner=personas.pm)
    export = written(personas.bm)
    assert export.sealed_password
    with pytest.raises(NotAllowed):
        reveal_password(export, by=personas.co, now=db_now())
    password = reveal_password(export, by=personas.bm, now=db_now())
    assert password not in export.sealed_password
    export.refresh_from_db()
    assert export.sealed_password == ""
    assert export.revealed_at
    with pytest.raises(WrongState):
        reveal_password(export, by=personas.bm, now=db_now())
    assert password not in str(list(AuditEntry.objects.filter(object_id=export.pk).values()))
    assert password not in caplog.text
    assert opened(fetched(export, personas.bm), password)


def test_who_may_not(personas):
    make_customer(personas.pm, NOW, owner=personas.pm)
    for name in ("ad", "ae", "dp", "dh", "au"):
        with pytest.raises(NotAllowed):
            asked(personas[name])
    with pytest.raises(RuleBroken):
        asked(personas.outsider_bm)
    with pytest.raises(RuleBroken):
        asked(personas.bm, query="nonsense=1")
    export = written(personas.bm)
    with pytest.raises(NotAllowed):
        fetched(export, personas.co)
    Export.objects.filter(pk=export.pk).update(ready_at=db_now() - timedelta(hours=25))
    export.refresh_from_db()
    with pytest.raises(WrongState):
        fetched(export, personas.bm)


def test_rows_lost_since_then_do_not_leave(personas):
    kept = make_customer(personas.pm, NOW, owner=personas.pm)
    lost = make_customer(personas.pm, NOW, owner=personas.pm)
    export = written(personas.bm)
    Customer.objects.filter(pk=lost.pk).update(deleted_at=NOW)  # gone for everybody: no reason to refuse
    assert fetched(export, personas.bm)
    Customer.objects.filter(pk=kept.pk).update(branch=personas.outsider_pm.branch, owner=personas.outsider_pm)
    with pytest.raises(NotAllowed):
        fetched(export, personas.bm)
    assert Task.objects.filter(kind="crm.fetch_export", closed_at=None).count() == 0


def test_a_file_that_is_gone_says_so(personas):
    make_customer(personas.pm, NOW, owner=personas.pm)
    export = written(personas.bm)
    ids_of(path_of(export.stored_name)).unlink()
    with pytest.raises(WrongState):
        fetched(export, personas.bm)


def test_the_command_writes_a_locked_file(personas, tmp_path, capsys):
    make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    file = tmp_path / "list.xlsx"
    call_command("export_customers", str(file), "--by", "bm", "--reason", "年度核对", "--search", "甲公司")
    password = capsys.readouterr().out.rsplit("password: ", 1)[1].strip()
    assert "甲公司" in str(read_table(opened(file.read_bytes(), password)).rows)
    call_command("export_customers", str(tmp_path / "b.zip"), "--by", "pm", "--reason", "年度核对")
    assert "wait for approval" in capsys.readouterr().out
    assert not (tmp_path / "b.zip").exists()
    wish = Export.objects.get(owner=personas.pm)
    wish.approve(by=personas.co)
    call_command(
        "export_customers", str(tmp_path / "b.zip"), "--by", "pm", "--reason", "x", "--fetch", wish.code
    )
    assert (tmp_path / "b.zip").exists()
    for bad in (["a.csv", "--by", "bm"], ["a.zip", "--by", "nobody"], ["a.zip", "--by", "ad"]):
        with pytest.raises(CommandError):
            call_command("export_customers", *bad, "--reason", "年度核对")
