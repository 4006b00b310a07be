"""Taking an import back: all of it or nothing, for a week."""

from datetime import timedelta

import pytest

from core.errors import NotAllowed, RuleBroken, WrongState
from core.models import AuditEntry
from core.sweep import run_all
from crm.models import Assessment, Contact, Customer, ImportBatch, Territory
from tests.crm.factories import make_activity, make_customer
from tests.crm.import_files import csv_file, imported
from tests.personas import JOINED, NOW

LINES = (
    "甲公司,河北省,石家庄市,水务,,周敏,13800138000",
    "乙公司,,,,,,",
    "丙公司,,,,,,",
)


def test_everything_created_goes_and_everything_filled_is_empty_again(personas):
    ours = make_customer(personas.pm, NOW, owner=personas.pm, name="乙公司", address="老街一号")
    batch = imported(
        personas.bm,
        csv_file(*[line.replace("乙公司,,", "乙公司,河北省,") for line in LINES]),
        policy="fill",
    )
    assert (batch.created_rows, batch.updated_rows) == (2, 1)
    batch = batch.undo(by=personas.bm)
    assert batch.state == "undone"
    assert not Customer.objects.alive().filter(import_batch=batch).exists()
    assert not Contact.objects.alive().filter(name="周敏").exists()
    ours.refresh_from_db()
    assert (ours.province_code, ours.address) == ("", "老街一号")
    assert AuditEntry.objects.filter(code="crm.delete_customer").count() == 2
    again = imported(personas.bm, csv_file(*LINES))
    assert (again.created_rows, again.skipped_rows) == (2, 1)


def test_what_the_scans_make_of_a_new_customer_is_no_work_of_anybody(personas):
    Territory.objects.create(
        province_code="13", branch=personas.bm.branch, owner=personas.pm, valid_from=JOINED
    )
    batch = imported(personas.bm, csv_file(*LINES))
    for later in (timedelta(minutes=1), timedelta(days=1), timedelta(days=3)):
        run_all(now=batch.finished_at + later, force=True)
    assert Assessment.objects.filter(customer__import_batch=batch).count() == 3
    batch = batch.undo(by=personas.bm)
    assert batch.state == "undone"
    assert not Customer.objects.alive().filter(import_batch=batch).exists()
    run_all(now=batch.finished_at + timedelta(days=4), force=True)


def test_touched_rows_are_named_and_nothing_is_undone(personas):
    batch = imported(personas.bm, csv_file(*LINES))
    worked_on = Customer.objects.get(name="甲公司")
    make_activity(worked_on, personas.bm, NOW)
    Customer.objects.filter(name="丙公司").update(version=2)
    with pytest.raises(RuleBroken) as refused:
        batch.undo(by=personas.bm)
    assert "甲公司" in str(refused.value.message)
    assert "丙公司" in str(refused.value.message)
    assert refused.value.data["count"] == 2
    assert Customer.objects.alive().filter(import_batch=batch).count() == 3
    batch.refresh_from_db()
    assert batch.state == "done"


def test_not_after_a_week_and_not_by_a_project_manager(personas):
    batch = imported(personas.bm, csv_file(*LINES))
    ImportBatch.objects.filter(pk=batch.pk).update(owner=personas.pm)
    with pytest.raises(NotAllowed):
        batch.undo(by=personas.pm)
    ImportBatch.objects.filter(pk=batch.pk).update(finished_at=batch.finished_at - timedelta(days=8))
    with pytest.raises(WrongState):
        batch.undo(by=personas.bm)


def test_a_deleted_customer_is_mentioned_and_does_not_stand_in_the_way(personas):
    gone = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    Customer.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    batch = imported(personas.bm, csv_file(*LINES))
    assert batch.created_rows == 3
    assert "was_deleted" in [finding["code"] for finding in batch.rows.get(number=2).findings]
