"""Severity, clocks and ladder against the tables of the specification."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from complaints.clocks import ACKNOWLEDGE, ANSWER, CONTAIN, INTERIM, TARGETS, TRIAGE, due_at
from complaints.ladder import rung_instants
from complaints.severity import CaseFacts, grade, is_graver
from core.calendars import work_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("facts", "severity", "reason"),
    [
        ({"injury": True}, "s1", "injury"),
        ({"public_water_hours": 4.5}, "s1", "public_water"),
        ({"public_water_hours": 4}, "s3", "service_failure"),
        ({"from_regulator": True}, "s1", "regulator"),
        ({"in_media": True}, "s1", "media"),
        ({"claim": Decimal(500_000)}, "s1", "major_claim"),
        ({"claim": Decimal("499999.99")}, "s2", "serious_claim"),
        ({"claim": Decimal("99999.99")}, "s3", "service_failure"),
        ({"threatens_to_leave": True, "tier": "vip"}, "s1", "vip_leaving"),
        ({"threatens_to_leave": True}, "s3", "service_failure"),
        ({"production_stop_hours": 25}, "s2", "production_stop"),
        ({"production_stop_hours": 24}, "s3", "service_failure"),
        ({"same_cause": 2}, "s2", "same_cause"),
        ({"integrity": True}, "s2", "integrity"),
        ({"minor": True}, "s4", "minor"),
        ({"minor": True, "tier": "vip"}, "s3", "vip"),
        ({"minor": True, "claim": Decimal(1)}, "s3", "service_failure"),
        ({}, "s3", "service_failure"),
    ],
)
def test_the_severity_follows_the_table(facts, severity, reason):
    judged = grade(CaseFacts(**facts))
    assert judged.severity == severity
    assert reason in judged.reasons


def test_severities_are_ordered():
    assert is_graver("s1", "s2")
    assert not is_graver("s3", "s3")
    assert not is_graver("s4", "s3")


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


# Monday 2026-11-16 09:00 unless said otherwise; 08:30–12:00, 13:00–17:30.
CLOCKS = [
    ("s1", TRIAGE, "2026-11-16 09:00", "2026-11-16 09:30"),
    ("s1", TRIAGE, "2026-11-21 23:45", "2026-11-22 00:15"),
    ("s1", CONTAIN, "2026-11-21 23:45", "2026-11-22 23:45"),
    ("s1", ANSWER, "2026-11-16 08:30", "2026-12-04 17:30"),
    ("s2", TRIAGE, "2026-11-16 11:00", "2026-11-16 14:00"),
    ("s2", CONTAIN, "2026-11-20 17:00", "2026-11-22 17:00"),
    ("s2", INTERIM, "2026-11-16 09:00", "2026-11-18 09:00"),
    ("s2", ANSWER, "2026-11-16 09:00", "2026-11-30 09:00"),
    ("s3", ACKNOWLEDGE, "2026-11-16 09:00", "2026-11-16 14:00"),
    ("s3", ANSWER, "2026-11-16 09:00", "2026-11-25 09:00"),
    ("s3", ANSWER, "2026-09-29 09:00", "2026-10-14 09:00"),
    ("s4", ACKNOWLEDGE, "2026-11-20 17:00", "2026-11-23 17:00"),
    ("s4", ANSWER, "2026-11-16 09:00", "2026-11-23 09:00"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("severity", "kind", "start", "due"), CLOCKS)
def test_due_times_follow_the_table_and_the_calendar(severity, kind, start, due):
    assert due_at(TARGETS[severity][kind], at(start), work_calendar()) == at(due)


def test_minor_cases_owe_no_containment_and_no_interim_update():
    assert set(TARGETS["s4"]) == {TRIAGE, ACKNOWLEDGE, ANSWER}


@pytest.mark.django_db
def test_rungs_stand_at_half_four_fifths_whole_and_one_and_a_half():
    rungs = dict(rung_instants(TARGETS["s2"][TRIAGE], at("2026-11-16 09:00"), work_calendar()))
    assert rungs == {
        "rung_1": at("2026-11-16 10:00"),
        "rung_2": at("2026-11-16 10:36"),
        "rung_3": at("2026-11-16 11:00"),
        "rung_4": at("2026-11-16 12:00"),
    }


@pytest.mark.django_db
def test_what_ran_before_a_wait_counts():
    span = TARGETS["s2"][TRIAGE]
    rungs = dict(rung_instants(span, at("2026-11-16 15:00"), work_calendar(), used=90))
    assert rungs["rung_1"] == rungs["rung_1"] == at("2026-11-16 15:00")
    assert rungs["rung_2"] == at("2026-11-16 15:06")
    assert due_at(span, at("2026-11-16 15:00"), work_calendar(), used=90) == at("2026-11-16 15:30")
    assert due_at(span, datetime(2026, 11, 16, 7, 0, tzinfo=UTC), work_calendar(), used=200) == at(
        "2026-11-16 15:00"
    )
