"""Wishes for lists: who must ask whom, full numbers, the refusals, the worker's part, the end of the file."""

from datetime import timedelta

import pytest

from accounts.models import Grant
from core.clock import db_now
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, Notification, OutboxMessage, Task
from core.outbox import deliver_due
from core.spreadsheets import read_table
from core.sweep import run_scan
from crm.exports import asking
from crm.exports.files import ids_of, path_of, withdraw_files
from crm.exports.review import tell_last_week
from crm.exports.work import KIND, write_export
from crm.models import Customer, Export
from tests.crm.export_files import asked, fetched, taken, written
from tests.crm.factories import make_contact, make_customer
from tests.personas import NOW

FULL = ("code", "name", "contact_name", "contact_mobile")


def notices(user, code):
    return Notification.objects.filter(user=user, code=code).count()


def tasks(user, kind):
    return Task.objects.filter(assignee=user, kind=kind, closed_at=None).count()


def test_a_project_manager_asks_the_office_answers_and_both_are_told(personas):
    mine = make_customer(personas.pm, NOW, owner=personas.pm, name="我的公司")
    make_customer(personas.pm_other, NOW, owner=personas.pm_other, name="同事的公司")
    wish = written(personas.pm)
    assert (wish.state, wish.rows) == ("requested", 1)
    assert (tasks(personas.co, "crm.approve_export"), notices(personas.co, "crm.export_asked")) == (1, 1)
    assert tasks(personas.ex, "crm.approve_export") == 0
    for name, refusal in (("pm", NotAllowed), ("bm", NotFound), ("pm_other", NotFound), ("au", NotAllowed)):
        with pytest.raises(refusal):
            wish.approve(by=personas[name])
    with pytest.raises(StaleVersion):
        wish.approve(by=personas.co, version=wish.version + 1)
    wish = wish.approve(by=personas.co)
    assert (wish.state, wish.approved_by) == ("writing", personas.co)
    assert notices(personas.au, "crm.export_approved") == 1
    assert tasks(personas.co, "crm.approve_export") == 0
    with pytest.raises(WrongState):
        fetched(wish, personas.pm)
    with pytest.raises(WrongState):
        wish.approve(by=personas.co)
    assert deliver_due(KIND) == 1
    wish.refresh_from_db()
    assert wish.state == "ready"
    assert (tasks(personas.pm, "crm.fetch_export"), notices(personas.pm, "crm.export_ready")) == (1, 1)
    text = taken(wish, personas.pm).decode("utf-8-sig")
    assert mine.name in text
    assert "同事的公司" not in text
    assert tasks(personas.pm, "crm.fetch_export") == 0
    entry = AuditEntry.objects.get(code="crm.approve_export")
    assert entry.data == {"rows": 1, "unmasked": False, "resource": "customers"}


def test_a_refusal_has_a_reason_and_a_wish_can_be_taken_back(personas):
    make_customer(personas.pm, NOW, owner=personas.pm)
    wish = asked(personas.pm)
    with pytest.raises(NotAllowed):
        wish.refuse(by=personas.pm, reason="自己")
    refused = wish.refuse(by=personas.co, reason="请说明用途")
    assert (refused.state, refused.refusal) == ("refused", "请说明用途")
    assert notices(personas.pm, "crm.export_refused") == 1
    assert tasks(personas.co, "crm.approve_export") == 0
    with pytest.raises(WrongState):
        refused.approve(by=personas.co)
    again = asked(personas.pm)
    with pytest.raises(NotAllowed):
        again.withdraw(by=personas.co)
    assert again.withdraw(by=personas.pm).state == "withdrawn"
    assert tasks(personas.co, "crm.approve_export") == 0
    with pytest.raises(WrongState):
        again.withdraw(by=personas.pm)


def test_the_offices_own_wish_goes_to_an_executive(personas, monkeypatch):
    from tests.personas import make_person

    monkeypatch.setattr(asking, "FREE_ROWS", 0)
    make_customer(personas.pm, NOW, owner=personas.pm)
    colleague = make_person("co_other", "CO", "CRO")
    wish = asked(personas.co)
    assert (tasks(personas.ex, "crm.approve_export"), tasks(colleague, "crm.approve_export")) == (1, 0)
    for user in (personas.co, colleague):
        with pytest.raises(NotAllowed):
            wish.approve(by=user)
        with pytest.raises(NotAllowed):
            wish.refuse(by=user, reason="不行")
    assert wish.approve(by=personas.ex).state == "writing"


def test_without_an_office_the_executives_are_asked(personas):
    Grant.objects.filter(role="CO").delete()
    make_customer(personas.pm, NOW, owner=personas.pm)
    wish = asked(personas.pm)
    assert tasks(personas.ex, "crm.approve_export") == 1
    assert wish.approve(by=personas.ex).state == "writing"


def test_long_lists_wait_short_ones_do_not(personas, monkeypatch):
    for _number in range(2):
        make_customer(personas.pm, NOW, owner=personas.pm)
    assert asked(personas.bm).state == "writing"
    monkeypatch.setattr(asking, "FREE_ROWS", 1)
    assert asked(personas.bm).state == "requested"
    monkeypatch.setattr(asking, "BRANCH_MANAGER_ROWS", 1)
    for name in ("bm", "pm"):
        with pytest.raises(RuleBroken):
            asked(personas[name])
    assert asked(personas.sv).state == "requested"
    monkeypatch.setattr(asking, "WORKBOOK_ROWS", 1)
    with pytest.raises(RuleBroken):
        asked(personas.sv, file_format="xlsx")


def test_full_numbers_need_approval_and_the_right_to_open_them(personas):
    row = make_customer(personas.pm, NOW, owner=personas.pm, name="甲公司")
    make_contact(row, personas.pm, NOW, name="周敏", mobile="13800138000")
    wish = asked(personas.bm, columns=FULL)
    assert (wish.state, wish.unmasked) == ("requested", True)
    assert not asked(personas.bm, columns=FULL[:3]).unmasked
    wish.approve(by=personas.co)
    deliver_due(KIND)
    table = read_table(taken(wish, personas.bm))
    assert len(table.headers) == len(FULL)
    assert table.rows[0][1][-1] == "13800138000"
    entry = AuditEntry.objects.get(code="crm.download_export")
    assert entry.data["unmasked"]
    for name in ("co", "dm"):  # neither may open a full number, so neither takes a list of them
        with pytest.raises(NotAllowed):
            asked(personas[name], columns=FULL)


def test_the_worker_asks_again(personas):
    """Rights of the moment of writing, and not many more rows than were approved."""
    make_customer(personas.pm, NOW, owner=personas.pm)
    wish = asked(personas.pm).approve(by=personas.co)
    for _number in range(30):
        make_customer(personas.pm, NOW, owner=personas.pm)
    deliver_due(KIND)
    wish.refresh_from_db()
    assert (wish.state, wish.stopped_by) == ("failed", "grown")
    assert notices(personas.pm, "crm.export_stopped") == 1
    with pytest.raises(WrongState):
        wish.retry(by=personas.pm)
    wish = asked(personas.pm).approve(by=personas.co)
    personas.pm.is_active = False
    personas.pm.save()
    deliver_due(KIND)
    wish.refresh_from_db()
    assert (wish.state, wish.stopped_by) == ("failed", "rights")


def test_written_once_however_often_the_worker_runs(personas, settings, tmp_path):
    settings.EXPORT_DIR = tmp_path
    make_customer(personas.pm, NOW, owner=personas.pm)
    wish = written(personas.bm)
    payload = OutboxMessage.objects.get(kind=KIND).payload
    write_export(payload)
    wish.refresh_from_db()
    assert {path.name for path in tmp_path.iterdir()} == {wish.stored_name, f"{wish.stored_name}.ids"}
    waiting = asked(personas.pm)
    write_export({"export": waiting.pk, "run": waiting.version})
    waiting.refresh_from_db()
    assert waiting.state == "requested"


def test_a_fault_is_told_and_the_file_can_be_tried_again(personas, settings, tmp_path):
    settings.EXPORT_DIR = tmp_path / "no" / "folder"
    (tmp_path / "no").write_text("a file where a folder should be")
    make_customer(personas.pm, NOW, owner=personas.pm)
    wish = written(personas.bm)
    assert wish.state == "writing"
    OutboxMessage.objects.filter(kind=KIND).update(state=OutboxMessage.State.QUARANTINED)
    run_scan("crm.exports", force=True)
    wish.refresh_from_db()
    assert (wish.state, wish.stopped_by) == ("failed", "fault")
    settings.EXPORT_DIR = tmp_path / "there"
    with pytest.raises(NotAllowed):
        wish.retry(by=personas.co)
    assert wish.retry(by=personas.bm).state == "writing"
    deliver_due(KIND)
    wish.refresh_from_db()
    assert wish.state == "ready"


def test_after_a_day_the_file_is_gone(personas, django_capture_on_commit_callbacks):
    make_customer(personas.pm, NOW, owner=personas.pm)
    wish = written(personas.bm)
    path = path_of(wish.stored_name)
    with django_capture_on_commit_callbacks(execute=True):
        run_scan("crm.exports", now=wish.ready_at + timedelta(hours=23), force=True)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        run_scan("crm.exports", now=wish.ready_at + timedelta(hours=25), force=True)
    wish.refresh_from_db()
    assert (wish.state, wish.stored_name, wish.sealed_password) == ("expired", "", "")
    assert not path.exists()
    assert not ids_of(path).exists()
    assert tasks(personas.bm, "crm.fetch_export") == 0
    with pytest.raises(WrongState):
        fetched(wish, personas.bm)


def test_an_erasure_ends_every_file(personas, django_capture_on_commit_callbacks):
    make_customer(personas.pm, NOW, owner=personas.pm)
    ready, waiting = written(personas.bm), asked(personas.bm)
    path = path_of(ready.stored_name)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_files(db_now())
    ready.refresh_from_db()
    waiting.refresh_from_db()
    assert (ready.state, waiting.state, waiting.stopped_by) == ("expired", "failed", "fault")
    assert not path.exists()


def test_the_clock_alone_writes_stops_and_ends(personas):
    make_customer(personas.pm, NOW, owner=personas.pm)
    wish = written(personas.bm)
    for step in (wish.expire, wish.fail, wish.finish):
        with pytest.raises(NotAllowed):
            step(by=personas.bm)
    assert Customer.objects.count() == 1
    assert Export.objects.get().state == "ready"


def test_the_week_before_is_told_once(personas):
    make_customer(personas.pm, NOW, owner=personas.pm)
    monday = NOW + timedelta(days=1)  # NOW is a Sunday
    assert tell_last_week(monday) == 0
    export = written(personas.bm)
    fetched(export, personas.bm)
    Export.objects.update(downloaded_at=NOW, unmasked=True)
    assert tell_last_week(NOW) == 0  # its week is not over
    assert tell_last_week(monday) >= 1
    assert tell_last_week(monday + timedelta(hours=3)) == 0
    told = Notification.objects.get(user=personas.au, code="crm.exports_of_week")
    assert told.data == {"count": 1, "full": 1}
    assert notices(personas.co, "crm.exports_of_week") == 0
    assert tell_last_week(monday + timedelta(days=7)) == 0
