"""A case from registration to its end: each step by who may take it, each refusal beside it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from complaints.models import Complaint, ComplaintClock
from complaints.operations import finish_step, record_containment, record_interim
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, Notification, Task
from tests.complaints.factories import NOW, answered, make_case, proposed, triaged, unit, verifying

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def clock(case, kind):
    return case.clocks.filter(kind=kind).order_by("-run").first()


def test_a_case_runs_from_registration_to_closing(personas):
    case = verifying(personas)
    case = case.close(by=personas.sv, now=LATER, lessons="铸件到货改为每周核对。")
    assert case.state == "closed"
    assert case.closed_at == LATER
    assert not case.clocks.filter(stopped_at=None).exists()
    assert not Task.objects.filter(object_kind="complaints.complaint", closed_at=None).exists()
    steps = AuditEntry.objects.filter(object_kind="complaints.complaint").order_by("seq")
    assert [entry.code.split(".")[1].removesuffix("_complaint") for entry in steps] == [
        *("register", "triage", "acknowledge", "investigate", "propose", "review", "answer"),
        *("accept_answer", "verify", "close"),
    ]


def test_registering_starts_the_clocks_and_tells_supervision_and_the_department(personas):
    case = make_case(personas)
    assert (case.state, case.severity, case.severity_confirmed) == ("registered", "s3", False)
    assert {clock.kind for clock in case.clocks.all()} == {
        "triage",
        "acknowledge",
        "contain",
        "interim",
        "answer",
    }
    assert case.code.startswith("TS-01-2026-")
    told = set(
        Notification.objects.filter(code="complaints.registered").values_list("user__username", flat=True)
    )
    assert {personas.sv.username, personas.sv_head.username, personas.dm_prd.username} <= told
    assert Task.objects.filter(kind="complaints.triage", assignee=personas.sv).exists()
    case.customer.facts.refresh_from_db()
    assert (case.customer.facts.open_complaints, case.customer.facts.complaints_total) == (1, 1)


@pytest.mark.parametrize(
    ("columns", "field"),
    [({"facts": "  "}, "facts"), ({"received_at": NOW + timedelta(hours=1)}, "received_at")],
)
def test_registering_refuses_what_is_wrong_beside_the_field(personas, columns, field):
    with pytest.raises(RuleBroken) as refusal:
        make_case(personas, **columns)
    assert field in refusal.value.errors
    assert not Complaint.objects.exists()


def test_a_contact_of_another_customer_is_refused(personas):
    other = make_case(personas).customer
    with pytest.raises(RuleBroken) as refusal:
        make_case(personas, contact=other.contacts.first())
    assert "contact" in refusal.value.errors


def test_the_same_cause_twice_in_ninety_days_is_serious(personas):
    first = make_case(personas)
    second = make_case(personas, customer=first.customer, now=NOW + timedelta(days=89))
    third = make_case(personas, customer=first.customer, category="finish", now=NOW + timedelta(days=89))
    assert (first.severity, second.severity, third.severity) == ("s3", "s2", "s4")


@pytest.mark.parametrize("who", ["pm", "bm", "ae", "dp", "am", "dh", "dm_prd", "co", "fi", "au", "ad"])
def test_only_supervision_and_executives_grade(personas, who):
    case = make_case(personas, by="pm")
    with pytest.raises((NotAllowed, NotFound)):
        case.triage(by=personas[who], now=LATER, severity="s4", lead_department=case.lead_department)
    case.refresh_from_db()
    assert case.state == "registered"


def test_grading_counts_the_clocks_again_from_receipt(personas):
    case = make_case(personas)
    before = clock(case, "answer").due_at
    case = case.triage(
        by=personas.sv,
        now=NOW + timedelta(hours=2),
        severity="s2",
        lead_department=unit("LOG"),
        departments=[unit("PRD")],
    )
    assert case.severity_confirmed
    assert clock(case, "answer").start == NOW
    assert clock(case, "answer").due_at > before
    assert clock(case, "triage").stopped_at == NOW + timedelta(hours=2)
    assert [row.code for row in case.units_concerned] == ["LOG", "PRD"]


def test_a_step_from_the_wrong_state_is_refused(personas):
    case = make_case(personas)
    with pytest.raises(WrongState):
        case.acknowledge(by=personas.sv, now=LATER, channel="phone")
    with pytest.raises(WrongState):
        case.verify(by=personas.sv, now=LATER)
    with pytest.raises(WrongState):
        case.close(by=personas.sv, now=LATER)


def test_a_stale_version_is_refused(personas):
    case = make_case(personas)
    with pytest.raises(StaleVersion):
        case.triage(by=personas.sv, now=LATER, severity="s3", lead_department=case.lead_department, version=7)


def test_an_outsider_does_not_find_the_case(personas):
    case = make_case(personas)
    assert not Complaint.objects.visible_to(personas.outsider_pm).exists()
    with pytest.raises(NotFound):
        case.withdraw(by=personas.outsider_bm, now=LATER, reason="x")


def test_waiting_stops_the_answer_clock_only(personas):
    case = triaged(personas).acknowledge(by=personas.sv, now=NOW + timedelta(hours=2), channel="phone")
    case = case.investigate(by=personas.dm_prd, now=NOW + timedelta(hours=2))
    due, contain = clock(case, "answer").due_at, clock(case, "contain").due_at
    case = case.wait(by=personas.dm_prd, now=NOW + timedelta(days=1), reason="等客户寄回残件")
    assert clock(case, "answer").due_at is None
    case = case.resume(by=personas.dm_prd, now=NOW + timedelta(days=3))
    assert clock(case, "answer").due_at == due + timedelta(days=2)
    assert clock(case, "contain").due_at == contain


def test_a_returned_proposal_names_what_is_missing(personas):
    case = proposed(personas)
    with pytest.raises(RuleBroken):
        case.review(by=personas.sv, now=LATER, passed=False, note=" ")
    case = case.review(by=personas.sv, now=LATER, passed=False, note="缺外协到货记录")
    assert case.state == "investigating"


@pytest.mark.parametrize("verb", ["review", "verify", "close"])
@pytest.mark.parametrize("who", ["dm_prd", "dh", "am", "pm", "bm"])
def test_nobody_but_supervision_judges(personas, who, verb):
    case = {"review": proposed, "verify": answered, "close": verifying}[verb](personas)
    if verb == "verify":
        case = case.accept_answer(by=personas.sv, now=LATER)
    arguments = {"passed": True} if verb == "review" else {}
    with pytest.raises((NotAllowed, NotFound)):
        getattr(case, verb)(by=personas[who], now=LATER, **arguments)


def test_a_supervisor_who_lately_worked_there_cannot_judge(personas):
    from accounts.models import Membership

    case = proposed(personas)
    Membership.objects.create(
        user=personas.sv,
        unit=unit("PRD"),
        role="DH",
        valid_from=NOW - timedelta(days=300),
        valid_to=NOW - timedelta(days=30),
    )
    with pytest.raises(NotAllowed) as refusal:
        case.review(by=personas.fresh("sv"), now=LATER, passed=True)
    assert "生产部" in str(refusal.value.message)
    case.review(by=personas.sv_head, now=LATER, passed=True)


def test_a_case_against_supervision_goes_to_the_executives(personas):
    case = make_case(personas, against="SVD", category="other")
    with pytest.raises(NotAllowed):
        case.triage(by=personas.sv_head, now=LATER, severity="s4", lead_department=case.lead_department)
    case.triage(by=personas.ex, now=LATER, severity="s4", lead_department=case.lead_department)


def test_a_rejected_answer_gets_a_second_review_from_the_top_and_then_only_the_external_path(personas):
    case = answered(personas).reject_answer(by=personas.sv, now=LATER, reason="没有说明补偿")
    assert clock(case, "answer").run == 1
    assert clock(case, "answer").due_at - LATER > timedelta(days=5)
    with pytest.raises(NotAllowed):
        case.answer(by=personas.sv, now=LATER, channel="phone", reply="再次答复")
    with pytest.raises(WrongState):
        case.close_unresolved(by=personas.sv_head, now=LATER, reason="仲裁")
    case = case.answer(by=personas.sv_head, now=LATER, channel="phone", reply="再次答复")
    case = case.reject_answer(by=personas.sv, now=LATER, reason="仍不接受")
    assert case.escalations.filter(rung="rung_5").exists()
    assert (
        case.close_unresolved(by=personas.sv_head, now=LATER, reason="合同仲裁").state == "closed_unresolved"
    )


def test_a_major_case_opens_the_plan_climbs_to_the_top_and_needs_two_signatures(personas):
    case = verifying(personas, claim_amount=Decimal(600_000))
    assert case.severity == "s1"
    assert case.steps.count() == 10
    assert case.escalations.get(rung="rung_4").recipients.get() == personas.ex
    case = case.close(by=personas.sv, now=LATER)
    assert case.state == "verifying"
    with pytest.raises(NotAllowed):
        case.close(by=personas.sv, now=LATER)
    assert case.close(by=personas.ex, now=LATER).state == "closed"


def test_the_general_manager_signs_although_the_handler_reports_to_him(personas):
    personas.dm_prd.manager = personas.ex
    personas.dm_prd.save()
    case = verifying(personas, claim_amount=Decimal(600_000))
    with pytest.raises(NotAllowed):
        case.close(by=personas.ex, now=LATER)
    case = case.close(by=personas.sv, now=LATER)
    assert case.close(by=personas.fresh("ex"), now=LATER).state == "closed"


def test_two_signatures_of_supervision_do_not_close_a_major_case(personas):
    case = verifying(personas, claim_amount=Decimal(600_000)).close(by=personas.sv, now=LATER)
    assert case.close(by=personas.sv_head, now=LATER).state == "verifying"


def test_a_plan_step_is_ticked_once(personas):
    step = make_case(personas, claim_amount=Decimal(600_000)).steps.first()
    finish_step(by=personas.sv, now=LATER, step=step, note="已开群")
    again = finish_step(by=personas.ex, now=LATER + timedelta(days=1), step=step)
    assert (again.done_by, again.done_at, again.note) == (personas.sv, LATER, "已开群")


def test_lowering_a_severity_is_for_the_head_of_supervision(personas):
    case = make_case(personas)
    with pytest.raises(RuleBroken):
        case.change_severity(by=personas.sv, now=LATER, severity="s4", reason="小事")
    with pytest.raises(RuleBroken):
        case.change_severity(by=personas.sv_head, now=LATER, severity="s3", reason="不变")
    assert (
        case.change_severity(by=personas.sv_head, now=LATER, severity="s4", reason="仅态度问题").severity
        == "s4"
    )
    assert not ComplaintClock.objects.filter(kind="contain", stopped_at=None).exists()
    assert case.change_severity(by=personas.sv, now=LATER, severity="s1", reason="媒体报道").steps.exists()


def test_withdrawing_duplicates_and_reopening(personas):
    first, second = make_case(personas), make_case(personas)
    with pytest.raises(RuleBroken):
        second.mark_duplicate(by=personas.sv, now=LATER, original=second)
    assert second.mark_duplicate(by=personas.sv, now=LATER, original=first).state == "duplicate"
    first = first.withdraw(by=personas.sv, now=LATER, reason="电话确认撤诉")
    assert first.state == "withdrawn"
    with pytest.raises(RuleBroken):
        first.reopen(by=personas.sv, now=LATER + timedelta(days=91), reason="又提出")
    first = first.reopen(by=personas.sv, now=LATER + timedelta(days=10), reason="又提出")
    assert first.state == "investigating"
    assert clock(first, "answer").run == 1


def test_containment_and_interim_updates_move_their_clocks(personas):
    case = triaged(personas)
    with pytest.raises(RuleBroken):
        record_containment(by=personas.dm_prd, now=LATER, case=case, text=" ")
    record_containment(by=personas.dm_prd, now=LATER, case=case, text="已停发同批产品")
    assert clock(case, "contain").stopped_at == LATER
    before = clock(case, "interim").due_at
    record_interim(by=personas.sv, now=LATER, case=case, text="已告知进度", channel="phone")
    assert clock(case, "interim").due_at > before


def test_the_complainants_name_is_sealed_and_an_anonymous_one_is_not_kept(personas):
    from django.db import connection

    named = make_case(personas, complainant="匿名先生王五")
    nobody = make_case(personas, complainant="匿名先生王五", anonymous=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT complainant FROM complaints_complaint WHERE id = %s", [named.pk])
        assert "王五" not in cursor.fetchone()[0]
    assert Complaint.objects.get(pk=named.pk).complainant == "匿名先生王五"
    assert Complaint.objects.get(pk=nobody.pk).complainant == ""
    for entry in AuditEntry.objects.all():
        assert "王五" not in str(entry.data)
