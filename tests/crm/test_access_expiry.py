"""The log of access ends after the company's days, not before half a year; what stays in the audit can still be proved."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import audit
from core.models import AuditEntry, AuditExpiry, AuditSeal
from core.params import set_param
from core.sweep import run_scan
from crm.access_log import WORDS
from crm.operations.access_expiry import expire_access_log
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def trail(personas, now):
    """Two seals: openings and other entries of four, two and one years ago, and of today."""
    customer = make_customer(personas.pm, now)
    AuditEntry.objects.all().delete()
    for years in (4, 2):
        at = now - timedelta(days=365 * years)
        for code in ("crm.reveal_contact", "crm.change_customer", "crm.download_export"):
            audit.record(code, customer, by=personas.pm, now=at)
        assert audit.seal(now) == 3
    audit.record("crm.reveal_contact", customer, by=personas.pm, now=now - 300 * DAY)
    assert audit.verify() == []
    return customer


def codes():
    return sorted(AuditEntry.objects.values_list("code", flat=True))


def test_only_what_is_older_than_three_years_and_of_this_log_goes(trail, now):
    assert expire_access_log(now) == 2
    assert codes().count("crm.reveal_contact") == 2
    assert codes().count("crm.change_customer") == 2
    assert (AuditExpiry.objects.get().removed, AuditExpiry.objects.get().entries) == (2, 1)
    assert audit.verify() == []
    assert expire_access_log(now) == 0
    assert AuditExpiry.objects.count() == 1


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: AuditEntry.objects.filter(code="crm.change_customer").update(reason="anders"),
        lambda: AuditEntry.objects.filter(code="crm.change_customer").delete(),
        lambda: AuditSeal.objects.order_by("to_seq").first().delete(),
    ],
)
def test_what_stays_is_still_proved(trail, now, tamper):
    expire_access_log(now)
    tamper()
    assert audit.verify()


def test_a_seal_that_does_not_fit_is_evidence_and_stays_as_it_is(trail, now):
    first = AuditEntry.objects.order_by("seq").first()
    AuditEntry.objects.filter(pk=first.pk).update(reason="anders")
    assert expire_access_log(now) == 0
    assert audit.verify()
    assert not AuditExpiry.objects.exists()


def test_the_company_sets_the_days_from_a_date_on_but_not_under_half_a_year(personas, trail, now):
    asked = {"by": personas.co, "approved_by": personas.ex, "reason": "缩短", "now": now}
    set_param("crm.access_log_days", 1, valid_from=now + HOUR, **asked)
    assert expire_access_log(now) == 2
    assert expire_access_log(now + 2 * HOUR) == 2  # those of two years ago; the newest has no seal yet
    assert audit.seal(now) == 1
    assert expire_access_log(now + 2 * HOUR) == 1
    assert set(codes()) == {"crm.change_customer"}
    assert audit.verify() == []


def test_the_database_itself_keeps_half_a_year_and_everything_else(trail, now):
    last = AuditEntry.objects.order_by("-seq").first().seq
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT crm_expire_access_log(0, %s, %s)", [last, now - 100 * DAY])
    with connection.cursor() as cursor:
        cursor.execute("SELECT crm_expire_access_log(0, %s, %s)", [last, now - 190 * DAY])
        assert cursor.fetchone() == (5,)
        cursor.execute("SELECT pg_get_functiondef('crm_expire_access_log'::regproc)")
        definition = cursor.fetchone()[0]
    assert set(codes()) == {"crm.change_customer"}
    assert all(f"'{code}'" in definition for code in WORDS)


def test_killed_between_the_seals_the_next_run_goes_on(personas, trail, now, monkeypatch):
    asked = {"by": personas.co, "approved_by": personas.ex, "reason": "缩短", "now": now}
    set_param("crm.access_log_days", 200, valid_from=now, **asked)
    expire_under, seen = audit._expire_under, []

    def killed(*given):
        if seen:
            raise SystemExit
        seen.append(given)
        return expire_under(*given)

    monkeypatch.setattr(audit, "_expire_under", killed)
    with pytest.raises(SystemExit):
        expire_access_log(now + DAY)
    assert (AuditExpiry.objects.count(), audit.verify()) == (1, [])
    monkeypatch.undo()
    assert run_scan("crm.expire_access_log", now=now + DAY, force=True) == 2
    assert run_scan("crm.expire_access_log", now=now + DAY, force=True) == 0
    assert audit.verify() == []
