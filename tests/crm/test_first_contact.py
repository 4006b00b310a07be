"""Assigned and then not spoken with: told to the owner, the manager and above, each once, whatever dies in between."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.models import Notification
from core.sweep import run_scan
from crm import first_contact
from crm.first_contact import escalate_unmet
from crm.models import Customer, PoolNotice
from crm.operations import assign_customer, claim_customer
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db


def morning(now, days):
    """08:31 so many calendar days after the tests' Sunday."""
    day = timezone.localtime(now).date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=8, minute=31)))


def run_days(now, last):
    return {day: told for day in range(last + 1) if (told := escalate_unmet(morning(now, day)))}


def given(personas, now, **columns):
    customer = make_customer(personas.dp, now, branch="01", **{"tier": "na", **columns})
    return assign_customer(by=personas.bm, now=now, customer=customer, owner=personas.pm)


def told(code):
    return {one.user: one.data for one in Notification.objects.filter(code=code).select_related("user")}


def test_it_climbs_from_the_owner_to_the_managers_superior_each_once(personas, now):
    for _turn in range(2):
        given(personas, now)
    # Sunday; working days 1–3 are over on Thursday morning, 1–5 on Saturday, 1–10 on the Saturday after
    assert run_days(now, 20) == {4: 2, 6: 2, 13: 2}
    assert told("crm.unmet_own") == {personas.pm: {"count": 2, "days": 3}}
    assert told("crm.unmet_of") == {personas.bm: {"count": 2, "days": 5}}
    assert told("crm.unmet_in") == {personas.ex: {"count": 2, "days": 10}}


def test_a_two_way_contact_ends_it_and_a_new_owner_starts_anew(personas, now):
    spoken, handed = given(personas, now), given(personas, now)
    person = make_contact(spoken, personas.pm, now)
    make_activity(
        spoken, personas.pm, now + timedelta(hours=3), contacts=[person], next_step="发方案", next_at=now + timedelta(days=9)
    )  # fmt: skip
    assert run_days(now, 4) == {4: 1}
    fresh = Customer.objects.get(pk=handed.pk)
    assign_customer(
        by=personas.bm, now=morning(now, 4), customer=fresh, owner=personas.pm_other, reason="区域调整"
    )
    assert run_days(now, 10) == {10: 1}  # Monday after three more working days
    assert set(told("crm.unmet_own")) == {personas.pm, personas.pm_other}
    assert told("crm.unmet_of") == {}


def test_what_was_claimed_or_entered_by_the_owner_climbs_nowhere(personas, now):
    make_customer(personas.pm, now, owner=personas.pm, tier="na")
    pooled = make_customer(personas.dp, now, branch="01", tier="na")
    Customer.objects.filter(pk=pooled.pk).update(pool_status="pool", pool_entered_at=now)
    claim_customer(by=personas.pm, now=now, customer=Customer.objects.get(pk=pooled.pk))
    assert run_days(now, 8) == {}


def test_killed_in_the_middle_nothing_is_kept_and_the_next_run_tells_everybody(personas, now, monkeypatch):
    given(personas, now)
    monkeypatch.setattr(first_contact, "_tell_owners", lambda *_given: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        escalate_unmet(morning(now, 4))
    assert not PoolNotice.objects.exists()
    monkeypatch.undo()
    assert escalate_unmet(morning(now, 4)) == 1
    assert escalate_unmet(morning(now, 4)) == 0
    assert Notification.objects.filter(code="crm.unmet_own").count() == 1


def test_it_is_a_scan_of_the_morning(personas, now):
    given(personas, now)
    early = morning(now, 4) - timedelta(minutes=10)
    assert run_scan("crm.first_contact", now=early, force=True) == 0
    assert run_scan("crm.first_contact", now=morning(now, 4), force=True) == 1
    assert run_scan("crm.first_contact", now=morning(now, 4), force=True) == 0
