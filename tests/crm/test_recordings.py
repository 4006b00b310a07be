"""Voice recordings go after the company's days, with an entry in the audit; a legal hold and an open complaint keep them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import recordings
from core.files import attach, path_of, store_and_attach
from core.models import Attachment, AuditEntry, OutboxMessage, StoredFile
from core.outbox import deliver_due
from core.params import set_param
from core.recordings import remove_old_recordings
from core.sweep import run_scan
from crm.operations import hold_contact
from tests.complaints.factories import make_case
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db
VOICE = b"\x1aE\xdf\xa3" + bytes(40)
M4A = b"\0\0\0\x1cftypM4A " + bytes(40)
FILM = b"\0\0\0\x1cftypisom" + bytes(40)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture(autouse=True)
def kept_in(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def log(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    return make_activity(customer, personas.pm, now, contacts=[make_contact(customer, personas.pm, now)])


def kept(row, by, now, *, days, data=VOICE, kind=""):
    """A file shown on a row so many days ago."""
    made = store_and_attach(SimpleUploadedFile("录音", data), row, kind=kind, by=by)
    Attachment.objects.filter(pk=made.pk).update(attached_at=now - timedelta(days=days))
    return made.file


def gone(file):
    file.refresh_from_db()
    return file.removed_at is not None


@pytest.mark.parametrize(
    ("data", "kind", "days", "goes"),
    [
        (VOICE, "", 181, True),
        (VOICE, "", 179, False),
        (M4A, "", 181, True),
        (FILM, "recording", 181, True),
        (FILM, "", 181, False),
        (PNG, "", 9999, False),
    ],
)
def test_recordings_go_when_their_days_are_over_and_nothing_else_goes(
    personas, now, log, data, kind, days, goes
):
    file = kept(log, personas.pm, now, days=days, data=data, kind=kind)
    path = path_of(file.stored_name)
    assert remove_old_recordings(now) == goes
    while deliver_due("core.delete_bytes"):
        pass
    assert (gone(file), path.exists()) == (goes, not goes)
    entries = AuditEntry.objects.filter(code="core.remove_recording", object_id=log.pk)
    assert entries.count() == goes
    assert remove_old_recordings(now) == 0


def test_the_company_sets_the_days_from_a_date_on(personas, now, log):
    file = kept(log, personas.pm, now, days=40)
    asked = {"by": personas.co, "approved_by": personas.ex, "reason": "缩短", "now": now}
    set_param("core.recording_kept_days", 30, valid_from=now + timedelta(days=1), **asked)
    assert remove_old_recordings(now) == 0
    assert remove_old_recordings(now + timedelta(days=1)) == 1
    assert gone(file)


def test_a_legal_hold_keeps_it_until_it_is_lifted(personas, now, log):
    file = kept(log, personas.pm, now, days=400)
    on_customer = kept(log.customer, personas.pm, now, days=400)
    person = log.contacts.get()
    hold_contact(by=personas.fi, now=now, contact=person, legal_hold="诉讼保全")
    assert remove_old_recordings(now) == 0
    person.refresh_from_db()
    hold_contact(by=personas.fi, now=now, contact=person, legal_hold="")
    assert remove_old_recordings(now) == 2
    assert gone(file)
    assert gone(on_customer)


def test_a_complaint_keeps_it_till_three_years_after_it_closed(personas, now):
    case = make_case(personas)
    file = kept(case, personas.sv, now, days=1500)
    assert remove_old_recordings(now) == 0
    for years, goes in ((2, 0), (4, 1)):
        type(case).objects.filter(pk=case.pk).update(closed_at=now - timedelta(days=365 * years))
        assert remove_old_recordings(now) == goes
    assert gone(file)


def test_a_file_shown_elsewhere_goes_with_the_last(personas, now, log):
    file = kept(log, personas.pm, now, days=400)
    later = attach(file, log.customer, kind="", by=personas.pm)
    Attachment.objects.filter(pk=later.pk).update(attached_at=now - timedelta(days=10))
    assert remove_old_recordings(now) == 0
    assert remove_old_recordings(now + timedelta(days=171)) == 1
    assert AuditEntry.objects.filter(code="core.remove_recording").count() == 2


def test_killed_after_the_first_the_next_run_removes_the_rest(personas, now, log, monkeypatch):
    files = [
        kept(log, personas.pm, now, days=400 + number, data=VOICE + bytes([number])) for number in range(3)
    ]
    drop, done = recordings.drop_files, []

    def killed(found, *, now):
        if done:
            raise SystemExit
        done.append(found)
        drop(found, now=now)

    monkeypatch.setattr(recordings, "drop_files", killed)
    with pytest.raises(SystemExit):
        remove_old_recordings(now)
    assert (
        sum(gone(one) for one in files)
        == AuditEntry.objects.filter(code="core.remove_recording").count()
        == 1
    )
    monkeypatch.undo()
    monkeypatch.setattr(recordings, "PART", 1)
    assert run_scan("core.old_recordings", now=now, force=True) == 2
    assert OutboxMessage.objects.filter(kind="core.delete_bytes").count() == 3
    assert StoredFile.objects.filter(removed_at=None).count() == 0


def test_the_page_says_that_it_went(personas, now, log):
    kept(log, personas.pm, now, days=400)
    remove_old_recordings(now)
    client = Client()
    client.force_login(personas.pm)
    page = client.get(f"/files/crm.activity/{log.pk}/").content.decode()
    assert "保存期已满" in page
    made = Attachment.objects.get()
    assert client.get(f"/files/{made.pk}/").status_code in (404, 410)


def test_a_recording_proves_nothing(personas, now, log):
    kept(log, personas.pm, now, days=1, kind="recording")
    log.refresh_from_db()
    assert "H16" not in {one["code"] for one in log.signals}
