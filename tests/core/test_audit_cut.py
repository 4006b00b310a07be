"""An erased person may be cut out of the words of the audit; the database refuses any other change of them."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.clock import db_now
from core.models import AuditEntry, AuditExpiry, AuditSeal

pytestmark = pytest.mark.django_db
REASON, DATA = "王伟（50%_\\）来电 14100001111", {"why": "王伟", "days": 3, "share": 1.0}


@pytest.fixture
def entry(personas):
    AuditSeal.objects.all().delete()
    AuditEntry.objects.all().delete()
    audit.record("test.event", personas.pm, by=None, now=db_now(), reason=REASON, data=DATA)
    return AuditEntry.objects.get()


def write(entry, reason, data):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT core_cut_from_audit(%s, %s, %s)", [entry.seq, reason, json.dumps(data)])
    entry.refresh_from_db()


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("匿名7（50%_\\）来电 ＊＊＊", DATA),
        (REASON, {**DATA, "why": "匿名7"}),
        ("＊＊＊", {**DATA, "why": "＊＊＊"}),
        (REASON, DATA),
    ],
)
def test_a_person_is_cut_out(entry, reason, data):
    write(entry, reason, data)
    assert (entry.reason, entry.data) == (reason, data)


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("李四（50%_\\）来电 14100001111", DATA),
        (REASON + "，已同意", DATA),
        ("", DATA),
        ("匿名（50%_\\）来电 14100001111", DATA),
        ("%", DATA),
        ("＊＊＊已同意", DATA),
        ("匿名7（50__\\）来电 ＊＊＊", DATA),
        (REASON, {}),
        (REASON, {**DATA, "days": 4}),
        (REASON, {**DATA, "more": "＊＊＊"}),
    ],
)
def test_other_words_are_refused(entry, reason, data):
    with pytest.raises(DatabaseError, match="not changed"):
        write(entry, reason, data)
    entry.refresh_from_db()
    assert (entry.reason, entry.data) == (REASON, DATA)


def test_an_entry_that_is_not_there_is_refused(entry):
    with pytest.raises(DatabaseError):
        write(AuditEntry(seq=entry.seq + 1), "＊＊＊", {})


def test_a_seal_that_does_not_fit_stays_evidence_and_the_person_goes_all_the_same(entry, personas):
    audit.record("test.event", personas.pm, by=None, now=entry.at)
    assert audit.seal(db_now() + audit.SETTLE_TIME * 2) == 2
    AuditEntry.objects.exclude(pk=entry.pk).update(code="test.other")
    before = audit.verify()
    entry.reason = "＊＊＊"
    audit.cut([entry], db_now())
    assert AuditEntry.objects.get(pk=entry.pk).reason == "＊＊＊"
    assert before
    assert audit.verify() == before
    assert not AuditExpiry.objects.exists()


def test_entries_under_several_seals_and_none_are_cut_at_once(entry, personas):
    for _ in range(2):
        audit.record("test.event", personas.pm, by=None, now=entry.at, reason=REASON, data=DATA)
        assert audit.seal(db_now() + audit.SETTLE_TIME * 2)
    audit.record("test.event", personas.pm, by=None, now=entry.at, reason=REASON, data=DATA)
    assert AuditSeal.objects.count() == 2
    entries = list(AuditEntry.objects.all())
    for one in entries:
        one.reason = "＊＊＊"
    audit.cut(entries, db_now())
    assert list(AuditExpiry.objects.order_by("to_seq").values_list("cut", "entries")) == [(2, 2), (1, 1)]
    assert set(AuditEntry.objects.values_list("reason", flat=True)) == {"＊＊＊"}
    assert audit.verify() == []
    AuditEntry.objects.filter(pk=entry.pk).update(reason=REASON)
    assert audit.verify()
