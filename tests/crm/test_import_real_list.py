"""A real list of 4,347 companies in GBK: every row in, found by pinyin, one notice, a second run creates nothing."""

from pathlib import Path

import pytest

from core.models import AuditEntry, Notification
from core.search_registry import search_everywhere
from crm.models import Customer, CustomerFacts
from tests.crm.import_files import imported

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "listed_companies_gbk.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the list of companies is not on this machine")


def titles(user, typed):
    return {
        hit.title
        for group in search_everywhere(user, typed)
        if group.code == "customers"
        for hit in group.items
    }


def test_the_whole_list_comes_in_once(personas):
    content = FILE.read_bytes()
    batch = imported(personas.bm, content)
    assert batch.encoding == "gb18030"
    assert (batch.created_rows, batch.rejected_rows, batch.skipped_rows) == (4347, 0, 0)
    rows = Customer.objects.filter(import_batch=batch)
    assert (
        rows.filter(
            kind="end_user", needs_completion=True, province_code="", branch=personas.bm.branch
        ).count()
        == 4347
    )
    assert rows.filter(pool_status="pool", owner=None).count() == 4347
    assert CustomerFacts.objects.filter(customer__in=rows).count() == 4347
    assert AuditEntry.objects.filter(code="crm.import_customer").count() == 4347
    assert Notification.objects.count() == 1
    assert rows.get(name="华新水泥").industry_text == "水泥"
    assert rows.filter(industry="municipal_water").count() == 13
    assert rows.filter(name="*ST西水").exists()

    assert "中复科工" not in titles(personas.bm, "zfkg")
    assert titles(personas.bm, "zfkg")
    assert "重庆水务" in titles(personas.bm, "cqsw")
    assert titles(personas.bm, "jnsw") == {"江南水务"}
    assert {name for name in titles(personas.bm, "水务") if "水务" in name}
    assert Customer.objects.visible_to(personas.bm).matching("水务").count() == 5
    assert not titles(personas.outsider_bm, "cqsw")

    again = imported(personas.bm, content)
    assert (again.created_rows, again.skipped_rows) == (0, 4347)
    assert all(row.findings[-1]["code"] == "exists_name" for row in again.rows.all()[:50])
    assert Customer.objects.count() == 4347
