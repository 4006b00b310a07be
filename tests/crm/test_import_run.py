"""Taking a list in: what becomes of each row, placing, duplicates, the worker's chunks, and who may."""

import io
import json

import pytest
from openpyxl import Workbook

from accounts.models import OrgUnit
from core.errors import DomainError, NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, Notification, OutboxMessage, Task
from core.outbox import deliver_due
from core.sweep import run_scan
from crm.imports.intake import KIND, take_upload, wait_for, work_chunk
from crm.imports.report import report_rows
from crm.models import Contact, Customer, ImportBatch, Territory
from tests.crm.factories import make_customer
from tests.crm.import_files import HEADERS, checked, csv_file, imported, upload
from tests.personas import JOINED, NOW

GOOD = "云润水务集团有限公司,河北省,石家庄市,水务,91110000600037341L,周敏,13800138000"


def told(batch, user, number):
    """The findings of one line, as codes, and in words."""
    row = batch.rows.get(number=number)
    [line] = report_rows(batch, [row], user)
    return [finding["code"] for finding in row.findings], line.reason


def test_a_row_becomes_a_customer_with_its_contact_place_and_owner(personas):
    branch = personas.bm.branch
    Territory.objects.create(province_code="13", branch=branch, owner=personas.pm, valid_from=JOINED)
    batch = imported(personas.bm, csv_file(GOOD, "无地址公司,,,,,,"))
    row = Customer.objects.get(name="云润水务集团有限公司")
    assert (row.owner, row.branch, row.province_code, row.city_code) == (personas.pm, branch, "13", "130100")
    assert (row.industry, row.industry_text, row.pool_status) == ("municipal_water", "水务", "")
    assert row.needs_completion is False
    assert row.code.startswith("KH-01-")
    assert row.import_batch == batch
    contact = Contact.objects.get(customer=row)
    assert (contact.name, contact.mobile, contact.is_primary) == ("周敏", "13800138000", True)
    pooled = Customer.objects.get(name="无地址公司")
    assert (pooled.pool_status, pooled.owner, pooled.needs_completion) == ("pool", None, True)
    entry = AuditEntry.objects.get(code="crm.import_customer", object_id=pooled.pk)
    assert entry.data["pool"] == "unassigned_import"
    assert entry.data["row"] == 3
    assert entry.actor == personas.bm
    assert (batch.created_rows, batch.pooled_rows, batch.total) == (2, 1, 2)


def test_the_dry_run_writes_no_customer_and_says_what_is_wrong(personas):
    make_customer(personas.pm, NOW, owner=personas.pm, name="已有（北京）公司")
    content = csv_file(
        GOOD,
        ",河北省,,,,,",
        "号码丢失公司,,,,,王五,1.38E+10",
        "坏代码公司,,,,91110000600037341O,,",
        "校验位公司,,,,91110000600037341M,,",
        "没有名字的电话,,,,,,13900000000",
        "火星公司,火星,,,,,",
        "已有(北京)公司,,,,,,",
        "云润水务 集团有限公司,,,,,,",
        "上海公司,上海市,,,,,",
        "坏号码公司,,,,,李四,12345",
    )
    before = Customer.objects.count()
    batch = checked(personas.bm, content)
    assert Customer.objects.count() == before
    assert batch.state == "checked"
    found = {number: told(batch, personas.bm, number)[0] for number in range(2, 13)}
    assert found[3] == ["name_missing"] or "name_missing" in found[3]
    assert "number_lost" in found[4]
    assert "uscc_format" in found[5]
    assert "uscc_check" in found[6]
    assert "contact_name_missing" in found[7]
    assert "unknown_province" in found[8]
    assert found[9][-1] == "exists_name"
    assert "twice_in_file" in found[10]
    assert "other_branch" in found[11]
    assert "bad_phone" in found[12]
    assert (batch.created_rows, batch.skipped_rows, batch.rejected_rows) == (2, 1, 8)
    assert batch.accepted_rows + batch.skipped_rows + batch.rejected_rows == batch.total
    assert "上海" in told(batch, personas.bm, 11)[1]
    assert "2" in told(batch, personas.bm, 10)[1]


def test_a_customer_of_another_branch_is_told_by_name_owner_and_branch_only(personas):
    hidden = make_customer(
        personas.outsider_pm, NOW, owner=personas.outsider_pm, name="隐藏客户有限公司", address="秘密路一号"
    )
    batch = checked(personas.bm, csv_file("隐藏客户有限公司,,,,,,"))
    _codes, words = told(batch, personas.bm, 2)
    assert "隐藏客户有限公司" in words
    assert personas.outsider_pm.name in words
    assert hidden.branch.name in words
    assert hidden.code not in words
    assert "秘密路" not in words
    [line] = report_rows(batch, batch.rows.all(), personas.bm)
    assert line.url == ""


def test_filling_in_touches_only_what_is_empty_and_only_with_the_right_to(personas):
    mine = make_customer(personas.pm, NOW, owner=personas.pm, name="云润水务集团有限公司", industry="power")
    other = make_customer(personas.outsider_pm, NOW, owner=personas.outsider_pm, name="别人的公司")
    batch = imported(personas.bm, csv_file(GOOD, "别人的公司,,,水务,,,"), policy="fill")
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.industry, mine.province_code, mine.uscc, mine.version) == (
        "power",
        "13",
        "91110000600037341L",
        2,
    )
    assert other.industry == ""
    assert (batch.updated_rows, batch.skipped_rows) == (1, 1)
    again = imported(personas.bm, csv_file(GOOD), policy="fill")
    assert (again.updated_rows, again.skipped_rows) == (0, 1)
    listed = checked(personas.bm, csv_file(GOOD), policy="ask")
    assert told(listed, personas.bm, 2)[0][-1] == "ask_person"


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (csv_file("一号公司,,,,,,").decode().encode("gb18030"), "gb18030", ","),
        (b"\xef\xbb\xbf" + csv_file("一号公司,,,,,,"), "utf-8-sig", ","),
        (csv_file("一号公司;;;;;;", headers=HEADERS.replace(",", ";")), "utf-8", ";"),
    ],
)
def test_encodings_and_delimiters_are_recognised(personas, content, encoding, delimiter):
    batch = upload(personas.bm, content)
    assert (batch.encoding, batch.delimiter, batch.mapping["name"]) == (encoding, delimiter, 0)
    assert batch.mapping["contact_mobile"] == 6


def test_workbooks_keep_zeros_and_lose_no_digit_silently(personas):
    book = Workbook()
    sheet = book.active
    sheet.append(["客户名称", "统一社会信用代码", "联系人", "手机", "总机"])
    sheet.append(["文本公司", "91110000600037341L", "周敏", "13800138001", "0311-88880000"])
    sheet.append(["数字公司", 911100006000373410, "李四", 13800138002, ""])
    sheet.append(["合并公司", "", "王五", "", ""])
    sheet.append([None, "", "赵六", "", ""])
    sheet.merge_cells("A4:A5")
    sheet.append(["'=1+1 公司", "", "", "", ""])
    file = io.BytesIO()
    book.save(file)
    batch = take_upload(by=personas.bm, now=NOW, file_name="表.xlsx", content=file.getvalue())
    batch = wait_for(
        batch.map_columns(by=personas.bm, mapping=batch.mapping, constants={}).dry_run(by=personas.bm)
    )
    assert "number_lost" in told(batch, personas.bm, 3)[0]
    assert "person_added" in told(batch, personas.bm, 5)[0]
    batch = wait_for(batch.start(by=personas.bm))
    assert Customer.objects.get(name="文本公司").switchboard == "0311-88880000"
    assert Contact.objects.get(customer__name="文本公司").mobile == "13800138001"
    assert Customer.objects.filter(name="=1+1 公司").exists()


def test_a_worker_killed_between_chunks_is_followed_by_another_that_does_every_row_once(personas):
    batch = checked(personas.bm, csv_file(*[f"第{number}号公司,,,,,," for number in range(25)]))
    batch = batch.start(by=personas.bm)
    payload = {"batch": batch.pk, "run": batch.version}
    assert work_chunk(payload, rows=10) == 10
    batch.refresh_from_db()
    assert (batch.done, batch.created_rows, batch.state) == (10, 10, "running")
    OutboxMessage.objects.filter(kind=KIND).update(state="running", lease_until=JOINED)  # its worker is gone
    batch = wait_for(batch)
    assert batch.state == "done"
    assert batch.created_rows == 25
    assert Customer.objects.filter(import_batch=batch).count() == 25
    assert work_chunk(payload) == 0
    assert batch.rows.values("number").distinct().count() == 25


def test_a_kill_inside_a_chunk_leaves_nothing_of_it(personas, monkeypatch):
    batch = checked(personas.bm, csv_file("甲公司,,,,,,", "乙公司,,,,,,")).start(by=personas.bm)
    from crm.imports.chunk import Chunk

    whole = Chunk._keep
    monkeypatch.setattr(Chunk, "_keep", lambda self, verdicts: (_ for _ in ()).throw(SystemExit(9)))
    with pytest.raises(SystemExit):
        deliver_due(KIND)
    assert not Customer.objects.filter(import_batch=batch).exists()
    monkeypatch.setattr(Chunk, "_keep", whole)
    OutboxMessage.objects.filter(kind=KIND).update(lease_until=JOINED)
    assert wait_for(batch).created_rows == 2


def test_a_chunk_that_always_fails_stops_the_import_and_it_can_go_on(personas):
    batch = checked(personas.bm, csv_file("甲公司,,,,,,")).start(by=personas.bm)
    OutboxMessage.objects.filter(kind=KIND).update(state="quarantined")
    assert run_scan("crm.stopped_imports", force=True) == 1
    batch.refresh_from_db()
    assert batch.state == "failed"
    assert wait_for(batch.resume(by=personas.bm)).created_rows == 1
    with pytest.raises(NotAllowed):
        batch.finish(by=personas.bm)
    with pytest.raises(NotAllowed):
        batch.finish_check(by=personas.bm)


def test_one_notice_for_the_batch_to_the_manager_of_the_pool(personas):
    imported(personas.bm, csv_file("甲公司,,,,,,", "乙公司,,,,,,"))
    assert list(Notification.objects.values_list("user", "code")) == [(personas.bm.pk, "crm.import_pooled")]


def test_a_project_manager_submits_and_the_branch_manager_approves(personas):
    batch = checked(personas.pm, csv_file("甲公司,,,,,,"))
    with pytest.raises(NotAllowed):
        batch.start(by=personas.pm)
    batch = batch.submit(by=personas.pm)
    assert Task.objects.filter(assignee=personas.bm, kind="crm.approve_import", closed_at=None).count() == 1
    with pytest.raises(NotAllowed):
        batch.approve(by=personas.pm)
    with pytest.raises(NotFound):
        batch.approve(by=personas.outsider_bm)
    batch = batch.send_back(by=personas.bm, reason="请补充省份")
    assert batch.state == "checked"
    assert not Task.objects.filter(closed_at=None).exists()
    batch = wait_for(batch.submit(by=personas.pm).approve(by=personas.bm))
    assert batch.created_rows == 1
    assert batch.approved_by == personas.bm
    assert Customer.objects.visible_to(personas.fresh("pm")).filter(import_batch=batch).count() == 1
    with pytest.raises(WrongState):
        batch.cancel(by=personas.pm)


def test_who_may_not_import_and_what_is_too_much(personas):
    many = csv_file(*[f"第{number}号公司,,,,,," for number in range(501)])
    with pytest.raises(RuleBroken):
        upload(personas.pm, many)
    assert upload(personas.bm, many).total == 501
    with pytest.raises(RuleBroken):
        upload(personas.bm, csv_file())
    with pytest.raises(DomainError) as refused:
        upload(personas.bm, b"%PDF-1.7\x00\x00")
    assert refused.value.status == 415
    assert not ImportBatch.objects.visible_to(personas.pm_other).exists()
    assert ImportBatch.objects.visible_to(personas.co).count() == 1


def test_columns_must_name_the_customer_and_be_used_once(personas):
    batch = upload(personas.bm, csv_file("甲公司,,,,,,"))
    with pytest.raises(RuleBroken):
        batch.map_columns(by=personas.bm, mapping={"industry": 3}, constants={})
    with pytest.raises(RuleBroken):
        batch.map_columns(by=personas.bm, mapping={"name": 0, "short_name": 0}, constants={})
    with pytest.raises(StaleVersion):
        batch.map_columns(by=personas.bm, mapping={"name": 0}, constants={}, version=9)
    with pytest.raises(WrongState):
        batch.start(by=personas.bm)
    assert batch.cancel(by=personas.bm).state == "cancelled"


def test_the_crm_office_imports_for_any_branch(personas):
    batch = checked(
        personas.co, csv_file("上海公司,上海市,,,,,", "无省公司,,,,,,"), branch=OrgUnit.objects.get(code="02")
    )
    batch = wait_for(batch.start(by=personas.co))
    assert set(Customer.objects.filter(import_batch=batch).values_list("branch__code", flat=True)) == {"02"}
    codes = list(Notification.objects.values_list("user__username", "code"))
    assert sorted(codes) == [("co", "crm.import_finished"), ("outsider_bm", "crm.import_pooled")]


def test_cells_are_kept_sealed(personas):
    batch = upload(personas.bm, csv_file(GOOD))
    [(stored,)] = batch.rows.extra(select={"raw": "sealed"}).values_list("raw")
    assert "13800138000" not in stored
    assert "13800138000" in json.dumps(batch.rows.get().cells)
