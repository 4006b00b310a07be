"""What really happens at a customer, a ticket, a complaint, an answer, shows in its risk after the next scan."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import timezone

import accounts.demo
import crm.demo
import crm.demo_value
from core.clock import db_now
from core.demo import DemoWorld
from crm.models import Customer, Override, RetentionPlan, ScoreRun
from crm.operations import assess_due, record_facts
from service.sweeps import bring_facts_down
from tests.complaints.factories import answered as answered_case
from tests.complaints.factories import make_case
from tests.service.factories import NOW, closed, make_pump
from tests.surveys.factories import BAD
from tests.surveys.factories import answered as answered_survey

pytestmark = pytest.mark.django_db


def buying(customer: Any, now: Any) -> Any:
    """Give it an order; contracts are told through `record_facts` until they are an app of their own."""
    record_facts(
        customer=customer,
        source="contracts",
        facts={
            "signed_amount_24m": Decimal(800_000),
            "orders_36m": 2,
            "orders_total": 2,
            "last_order_on": timezone.localdate(now) - timedelta(days=100),
        },
        now=now,
    )
    return judged(customer, now)


def judged(customer: Any, now: Any) -> Any:
    """The customer as the next scan leaves it."""
    assess_due(now)
    return Customer.objects.select_related("assessment").get(pk=customer.pk)


def points(customer: Any) -> dict[str, float]:
    """Risk points by component."""
    return {part["code"]: part["points"] for part in customer.assessment.risk_parts}


def test_a_complaint_raises_the_risk_and_stands_on_the_page(client: Any, personas: Any) -> None:
    case = make_case(personas)
    before = buying(case.customer, NOW)
    answered_case(personas, customer=case.customer, now=NOW + timedelta(hours=1))
    after = judged(case.customer, NOW + timedelta(days=1))
    assert points(after)["complaints"] > points(before)["complaints"]
    client.force_login(personas.pm)
    text = client.get(reverse("crm:customer_why", args=[after.pk])).text
    assert f">{floatformat(after.risk_score, 1)}<" in text


def test_a_repaired_failure_counts_in_the_failure_rate(personas: Any) -> None:
    pump = make_pump(personas)
    before = buying(pump.customer, NOW)
    closed(personas, pump=pump)
    bring_facts_down(NOW + timedelta(days=2))
    after = judged(pump.customer, NOW + timedelta(days=2))
    assert points(after)["failures"] > points(before)["failures"]


def test_an_unhappy_answer_raises_the_risk(personas: Any) -> None:
    answer = answered_survey(personas, **BAD)
    after = buying(answer.customer, NOW + timedelta(days=3))
    unknown = 0.2 * 15
    assert points(after)["satisfaction"] > unknown


def test_the_demo_shows_decisions_and_plans_in_their_states() -> None:
    world: Any = DemoWorld(now=db_now())
    for module in (accounts.demo, crm.demo, crm.demo_value):
        module.load(world)
    states = set(Override.objects.values_list("state", flat=True))
    assert {"proposed", "in_force", "refused", "withdrawn", "ended"} <= states
    plans = set(RetentionPlan.objects.values_list("state", flat=True))
    assert plans == {"open", "submitted", "running", "effective", "ineffective"}
    for key, tier, stage in (
        ("yunrun", "vip", "consolidated"),
        ("qingyu", "vip", "wavering"),
        ("hefen", "professional", "wavering"),
    ):
        row = Customer.objects.get(pk=world.customers[key].pk)
        assert (row.tier, row.stage) == (tier, stage), (key, row.tier, row.stage, row.risk_score)
        assert row.risk_score is not None
        kept = ScoreRun.objects.filter(customer=row, kind="risk")
        assert kept.count() == crm.demo_value.WEEKS_KEPT
