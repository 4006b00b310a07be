"""The search column on a real database: what is typed finds what it should, however the row was written."""

import pytest
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.test.utils import isolate_apps

from core.search import search_vector
from core.search_fields import SearchTermsField, search_terms_filter

NAMES = {
    "云润水务集团有限公司": "单小明",
    "重庆水务": "曾国藩",
    "江南水务": "",
    "中福控股": "",
    "*ST西水": "",
    "乐普医疗": "",
    "西安泵业": "",
    "水利设计务实公司": "",
    "TCL集团": "尉迟恭",
}


@pytest.fixture
def company(db):
    with isolate_apps():

        class Company(models.Model):
            name = models.TextField()
            former = models.JSONField(default=list)
            contact = models.TextField(blank=True)
            code = models.TextField(blank=True)
            search = SearchTermsField(names=["name", "former"], people=["contact"], codes=["code"])

            class Meta:
                app_label = "core"
                db_table = "test_search_company"
                indexes = [GinIndex(fields=["search"], name="test_search_company_gin")]

        with connection.schema_editor() as editor:
            editor.create_model(Company)
        yield Company


@pytest.fixture
def companies(company):
    for number, (name, contact) in enumerate(NAMES.items(), start=42):
        company.objects.create(name=name, contact=contact, code=f"KH-01-2026-{number:05}", former=[])
    return company


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("水务", ["云润水务集团有限公司", "重庆水务", "江南水务"]),
        ("水务集团", ["云润水务集团有限公司"]),
        ("云", ["云润水务集团有限公司"]),
        ("务", ["云润水务集团有限公司", "重庆水务", "江南水务", "水利设计务实公司"]),
        ("cqsw", ["重庆水务"]),
        ("jnsw", ["江南水务"]),
        ("zfkg", ["中福控股"]),
        ("rsw", ["云润水务集团有限公司"]),
        ("chongqing", ["重庆水务"]),
        ("chongqingshuiw", ["重庆水务"]),
        ("runshui", ["云润水务集团有限公司"]),
        ("xianbeng", ["西安泵业"]),
        ("xi'anbeng", ["西安泵业"]),
        ("xian", ["云润水务集团有限公司", "西安泵业"]),
        ("yuepu", ["乐普医疗"]),
        ("lpyl", ["乐普医疗"]),
        ("ST西水", ["*ST西水"]),
        ("*st", ["*ST西水"]),
        ("tcl", ["TCL集团"]),
        ("ＴＣＬ", ["TCL集团"]),
        ("单小明", ["云润水务集团有限公司"]),
        ("shanxiaoming", ["云润水务集团有限公司"]),
        ("zgf", ["重庆水务"]),
        ("yuchi", ["TCL集团"]),
        ("KH-01-2026-00044", ["江南水务"]),
        ("00044", ["江南水务"]),
        ("水务 云润", ["云润水务集团有限公司"]),
        ("水务 zgf", ["重庆水务"]),
        ("云润sw", ["云润水务集团有限公司"]),
        ("务水", []),
        ("没有", []),
        ("***", []),
        ("'); drop table", []),
    ],
)
def test_what_is_typed_finds_what_it_should(companies, typed, found):
    rows = search_terms_filter(companies.objects.order_by("pk"), "search", typed)
    assert [row.name for row in rows] == found


def test_blank_narrows_nothing(companies):
    assert search_terms_filter(companies.objects.all(), "search", "  ").count() == len(NAMES)


def stored(company, name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT search::text FROM test_search_company WHERE name = %s", [name])
        return [row[0] for row in cursor.fetchall()]


def test_equal_rows_by_form_bulk_and_copy(company):
    row = {"name": "重行*ST水务𠮷", "contact": "单雄信", "code": "KH-01-2026-00001", "former": ["老名"]}
    company(**row).save()
    company.objects.bulk_create([company(**row)])
    changed = company.objects.create(name=row["name"])
    changed.contact, changed.code, changed.former = row["contact"], row["code"], row["former"]
    company.objects.bulk_update([changed], ["contact", "code", "former", "search"])
    vector = search_vector([row["name"], *row["former"]], people=[row["contact"]], codes=[row["code"]])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO test_search_company (name, former, contact, code, search) VALUES (%s, '[]', '', '', %s)",
            [row["name"], vector],
        )
    assert len(stored(company, row["name"])) == 1


def test_lists_do_not_read_the_column_and_edits_renew_it(companies):
    assert '"search"' not in str(companies.objects.all().query)
    row = companies.objects.get(name="江南水务")
    row.name = "江北水务"
    row.save()
    assert [found.name for found in search_terms_filter(companies.objects.all(), "search", "jbsw")] == [
        "江北水务"
    ]


def test_the_index_answers(companies):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = search_terms_filter(companies.objects.all(), "search", "水务").explain()
    assert "test_search_company_gin" in plan
    assert companies._meta.get_field("search").deconstruct()[3] == {
        "names": ["name", "former"],
        "people": ["contact"],
        "codes": ["code"],
    }
