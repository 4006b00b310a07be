"""Cases in every state, made by the product's own operations and steps."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import OrgUnit
from complaints.models import Complaint
from complaints.operations import register_complaint
from tests.service.factories import make_customer

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai


def unit(code: str) -> OrgUnit:
    """The department with this code."""
    return OrgUnit.objects.get(code=code)


def make_case(
    personas: Any, *, by: str = "pm", against: str = "PRD", now: datetime = NOW, **columns: Any
) -> Complaint:
    """A complaint of a customer of the persona's branch against a department."""
    customer = columns.pop("customer", None) or make_customer(personas, tier=columns.pop("tier", "standard"))
    columns.setdefault("category", "late_delivery")
    columns.setdefault("facts", "批次延误十九天，现场停工待料。")
    return register_complaint(
        by=personas[by], now=now, customer=customer, lead_department=unit(against), **columns
    )


def triaged(personas: Any, *, now: datetime = NOW, **columns: Any) -> Complaint:
    """Graded by supervision an hour after receipt."""
    case = make_case(personas, now=now, **columns)
    return case.triage(
        by=personas.sv,
        now=now + timedelta(hours=1),
        severity=case.severity,
        lead_department=case.lead_department,
    )


def proposed(personas: Any, *, now: datetime = NOW, **columns: Any) -> Complaint:
    """The department's head has proposed an answer."""
    case = triaged(personas, now=now, **columns)
    case = case.acknowledge(by=personas.sv, now=now + timedelta(hours=2), channel="phone")
    case = case.investigate(
        by=personas.dm_prd, now=now + timedelta(hours=3), containment="已调一班人员补产。"
    )
    return case.propose(
        by=personas.dm_prd,
        now=now + timedelta(hours=5),
        investigation="外协铸件晚到四天，排产未及时调整。",
        upheld="yes",
        remedy="apology",
        reply="我们向您致歉，剩余两台于十一月二十五日前发出。",
    )


def answered(personas: Any, *, now: datetime = NOW, **columns: Any) -> Complaint:
    """Supervision agreed and the complainant has the answer."""
    case = proposed(personas, now=now, **columns)
    case = case.review(by=personas.sv, now=now + timedelta(hours=6), passed=True)
    return case.answer(by=personas.sv, now=now + timedelta(hours=7), channel="phone")


def verifying(personas: Any, *, now: datetime = NOW, **columns: Any) -> Complaint:
    """The complainant accepted; supervision checks what was promised."""
    case = answered(personas, now=now, **columns)
    case = case.accept_answer(by=personas.sv, now=now + timedelta(hours=8))
    return case.verify(by=personas.sv, now=now + timedelta(hours=9))
