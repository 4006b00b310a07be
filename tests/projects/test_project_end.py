"""How projects stop and rest: lost, abandoned, cancelled, suspended, resumed; each refusal beside its success."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import NotAllowed, RuleBroken, WrongState
from core.models import Notification, Task
from projects.sweeps import scan_stage_overdue
from tests.projects.factories import bring_to, make_project, supply

pytestmark = pytest.mark.django_db


def test_losing_needs_reason_and_competitor(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now)
    with pytest.raises(RuleBroken):
        project.lose(by=personas.pm, now=now, loss_reason="price", competitor=" ")
    project = project.lose(by=personas.pm, now=now, loss_reason="price", competitor="某泵业")
    assert project.state == "lost"
    assert project.closed_at == now
    assert project.stages.get().left_at == now
    with pytest.raises(WrongState):
        project.lose(by=personas.pm, now=now, loss_reason="price", competitor="某泵业")


def test_losing_takes_the_waiting_gate_off_the_approvers_list(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now, amount=300_000)
    supply(project, personas.pm, now)
    project = project.submit_gate(by=personas.pm, now=now)
    project.lose(by=personas.pm, now=now, loss_reason="no_funds", competitor="unknown")
    assert project.submissions.get().verdict == "void"
    assert not Task.objects.filter(closed_at=None, assignee=personas.bm).exists()


def test_the_customer_knows_its_open_projects(personas: Any, now: Any) -> None:
    first = make_project(personas.pm, now, amount=100_000)
    second = make_project(personas.pm, now, amount=50_000, customer=first.customer)
    facts = type(first.customer.facts).objects.get(customer=first.customer)
    assert (facts.open_projects, facts.open_project_amount) == (2, 150_000)
    second.abandon(by=personas.pm, now=now, reason="资金未落实")
    facts.refresh_from_db()
    assert (facts.open_projects, facts.open_project_amount) == (1, 100_000)


def test_only_an_executive_cancels_a_signed_order(personas: Any, now: Any) -> None:
    project = bring_to(make_project(personas.pm, now), "p06", personas, now)
    with pytest.raises(WrongState):
        project.abandon(by=personas.pm, now=now, reason="x")
    for person in ("pm", "bm"):
        with pytest.raises(NotAllowed):
            project.cancel(by=personas.fresh(person), now=now, reason="客户停建")
    assert project.cancel(by=personas.ex, now=now, reason="客户停建").state == "cancelled"


def test_suspending_is_for_ninety_days_at_most_and_resuming_returns_to_the_stage(
    personas: Any, now: Any
) -> None:
    project = bring_to(make_project(personas.pm, now), "p02", personas, now)
    today = timezone.localtime(now).date()
    for wrong in (today, today + timedelta(days=91)):
        with pytest.raises(RuleBroken):
            project.suspend(by=personas.pm, now=now, review_on=wrong, reason="等资金")
    project = project.suspend(by=personas.pm, now=now, review_on=date(2027, 1, 15), reason="等资金")
    assert project.state == "suspended"
    assert project.stage == "p02"
    with pytest.raises(WrongState):
        project.submit_gate(by=personas.pm, now=now)
    project = project.resume(by=personas.pm, now=now)
    assert project.state == "p02"
    assert project.review_on is None


def test_an_overdue_stage_is_told_once(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now - timedelta(days=60))
    assert scan_stage_overdue(now) == 1
    assert scan_stage_overdue(now + timedelta(days=1)) == 0
    assert (
        Task.objects.filter(kind="projects.stage_overdue", assignee=personas.pm, closed_at=None).count() == 1
    )
    assert Notification.objects.filter(user=personas.pm, code="projects.stage_overdue").count() == 1
    supply(project, personas.pm, now)
    project.submit_gate(by=personas.pm, now=now)
    assert not Task.objects.filter(kind="projects.stage_overdue", closed_at=None).exists()
