"""A low score opens one case for the manager; steps, refusals, the second asking, complaints."""

from datetime import timedelta

import pytest

from complaints.models import Complaint
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import Notification, Task
from surveys import operations, sweeps
from surveys.models import Invitation, Recovery, Response
from tests.complaints.factories import unit
from tests.surveys.factories import BAD, CLOSED, GOOD, answered, make_recovery, sent

pytestmark = pytest.mark.django_db
ANSWERED = CLOSED + timedelta(hours=1)  # Tuesday 10:00
TOMORROW = (CLOSED + timedelta(days=1)).date()


def called(personas, **columns):
    row = make_recovery(personas, **columns)
    return row.call(
        by=personas.bm, now=ANSWERED + timedelta(hours=1), note="客户说工程师没带配件", cause="parts"
    )


def proposed(personas, **columns):
    return called(personas, **columns).propose(
        by=personas.bm,
        now=ANSWERED + timedelta(hours=2),
        cause="parts",
        action="明天带配件免费上门",
        promised_on=TOMORROW,
    )


def closed(personas, **columns):
    return proposed(personas, **columns).close(
        by=personas.bm, now=ANSWERED + timedelta(days=1), note="已修好"
    )


def test_a_low_score_opens_the_managers_case_with_task_and_notice(personas):
    row = make_recovery(personas)
    assert (row.state, row.owner) == ("open", personas.bm)
    assert row.reasons == ["csat", "dimension", "ces", "not_solved"]
    assert Task.objects.get(kind="surveys.recovery", closed_at=None).assignee == personas.bm
    told = set(Notification.objects.filter(code="surveys.low_score").values_list("user__username", flat=True))
    assert told == {"bm", "pm"}
    assert Response.objects.get().csat == 1


def test_a_good_score_opens_none(personas):
    answered(personas)
    assert not Recovery.objects.exists()


@pytest.mark.parametrize(("tier", "minutes"), [("vip", 6 * 60), ("standard", 24 * 60)])
def test_vips_are_called_within_four_business_hours_others_within_a_working_day(personas, tier, minutes):
    row = make_recovery(personas, tier=tier)  # answered Tuesday 10:00; lunch 12–13, close 17:30
    expected = {"vip": timedelta(hours=5), "standard": timedelta(hours=24)}[tier]
    assert row.due_at - row.opened_at == expected


def test_the_steps_to_closing(personas):
    row = closed(personas)
    assert row.state == "closed"
    assert (row.cause, row.promised_on) == ("parts", TOMORROW)
    assert not Task.objects.filter(kind__startswith="surveys.", closed_at=None).exists()


def test_the_promise_waits_on_the_managers_list(personas):
    proposed(personas)
    assert list(
        Task.objects.filter(closed_at=None, kind__startswith="surveys.").values_list("kind", flat=True)
    ) == ["surveys.promise"]


def test_whoever_served_the_customer_does_not_make_it_good(personas):
    row = make_recovery(personas)
    for person in (personas.fresh("pm"), personas.fresh("ae")):
        with pytest.raises((NotAllowed, NotFound)):
            row.call(by=person, now=ANSWERED, note="打过电话了")
    with pytest.raises(NotFound):
        row.call(by=personas.outsider_bm, now=ANSWERED, note="打过电话了")
    assert row.call(by=personas.bm, now=ANSWERED, note="客户在忙,明天再打").state == "called"


def test_wrong_state_stale_version_and_bad_input(personas):
    row = make_recovery(personas)
    with pytest.raises(WrongState):
        row.close(by=personas.bm, now=ANSWERED)
    with pytest.raises(WrongState):
        row.propose(by=personas.bm, now=ANSWERED, cause="slow", action="x", promised_on=TOMORROW)
    with pytest.raises(StaleVersion):
        row.call(by=personas.bm, now=ANSWERED, note="x", version=99)
    with pytest.raises(RuleBroken):
        row.call(by=personas.bm, now=ANSWERED, note="  ")
    done = row.call(by=personas.bm, now=ANSWERED, note="说明情况")
    with pytest.raises(RuleBroken):
        done.propose(
            by=personas.bm, now=ANSWERED, cause="slow", action="x", promised_on=TOMORROW - timedelta(days=9)
        )


def test_the_customer_is_asked_again_after_fourteen_days_and_won_back(personas):
    row = closed(personas)
    assert sweeps.reask(ANSWERED + timedelta(days=14)) == 0
    with pytest.raises(WrongState):
        row.reask(by=personas.bm, now=ANSWERED + timedelta(days=14))
    later = row.reask_at + timedelta(hours=9)
    assert sweeps.reask(later) == 1
    assert sweeps.reask(later) == 0
    with pytest.raises(WrongState):
        row.reask(by=personas.bm, now=later)
    second = Invitation.objects.get(recovery=row)
    assert second.ticket == row.response.ticket
    monday = later + timedelta(days=4)
    sweeps.send_invitations(monday)
    second = Invitation.objects.get(pk=second.pk)
    assert second.state == "sent"
    second.answer(by=None, now=monday + timedelta(hours=1), **GOOD)
    row = Recovery.objects.get(pk=row.pk)
    assert row.recovered is True
    assert row.response.csat == BAD["q0"]
    assert Recovery.objects.count() == 1


def test_a_second_low_score_means_not_won_back_and_opens_no_second_case(personas):
    row = closed(personas)
    later = row.reask_at + timedelta(days=2)
    row.reask(by=None, now=later)
    second = Invitation.objects.get(recovery=row).send(by=None, now=later, channel="mail")
    second.answer(by=None, now=later, **BAD)
    assert Recovery.objects.get().recovered is False


def test_a_missed_call_is_told_once(personas):
    row = make_recovery(personas)
    assert sweeps.tell_uncalled(row.due_at) == 0
    late = row.due_at + timedelta(minutes=1)
    assert sweeps.tell_uncalled(late) == 2
    assert sweeps.tell_uncalled(late) == 0
    row.call(by=personas.bm, now=late, note="晚了,但打了")
    assert sweeps.tell_uncalled(late + timedelta(days=1)) == 0


def test_the_manager_may_treat_it_as_a_complaint_once(personas):
    row = called(personas)
    given = {"lead_department": unit("ASD"), "category": "repeat_fault", "facts": "三次未修好"}
    case = operations.treat_as_complaint(
        by=personas.bm, now=ANSWERED + timedelta(hours=2), recovery=row, **given
    )
    assert (case.channel, case.ticket, case.creator) == ("survey", row.response.ticket, personas.bm)
    with pytest.raises(WrongState):
        operations.treat_as_complaint(
            by=personas.bm, now=ANSWERED + timedelta(hours=2), recovery=row, **given
        )
    assert Complaint.objects.count() == 1


def test_an_answer_by_phone_is_written_down_by_the_crm_office_only(personas):
    invitation = sent(personas)
    with pytest.raises(NotAllowed):
        invitation.answer(by=personas.pm, now=ANSWERED, q0=5)
    invitation.answer(by=personas.co, now=ANSWERED, q0=4)
    response = Response.objects.get()
    assert (response.entered_by, response.csat) == (personas.co, 4)


@pytest.mark.parametrize("given", [{}, {"q0": 6}, {"q0": "5"}, {"nps": 9}, {"fix": "perhaps"}])
def test_values_off_the_scale_and_strange_questions_are_refused(personas, given):
    invitation = sent(personas)
    with pytest.raises(RuleBroken):
        invitation.answer(by=None, now=ANSWERED, **given)
    assert not Response.objects.exists()
    assert Invitation.objects.get().state == "sent"
