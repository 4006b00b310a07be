"""People and contact logs going out by the same way as customers, and coming back unchanged."""

from datetime import timedelta

import pytest

from core.errors import NotAllowed
from core.outbox import deliver_due
from core.spreadsheets import read_table
from crm.exports.tables import TABLES
from crm.exports.work import KIND
from crm.models import Activity, Contact
from tests.crm.export_files import asked, taken, written
from tests.crm.factories import make_activity, make_contact, make_customer
from tests.crm.import_files import imported, take_in
from tests.personas import NOW

NAMES = ("=周敏", "+李强", "-王五", "@赵六", "'钱七", "*孙八")
TEXTS = ("=1+1 台水泵", "+86 13800138000 已拨通", "-5℃ 运行正常", "@周敏 已确认\n第二行", "007 号泵房")
FULL = (
    "name",
    "contact_name",
    "contact_title",
    "contact_mobile",
    "contact_phone",
    "contact_wechat",
    "contact_email",
)


def approved(by, personas, **words):
    wish = asked(by, **words)
    wish.approve(by=personas.co)
    deliver_due(KIND)
    return taken(wish, by)


def as_columns(content):
    """The lines of a table by their headers, the watermark left out."""
    table = read_table(content)
    return [dict(zip(table.headers, cells, strict=False)) for _number, cells in table.rows[:-1]]


@pytest.mark.parametrize("resource", ["contacts", "activities"])
def test_only_ones_own_masked_and_asked_for_by_project_managers(personas, resource):
    for owner in (personas.pm, personas.pm_other, personas.outsider_pm):
        row = make_customer(owner, NOW, owner=owner, name=f"{owner.username}的公司")
        make_contact(row, owner, NOW, name="周敏", mobile="13800138000", email="zhou@example.com")
        make_activity(row, owner, NOW, contacts=list(row.contacts.all()))
    lines = as_columns(taken(written(personas.bm, resource=resource), personas.bm))
    whose = str(TABLES[resource].columns[0].header)
    assert {line[whose] for line in lines} == {"pm的公司", "pm_other的公司"}
    assert "13800138000" not in str(lines)
    assert "zhou@example.com" not in str(lines)
    wish = asked(personas.pm, resource=resource)
    assert (wish.state, wish.rows) == ("requested", 1)
    for name in ("am", "fi", "ae", "ad"):  # the matrix lets these take customers, or nothing
        with pytest.raises(NotAllowed):
            asked(personas[name], resource=resource)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_people_come_back_unchanged(personas, file_format):
    row = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    for place, name in enumerate(NAMES):
        make_contact(
            row,
            personas.pm,
            NOW,
            name=name,
            title="=部长",
            mobile=f"+86 138-0013-800{place}",
            phone="0311-88880000",
            wechat=f"00{place}23456789012345678",
            email=f"p{place}@example.com",
        )
    content = approved(personas.bm, personas, resource="contacts", columns=FULL, file_format=file_format)
    before = people(row)
    again = take_in(personas.bm, content, kind="contacts", policy="fill")
    assert (again.total, again.created_rows, again.updated_rows, again.rejected_rows) == (len(NAMES), 0, 0, 0)
    assert people(row) == before
    Contact.objects.all().delete()
    renewed = take_in(personas.bm, content, kind="contacts")
    assert renewed.created_rows == len(NAMES)
    assert people(row) == before


def people(row):
    columns = ("name", "title", "mobile", "phone", "wechat", "email")
    return [tuple(getattr(one, name) for name in columns) for one in row.contacts.order_by("pk")]


def test_masked_people_overwrite_nobody(personas):
    row = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    person = make_contact(row, personas.pm, NOW, name="周敏", mobile="13800138000", email="zhou@example.com")
    content = taken(written(personas.bm, resource="contacts"), personas.bm)
    take_in(personas.bm, content, kind="contacts", policy="fill")
    person.refresh_from_db()
    assert (person.mobile, person.email) == ("13800138000", "zhou@example.com")
    assert row.contacts.count() == 1


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_logs_come_back_unchanged_and_never_twice(personas, file_format):
    row = make_customer(personas.pm, NOW, owner=personas.pm, name="=甲公司")
    person = make_contact(row, personas.pm, NOW, name="周敏")
    other = make_contact(row, personas.pm, NOW, name="李强")
    for place, text in enumerate(TEXTS):
        at = NOW - timedelta(days=place, minutes=7)
        make_activity(
            row,
            personas.pm,
            NOW,
            summary=text,
            occurred_at=at,
            contacts=[person, other],
            next_step="=回电",
            next_at=NOW + timedelta(days=2),
        )
    content = taken(written(personas.bm, resource="activities", file_format=file_format), personas.bm)
    again = take_in(personas.bm, content, kind="activities")
    assert (again.total, again.skipped_rows) == (len(TEXTS), len(TEXTS))
    before = logs(row)
    Activity.objects.all().delete()
    assert take_in(personas.bm, content, kind="activities").created_rows == len(TEXTS)
    assert logs(row) == before


def logs(row):
    columns = ("summary", "occurred_at", "type", "author_id")
    return list(row.activities.order_by("-occurred_at").values_list(*columns))


def test_every_column_fills_and_has_a_name_of_its_own(personas):
    """Every table, every column, over real rows: headers differ, codes differ, nothing fails on empty columns."""
    row = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    make_activity(row, personas.pm, NOW)
    make_contact(row, personas.pm, NOW)
    for table in TABLES.values():
        codes = [column.code for column in table.columns]
        headers = [str(column.header) for column in table.columns]
        assert len(set(codes)) == len(codes)
        assert len(set(headers)) == len(headers)
        lines = list(table.lines(table.model.objects.all(), table.columns))
        assert [len(line) for _pk, line in lines] == [len(codes)]


def test_reading_many_rows_takes_few_queries(personas, django_assert_num_queries):
    for _number in range(3):
        row = make_customer(personas.pm, NOW, owner=personas.pm)
        make_activity(row, personas.pm, NOW, contacts=[make_contact(row, personas.pm, NOW)])
    for resource, queries in (("customers", 2), ("contacts", 1), ("activities", 2)):
        table = TABLES[resource]
        with django_assert_num_queries(queries):
            assert len(list(table.lines(table.model.objects.all(), table.columns))) == 3


def test_a_customer_file_brings_the_people_of_a_contact_file_too(personas):
    """Several people of one new company: the export of contacts, taken in as customers, makes the company once."""
    row = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    for name in NAMES:
        make_contact(row, personas.pm, NOW, name=name)
    content = approved(personas.bm, personas, resource="contacts", columns=FULL[:4])
    row.contacts.all().delete()
    type(row).objects.filter(pk=row.pk).update(deleted_at=NOW)
    batch = imported(personas.bm, content)
    assert (batch.created_rows, batch.updated_rows, batch.total) == (1, len(NAMES) - 1, len(NAMES))
    assert batch.created_rows + batch.updated_rows + batch.skipped_rows + batch.rejected_rows == batch.total
    fresh = type(row).objects.alive().get()
    assert {person.name for person in fresh.contacts.all()} == set(NAMES)
    assert fresh.contacts.filter(is_primary=True).count() == 1
