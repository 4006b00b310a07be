"""Several people of one customer in a file, files of people, and old contact logs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import RuleBroken
from core.models import AuditEntry
from crm.imports.activities import instant_of
from crm.imports.intake import take_upload, wait_for
from crm.models import Activity, Contact, Customer
from tests.crm.factories import make_activity, make_customer
from tests.crm.import_files import csv_file, imported
from tests.personas import NOW

PEOPLE = "客户名称,客户编号,姓名,职务,手机,邮箱"
LOGS = "客户名称,跟进时间,跟进内容,跟进方式,跟进人,联系人"


def taken_in(by, kind, headers, *lines, policy="skip"):
    """A file of one kind all the way in."""
    content = csv_file(*lines, headers=headers)
    batch = take_upload(by=by, now=timezone.now(), file_name="表.csv", content=content, kind=kind)
    batch = batch.map_columns(by=by, mapping=batch.mapping, constants=batch.constants, policy=policy).dry_run(
        by=by
    )
    return wait_for(wait_for(batch).start(by=by))


def codes(batch, number):
    return [finding["code"] for finding in batch.rows.get(number=number).findings]


def test_further_lines_of_a_new_customer_bring_its_further_people(personas, monkeypatch):
    monkeypatch.setattr("crm.imports.intake.CHUNK_ROWS", 2)
    batch = imported(
        personas.bm,
        csv_file(
            "云润水务集团有限公司,河北省,石家庄市,水务,,,",
            "云润水务集团有限公司,,,,,周敏,13800138000",
            "云润水务集团有限公司,,,,,李强,13800138001",
            "云润水务集团有限公司,,,,,李强,13800138001",
            "云润水务集团有限公司,,,,,,",
            "别的公司,,,,,王五,",
        ),
    )
    assert (batch.created_rows, batch.updated_rows, batch.rejected_rows) == (2, 2, 2)
    customer = Customer.objects.get(name="云润水务集团有限公司")
    people = Contact.objects.filter(customer=customer).order_by("pk")
    assert [(row.name, row.is_primary) for row in people] == [("周敏", True), ("李强", False)]
    assert codes(batch, 4) == ["person_added"]
    assert codes(batch, 5)[-1] == "twice_in_file"
    assert batch.undo(by=personas.bm).state == "undone"
    assert not Contact.objects.alive().filter(customer=customer).exists()


def test_a_fill_brings_new_people_of_a_known_customer_and_the_undo_takes_them_away(personas):
    known = make_customer(personas.pm, NOW, owner=personas.pm, name="已有公司")
    batch = imported(personas.bm, csv_file("已有公司,,,,,周敏,13800138000"), policy="fill")
    assert batch.updated_rows == 1
    assert Contact.objects.get(customer=known).is_primary
    batch.undo(by=personas.bm)
    assert not Contact.objects.alive().filter(customer=known).exists()
    assert Customer.objects.alive().filter(pk=known.pk).exists()


def test_people_find_their_customer_by_name_or_number_and_nobody_comes_twice(personas):
    first = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    second = make_customer(personas.pm, NOW, owner=personas.pm, name="乙公司")
    hidden = make_customer(personas.outsider_pm, NOW, owner=personas.outsider_pm, name="别家公司")
    lines = (
        "甲公司,,周敏,部长,+86 138 0013 8000,",
        f",{second.code},李强,,13800138001,",
        "甲公司,,周敏,,13800138000,",
        "没有的公司,,王五,,,",
        f"{hidden.name},,赵六,,,",
        "甲公司,,,,13800138009,",
    )
    batch = taken_in(personas.bm, "contacts", PEOPLE, *lines)
    assert (batch.created_rows, batch.rejected_rows) == (2, 4)
    assert batch.accepted_rows + batch.skipped_rows + batch.rejected_rows == batch.total
    assert Contact.objects.get(customer=first).mobile == "+86 138 0013 8000"
    assert codes(batch, 5) == codes(batch, 6) == ["customer_missing"]
    assert AuditEntry.objects.filter(code="crm.add_contact", root_id=first.pk).count() == 1
    again = taken_in(personas.bm, "contacts", PEOPLE, *lines[:2])
    assert (again.created_rows, again.skipped_rows) == (0, 2)
    more = taken_in(personas.bm, "contacts", PEOPLE, "甲公司,,周敏,,,zm@example.com", policy="fill")
    assert more.updated_rows == 1
    person = Contact.objects.get(customer=first)
    assert (person.email, person.title, person.version) == ("zm@example.com", "部长", 2)
    more.undo(by=personas.bm)
    person.refresh_from_db()
    assert (person.email, person.title) == ("", "部长")
    with pytest.raises(RuleBroken):
        batch.undo(by=personas.bm)


def test_people_find_their_customer_by_its_short_name_however_it_is_written(personas):
    first = make_customer(
        personas.pm, NOW, owner=personas.pm, name="北京甲水务有限公司", short_name="甲Ab（水务）"
    )
    named = {"owner": personas.pm, "short_name": "同名"}
    make_customer(personas.pm, NOW, name="乙公司", **named)
    make_customer(personas.pm, NOW, name="丙公司", **named)
    full = make_customer(personas.pm, NOW, owner=personas.pm, name="丁公司")
    make_customer(personas.pm, NOW, owner=personas.pm, name="戊公司", short_name="丁公司")
    hidden = make_customer(
        personas.outsider_pm, NOW, owner=personas.outsider_pm, name="己公司", short_name="己"
    )
    lines = (
        "甲Ab（水务）,,周敏,,,",
        "ａ甲,,无此简称,,,",
        "甲ＡＢ (水务),,李强,,,",
        "同名,,王五,,,",
        "丁公司,,赵六,,,",
        f"{hidden.short_name},,钱七,,,",
    )
    batch = taken_in(personas.bm, "contacts", PEOPLE, *lines)
    assert (batch.created_rows, batch.rejected_rows) == (3, 3)
    assert set(Contact.objects.filter(customer=first).values_list("name", flat=True)) == {"周敏", "李强"}
    assert Contact.objects.get(customer=full).name == "赵六"  # the full name goes before another's short one
    assert [codes(batch, number) for number in (3, 5, 7)] == [
        ["customer_missing"],
        ["customer_unclear"],
        ["customer_missing"],
    ]
    logged = taken_in(personas.bm, "activities", LOGS, "甲Ab水务,2024-03-18,寄送样本,邮件,,周敏")
    assert logged.created_rows == 1
    assert Activity.objects.get().customer == first


def test_old_logs_keep_their_day_and_author_and_a_second_run_brings_none(personas):
    customer = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    person = Contact.objects.create(customer=customer, name="周敏")
    lines = (
        f"甲公司,2024-03-18 14:30,确认二期泵房流量,上门拜访,{personas.pm.name_zh},周敏",
        "甲公司,2023/5/6,寄送样本,邮件,离职的老王,陌生人",
        "甲公司,45000,序列号日期,电话,,",
        "甲公司,2199-01-01,未来,电话,,",
        "甲公司,前天,不是日期,电话,,",
        "甲公司,,没有日期,电话,,",
        "没有的公司,2024-03-18,内容,电话,,",
    )
    batch = taken_in(personas.bm, "activities", LOGS, *lines)
    assert (batch.created_rows, batch.rejected_rows, batch.total) == (3, 4, 7)
    first = Activity.objects.filter(import_batch=batch).latest("occurred_at")
    assert (first.author, first.author_text, first.type, first.entered_via) == (
        personas.pm,
        personas.pm.name_zh,
        "site_visit",
        "import",
    )
    assert (first.verified, list(first.contacts.all())) == (True, [person])
    assert f"{timezone.localtime(first.occurred_at):%Y-%m-%d %H:%M}" == "2024-03-18 14:30"
    old = Activity.objects.get(author_text="离职的老王")
    assert (old.author.username, old.author.is_active) == ("imported", False)
    assert "陌生人" in old.summary
    assert codes(batch, 4)[0] == "date_serial"
    customer.refresh_from_db()
    assert customer.last_contact_at == first.occurred_at
    entry = AuditEntry.objects.get(code="crm.add_activity", object_id=first.pk)
    assert (entry.at, entry.root_id, entry.actor) == (first.occurred_at, customer.pk, personas.bm)
    again = taken_in(personas.bm, "activities", LOGS, *lines)
    assert (again.created_rows, again.skipped_rows) == (0, 3)
    batch.undo(by=personas.bm)
    assert not Activity.objects.filter(customer=customer).exists()
    customer.refresh_from_db()
    assert customer.last_contact_at is None


def test_a_log_never_moves_contact_dates_back(personas):
    customer = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    make_activity(customer, personas.pm, NOW)
    customer.refresh_from_db()
    before = customer.last_contact_at
    taken_in(personas.bm, "activities", LOGS, "甲公司,2020-01-01,旧事,电话,,")
    customer.refresh_from_db()
    assert customer.last_contact_at == before


def test_a_file_without_its_columns_is_refused(personas):
    content = csv_file("周敏,部长", headers="姓名,职务")
    batch = take_upload(by=personas.bm, now=NOW, file_name="表.csv", content=content, kind="contacts")
    with pytest.raises(RuleBroken) as refused:
        batch.map_columns(by=personas.bm, mapping=batch.mapping, constants={})
    assert "columns" in refused.value.errors


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-03-18 14:30", "2024-03-18 14:30"),
        ("2024/3/18 9:05:07", "2024-03-18 09:05"),
        ("2024年3月18日", "2024-03-18 12:00"),
        ("45369", "2024-03-18 12:00"),
        ("2024-13-01", None),
        ("昨天", None),
    ],
)
def test_instants_as_people_write_them(text, found):
    at = instant_of(text)
    assert (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else None) == found


def test_nothing_waits_longer_than_the_week(personas):
    make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    batch = taken_in(personas.bm, "contacts", PEOPLE, "甲公司,,周敏,,,")
    assert batch.undo_until - batch.finished_at == timedelta(days=7)
