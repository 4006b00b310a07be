"""Gates: what they refuse, what they let through, and whose authority that takes."""

from typing import Any

import pytest

from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, Notification, Task
from projects.models import Project
from projects.operations import provide_evidence
from tests.projects.factories import a_file, a_record, bring_to, make_project, supply

pytestmark = pytest.mark.django_db


def test_an_inquiry_becomes_a_project_with_code_buyer_and_clock(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now)
    assert project.code == "SJ-01-2026-00001"
    assert project.state == "p01"
    assert not project.order_code
    assert [party.role for party in project.parties.all()] == ["buyer", "user"]
    assert project.stages.get().standard_days == 10
    assert project.stage_due_at > now
    assert AuditEntry.objects.filter(code="projects.add_project", object_id=project.pk).count() == 1


def test_a_gate_without_evidence_names_what_is_missing_and_who_can_supply_it(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now, expected_sign_on=None)
    with pytest.raises(RuleBroken) as refusal:
        project.submit_gate(by=personas.pm, now=now)
    sentences = [str(sentence) for sentence in refusal.value.errors["evidence"]]
    assert refusal.value.code == "evidence_missing"
    assert len(sentences) == 4
    assert refusal.value.data["missing"] == ["need_sheet", "budget_source", "expected_sign_on", "competitors"]
    project.refresh_from_db()
    assert project.state == "p01"
    assert not project.submissions.exists()


def test_within_own_authority_a_gate_passes_by_itself_and_is_audited(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now, amount=199_999)
    supply(project, personas.pm, now)
    project = project.submit_gate(by=personas.pm, now=now)
    assert project.state == "p02"
    entry = AuditEntry.objects.get(code="projects.submit_gate_project")
    assert entry.data["own_authority"] is True
    assert len(entry.evidence) == 3
    assert [stay.left_at is None for stay in project.stages.all()] == [False, True]


def test_from_200000_on_the_branch_manager_decides_g1(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now, amount=200_000)
    supply(project, personas.pm, now)
    project = project.submit_gate(by=personas.pm, now=now)
    assert project.state == "p01"
    assert Task.objects.get(kind="projects.decide_gate", closed_at=None).assignee == personas.bm
    assert Notification.objects.filter(user=personas.bm, code="projects.gate_submitted").count() == 1
    with pytest.raises(WrongState):
        project.submit_gate(by=personas.pm, now=now)
    with pytest.raises(NotAllowed):
        project.approve_gate(by=personas.pm, now=now)
    with pytest.raises(NotFound):
        project.approve_gate(by=personas.outsider_bm, now=now)
    project = project.approve_gate(by=personas.bm, now=now)
    assert project.state == "p02"
    assert not Task.objects.filter(closed_at=None, kind="projects.decide_gate").exists()


def test_a_branch_manager_does_not_approve_what_they_submitted(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now, amount=300_000)
    supply(project, personas.pm, now)
    project = project.submit_gate(by=personas.bm, now=now)
    with pytest.raises(NotAllowed) as refusal:
        project.approve_gate(by=personas.fresh("bm"), now=now)
    assert refusal.value.code == "own_submission"
    assert Task.objects.get(kind="projects.decide_gate", closed_at=None).assignee == personas.dm_sal
    assert project.approve_gate(by=personas.dm_sal, now=now).state == "p02"


def test_returning_needs_a_reason_keeps_the_stage_and_asks_for_correction(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now, amount=300_000)
    supply(project, personas.pm, now)
    project = project.submit_gate(by=personas.pm, now=now)
    with pytest.raises(RuleBroken):
        project.return_gate(by=personas.bm, now=now, reason="  ")
    project = project.return_gate(by=personas.bm, now=now, reason="竞争对手没写清")
    assert project.state == "p01"
    assert project.submissions.get().verdict == "returned"
    assert Task.objects.get(kind="projects.correct_gate", closed_at=None).assignee == personas.pm
    project = project.submit_gate(by=personas.pm, now=now)
    assert [one.attempt for one in project.submissions.all()] == [2, 1] or project.submissions.count() == 2
    assert not Task.objects.filter(kind="projects.correct_gate", closed_at=None).exists()


def test_a_stale_version_changes_nothing(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now)
    supply(project, personas.pm, now)
    with pytest.raises(StaleVersion):
        project.submit_gate(by=personas.pm, now=now, version=project.version + 1)
    assert not project.submissions.exists()


@pytest.mark.parametrize("words", ["", "   "])
def test_a_blank_record_is_no_evidence(personas: Any, now: Any, words: str) -> None:
    project = make_project(personas.pm, now)
    with pytest.raises(RuleBroken):
        provide_evidence(by=personas.pm, now=now, project=project, item="competitors", values={"text": words})
    assert not project.evidence.exists()


def test_an_empty_file_and_an_unmeasured_value_are_no_evidence(personas: Any, now: Any) -> None:
    project = bring_to(make_project(personas.pm, now), "p02", personas, now)
    with pytest.raises(RuleBroken):
        provide_evidence(by=personas.dm, now=now, project=project, item="selected_curve", upload=None)
    for value in (None, "", "NaN", "about one"):
        with pytest.raises(RuleBroken):
            provide_evidence(
                by=personas.dm, now=now, project=project, item="npsh_margin", values={"value": value}
            )
    provide_evidence(by=personas.dm, now=now, project=project, item="npsh_margin", values={"value": "0.9"})
    assert project.evidence.filter(gate="g02").count() == 1


def test_a_measured_value_out_of_range_keeps_the_gate_shut(personas: Any, now: Any) -> None:
    project = bring_to(make_project(personas.pm, now), "p02", personas, now)
    supply(project, personas.dm, now)
    provide_evidence(by=personas.dm, now=now, project=project, item="npsh_margin", values={"value": "0.4"})
    with pytest.raises(RuleBroken) as refusal:
        project.submit_gate(by=personas.pm, now=now)
    assert refusal.value.data["missing"] == ["npsh_margin"]
    assert project.evidence.filter(item="npsh_margin").count() == 2  # the first is kept as replaced


@pytest.mark.parametrize("spelling", ["只有 一家 本地厂", "只有一家本地厂。", "只有一家本地厂"])
def test_text_used_for_another_project_is_refused_whatever_its_spacing(
    personas: Any, now: Any, spelling: str
) -> None:
    first, second = make_project(personas.pm, now), make_project(personas.pm, now)
    words = {"text": "只有一家本地厂"}
    provide_evidence(by=personas.pm, now=now, project=first, item="competitors", values=words)
    provide_evidence(
        by=personas.pm, now=now, project=first, item="competitors", values=words
    )  # same item again: fine
    with pytest.raises(RuleBroken) as refusal:
        provide_evidence(
            by=personas.pm, now=now, project=second, item="competitors", values={"text": spelling}
        )
    assert refusal.value.code == "evidence_reused"


def test_a_file_used_for_another_gate_or_project_is_refused(personas: Any, now: Any) -> None:
    first = bring_to(make_project(personas.pm, now), "p02", personas, now)
    second = bring_to(make_project(personas.pm, now), "p02", personas, now)
    supply(first, personas.dm, now, "selected_curve")
    curve = a_file("curve.txt", "一条曲线")
    provide_evidence(by=personas.dm, now=now, project=first, item="selected_curve", upload=curve)
    again = a_file("other name.txt", "一条曲线")
    with pytest.raises(RuleBroken) as refusal:
        provide_evidence(by=personas.dm, now=now, project=second, item="selected_curve", upload=again)
    assert refusal.value.code == "evidence_reused"


def test_the_head_of_technology_decides_g2_and_a_branch_manager_cannot(personas: Any, now: Any) -> None:
    project = bring_to(make_project(personas.pm, now), "p02", personas, now)
    supply(project, personas.pm, now)
    project = project.submit_gate(by=personas.pm, now=now)
    with pytest.raises(NotAllowed):
        project.approve_gate(by=personas.bm, now=now)
    assert project.approve_gate(by=personas.dm, now=now).state == "p03"


@pytest.mark.parametrize(
    ("discount", "margin", "level"),
    [
        ("5", "28", "own"),
        ("5.1", "28", "bm"),
        ("12", "28", "bm"),
        ("20", "16", "sal_dm"),
        ("20.5", "30", "ex"),
        ("0", "14.9", "ex"),
    ],
)
def test_g3_goes_to_the_price_level_of_discount_and_margin(
    personas: Any, now: Any, discount: str, margin: str, level: str
) -> None:
    project = bring_to(make_project(personas.pm, now), "p03", personas, now)
    supply(project, personas.pm, now, "priced_quotation", "quotation_terms")
    provide_evidence(
        by=personas.pm, now=now, project=project, item="discount_percent", values={"value": discount}
    )
    provide_evidence(
        by=personas.fi, now=now, project=project, item="margin_percent", values={"value": margin}
    )
    project = project.submit_gate(by=personas.pm, now=now)
    assert project.submissions.filter(gate="g03").get().level == level
    assert project.state == ("p04" if level == "own" else "p03")


def test_g3_of_500000_needs_the_decision_chain(personas: Any, now: Any) -> None:
    from tests.crm.factories import make_contact, make_customer

    customer = make_customer(personas.pm, now, owner=personas.pm)
    make_contact(customer, personas.pm, now, decision_role="decision_maker")
    project = make_project(personas.pm, now, amount=500_000, customer=customer)
    project = bring_to(project, "p03", personas, now)
    supply(project, personas.pm, now)
    with pytest.raises(RuleBroken) as refusal:
        project.submit_gate(by=personas.pm, now=now)
    assert refusal.value.data["missing"] == ["decision_chain"]
    for role in ("technical", "user"):
        make_contact(customer, personas.pm, now, decision_role=role)
    assert project.submit_gate(by=personas.pm, now=now).state == "p04"


@pytest.mark.parametrize(("amount", "level", "decider"), [(2_000_000, "bm", "bm"), (2_000_001, "ex", "ex")])
def test_g5_above_two_million_needs_an_executive_and_gives_the_order_code(
    personas: Any, now: Any, amount: int, level: str, decider: str
) -> None:
    project = bring_to(make_project(personas.pm, now, amount=amount), "p05", personas, now)
    supply(project, personas.pm, now)
    project = project.submit_gate(by=personas.pm, now=now)
    assert project.submissions.waiting().get().level == level
    if level == "ex":
        with pytest.raises(NotAllowed):
            project.approve_gate(by=personas.fresh("bm"), now=now)
    project = project.approve_gate(by=personas.fresh(decider), now=now)
    assert project.state == "p06"
    assert project.order_code.startswith("XM-01-2026-")
    assert project.signed_at == now


def test_conditional_release_is_for_executives_with_one_missing_item_and_a_date(
    personas: Any, now: Any
) -> None:
    from datetime import date

    project = bring_to(make_project(personas.pm, now), "p02", personas, now)
    supply(project, personas.dm, now, "duty_points", "npsh_margin")
    values = {"missing": "selected_curve", "due_on": date(2026, 12, 1), "reason": "曲线下周到"}
    with pytest.raises(NotAllowed):
        project.release_conditionally(by=personas.bm, now=now, **values)
    with pytest.raises(RuleBroken):  # two items are missing
        project.release_conditionally(by=personas.ex, now=now, **values)
    supply(project, personas.dm, now, "deviation_list")
    with pytest.raises(RuleBroken):
        project.release_conditionally(by=personas.ex, now=now, **{**values, "due_on": date(2027, 2, 1)})
    project = project.release_conditionally(by=personas.ex, now=now, **values)
    assert project.state == "p03"
    assert project.submissions.get(gate="g02").verdict == "conditional"
    assert Task.objects.get(kind="projects.supply_item", closed_at=None).assignee == personas.pm


def test_a_department_head_sees_the_project_only_once_it_is_their_turn(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now)
    assert not Project.objects.visible_to(personas.fresh("dm")).exists()
    with pytest.raises(NotAllowed):
        provide_evidence(
            by=personas.fresh("dm"),
            now=now,
            project=project,
            item="competitors",
            values=a_record("competitors"),
        )
    bring_to(project, "p02", personas, now)
    assert Project.objects.visible_to(personas.fresh("dm")).count() == 1
    assert not Project.objects.visible_to(personas.outsider_pm).exists()
