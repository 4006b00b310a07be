"""The ladder: each rung once with its true due time, daily repeats, late runs, and who stands on it."""

from datetime import timedelta

import pytest

from complaints.models import Escalation
from complaints.sweeps import climb_ladders
from core.models import Notification
from tests.complaints.factories import NOW, make_case, triaged

pytestmark = pytest.mark.django_db


def rungs(case, kind):
    return list(case.escalations.filter(clock=f"{kind}:0").order_by("due_at").values_list("rung", flat=True))


def test_an_unanswered_case_climbs_rung_by_rung(personas):
    case = make_case(personas)
    clock = case.clocks.get(kind="triage")  # 4 business hours from Monday 09:00: due 14:00
    assert climb_ladders(NOW + timedelta(minutes=119)) == 0
    for at, expected in [
        (NOW + timedelta(minutes=120), ["rung_1"]),
        (NOW + timedelta(minutes=121), ["rung_1"]),
        (clock.due_at - timedelta(minutes=1), ["rung_1", "rung_2"]),
        (clock.due_at, ["rung_1", "rung_2", "rung_3"]),
        (clock.due_at + timedelta(hours=3), ["rung_1", "rung_2", "rung_3", "rung_4"]),
    ]:
        climb_ladders(at)
        assert rungs(case, "triage") == expected


def test_running_twice_changes_nothing_more(personas):
    case = make_case(personas)
    late = NOW + timedelta(days=3)
    climb_ladders(late)
    before = (Escalation.objects.count(), Notification.objects.count())
    for _ in range(3):
        climb_ladders(late)
    assert (Escalation.objects.count(), Notification.objects.count()) == before
    assert rungs(case, "triage") == ["rung_1", "rung_2", "rung_3", "rung_4"]


def test_after_downtime_every_missed_rung_has_its_true_due_time_and_people_hear_once(personas):
    case = make_case(personas)
    late = NOW + timedelta(days=3)
    climb_ladders(late)
    rows = case.escalations.filter(clock="triage:0").order_by("due_at")
    assert rows[0].due_at == NOW + timedelta(minutes=120)
    assert all(row.due_at < late and row.at == late for row in rows)
    told = Notification.objects.filter(code="complaints.escalated", user=personas.ex, data__clock="triage")
    assert told.count() == 1


def test_a_breached_clock_is_repeated_once_a_day(personas):
    case = make_case(personas)
    start = NOW + timedelta(days=2)
    climb_ladders(start)

    def repeats():
        return Notification.objects.filter(
            code="complaints.escalated", object_id=case.pk, user=personas.ex, data__clock="triage"
        ).count()

    first = repeats()
    climb_ladders(start + timedelta(hours=5))
    assert repeats() == first
    climb_ladders(start + timedelta(days=1, minutes=1))
    climb_ladders(start + timedelta(days=1, minutes=2))
    assert repeats() == first + 1


def test_a_stopped_clock_climbs_no_further(personas):
    case = triaged(personas)
    climb_ladders(NOW + timedelta(days=30))
    assert rungs(case, "triage") == []
    assert rungs(case, "acknowledge") == ["rung_1", "rung_2", "rung_3", "rung_4"]


def test_the_rungs_reach_their_people(personas):
    case = make_case(personas)
    climb_ladders(NOW + timedelta(days=3))

    def people(rung):
        return set(case.escalations.get(clock="triage:0", rung=rung).recipients.values_list("pk", flat=True))

    assert people("rung_1") == {personas.dm_prd.pk}
    assert people("rung_2") == {personas.sv_head.pk, personas.bm.pk, personas.pm.pk}
    assert personas.ex.pk in people("rung_4")


def test_who_is_complained_about_is_not_asked_to_act_and_nobody_left_means_the_general_manager(personas):
    case = make_case(personas, respondents=[personas.dm_prd])
    climb_ladders(NOW + timedelta(minutes=130))
    assert case.escalations.get(clock="triage:0", rung="rung_1").recipients.get() == personas.ex


def test_escalations_cannot_be_muted(personas):
    personas.dm_prd.muted_notices = ["complaints.escalated"]
    personas.dm_prd.save()
    make_case(personas)
    climb_ladders(NOW + timedelta(minutes=130))
    assert Notification.objects.filter(code="complaints.escalated", user=personas.dm_prd).exists()
