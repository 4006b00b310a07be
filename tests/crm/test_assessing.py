"""Tier, risk, stage, strength and value move after what really happened, are kept by period, and explain themselves."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import WrongState
from core.models import Task
from core.params import set_param
from crm.assessment_rules import periods_at
from crm.choices import PlanState
from crm.models import Assessment, Contact, Customer, Override, RetentionPlan, ScoreRun, StandingChange
from crm.operations import assess, assess_due, expire_overrides, propose_override, record_facts
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db
REASON = "全国标杆客户，集团框架谈判中"


def bought(customer, now, amount, *, orders=2, days=100, **facts):
    """The customer's contracts, as the contracts app will tell them."""
    today = timezone.localtime(now).date()
    values = {
        "signed_amount_24m": Decimal(amount),
        "signed_amount_12m": Decimal(amount),
        "equipment_36m": Decimal(amount),
        "orders_36m": orders,
        "orders_total": orders,
        "first_order_on": today - timedelta(days=700),
        "last_order_on": today - timedelta(days=days),
        **facts,
    }
    record_facts(customer=customer, source="contracts", facts=values, now=now)


def paid(customer, now):
    record_facts(
        customer=customer,
        source="payments",
        facts={"billed_24m": Decimal(100), "overdue_24m": Decimal(0)},
        now=now,
    )


def month(now, number):
    return now + timedelta(days=31 * number)


def test_a_contract_makes_a_tier_within_one_scan_and_says_why(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    assess_due(now)
    customer.refresh_from_db()
    assert (customer.tier, customer.assessment.narrow, customer.assessment.is_prospect) == ("na", False, True)
    bought(customer, now, 800_000)
    paid(customer, now)
    assert assess_due(now) == 1
    customer = Customer.objects.get(pk=customer.pk)
    found = customer.assessment
    assert (customer.tier, found.tier_rule, found.narrow) == ("professional", "first", True)
    assert {part["code"]: part["points"] for part in found.tier_parts}["amount"] == 24
    assert found.tier_score == pytest.approx(0.4 * 60 + 0.15 * 50 + 0.1 * 100 + 0.1 * 100)
    assert found.rule_version.startswith("tier:0 risk:0")
    assert found.seen["tier"]["amount_24m"] == 800_000
    change = StandingChange.objects.filter(customer=customer, kind="tier").latest("pk")
    assert (change.before, change.after, change.by) == ("na", "professional", None)
    assert customer.clv5 is not None
    assert assess_due(now) == 0


def test_demotion_takes_three_monthly_runs_each_kept_once(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    assess_due(now)
    bought(customer, now, 800_000)
    paid(customer, now)
    assess_due(now)
    bought(customer, now, 1_000, orders=1, days=900)
    tiers = []
    for number in range(1, 5):
        moment = month(now, number)
        assess([customer.pk], now=moment)
        assess([customer.pk], now=moment)
        customer.refresh_from_db()
        tiers.append(customer.tier)
    assert tiers == ["professional", "professional", "standard", "standard"]
    kept = ScoreRun.objects.filter(customer=customer, kind="tier")
    assert kept.count() == 4
    assert list(kept.order_by("period").values_list("rule", flat=True))[:3] == ["below", "below", "demoted"]


def test_the_floor_lifts_to_vip(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    bought(customer, now, 5_000_000, orders=1, days=20)
    assess_due(now)
    customer.refresh_from_db()
    assert (customer.tier, customer.assessment.tier_rule) == ("vip", "floor")
    assert customer.assessment.floor_on is not None


def test_every_signal_raises_the_risk(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    person = make_contact(customer, personas.pm, now, decision_role="technical")
    bought(customer, now, 800_000)
    assess_due(now)

    def points():
        assess_due(now)
        return {part["code"]: part["points"] for part in Assessment.objects.get(pk=customer.pk).risk_parts}

    before = points()
    today = timezone.localtime(now).date()
    for source, facts, code in (
        ("contracts", {"last_order_on": today - timedelta(days=1000)}, "purchase_gap"),
        ("surveys", {"csat_mean_12m": 2.0}, "satisfaction"),
        ("surveys", {"last_nps": 3}, "detractor"),
        ("complaints", {"complaint_points_12m": 4.0}, "complaints"),
        ("projects", {"competitor_on": today}, "competitor"),
        ("pumps", {"failure_rate_12m": 0.2}, "failures"),
        ("sla", {"sla_breach_ratio_12m": 0.3}, "sla"),
        ("payments", {"payment_disputed": True}, "dispute"),
    ):
        record_facts(customer=customer, source=source, facts=facts, now=now)
        assert points()[code] > before[code], code
    from crm.operations import leave_contact

    leave_contact(by=personas.pm, now=now, contact=person, left_on=today)
    assert points()["contact_left"] == 5
    customer.refresh_from_db()
    assert customer.risk_score == Decimal("72.78")


def test_a_talk_ends_the_silence_at_once(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    Customer.objects.filter(pk=customer.pk).update(last_verified_contact_at=now - timedelta(days=400))
    customer.refresh_from_db()
    bought(customer, now, 800_000)
    assess_due(now)
    customer.refresh_from_db()
    silent = customer.risk_score
    assert silent > 15
    person = make_contact(customer, personas.pm, now)
    assess_due(now)
    make_activity(customer, personas.pm, now, contacts=[person])
    assert assess_due(now) == 1
    customer.refresh_from_db()
    assert customer.risk_score < silent


def stable(personas, now):
    customer = make_customer(personas.pm, now - timedelta(days=800), owner=personas.pm)
    bought(customer, now, 800_000, days=1500, orders=2)
    record_facts(customer=customer, source="pumps", facts={"pumps_in_service": 3}, now=now)
    Assessment.objects.filter(pk=customer.pk).update(stage="stable", stage_since=now - timedelta(days=300))
    Customer.objects.filter(pk=customer.pk).update(stage="stable", stage_since=now - timedelta(days=300))
    return customer


def test_two_risky_weeks_make_a_customer_waver_and_open_a_plan(personas, now):
    customer = stable(personas, now)
    for source, facts in (
        ("surveys", {"csat_mean_12m": 2.0, "last_nps": 2}),
        ("complaints", {"complaint_points_12m": 4.0}),
        ("projects", {"competitor_on": timezone.localtime(now).date()}),
    ):
        record_facts(customer=customer, source=source, facts=facts, now=now)
    stages = []
    for week in (0, 1, 2):
        assess([customer.pk], now=now + timedelta(weeks=week))
        customer.refresh_from_db()
        stages.append(customer.stage)
    assert stages == ["stable", "wavering", "wavering"]
    assert customer.stage_reason == {"rule": "T3", "hard": ""}
    plan = RetentionPlan.objects.get(customer=customer)
    assert (plan.state, plan.owner, plan.trigger) == ("open", personas.pm, "T3")
    assert Task.objects.filter(kind="crm.retention_plan", assignee=personas.pm, closed_at=None).count() == 1


def test_eight_calm_weeks_and_a_plan_that_worked_make_it_stable_again(personas, now):
    customer = stable(personas, now)
    today = timezone.localtime(now).date()
    record_facts(customer=customer, source="projects", facts={"competitor_tender_on": today}, now=now)
    assess_due(now)
    customer.refresh_from_db()
    assert (customer.stage, customer.stage_reason["hard"]) == ("wavering", "competitor_tender")
    bought(customer, now, 800_000, days=1, orders=3)
    plan = RetentionPlan.objects.get(customer=customer)
    plan = plan.submit(by=personas.pm, now=now, root_cause="备件等待三周，振动复发", offer="专备机封两套")
    plan = plan.approve(by=personas.bm, now=now)
    plan.close(by=personas.pm, now=now + timedelta(days=1), effective=True, reason="客户续签")
    stages = []
    for week in range(1, 11):
        moment = now + timedelta(weeks=week)
        make_activity(customer, personas.pm, moment - timedelta(minutes=1))
        assess([customer.pk], now=moment)
        customer.refresh_from_db()
        stages.append(customer.stage)
    assert stages[:7] == ["wavering"] * 7
    assert stages[-1] == "stable"


def test_an_override_holds_until_its_end(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    bought(customer, now, 800_000)
    paid(customer, now)
    assess_due(now)
    row = propose_override(
        by=personas.pm, now=now, customer=customer, kind="tier", value="standard", reason=REASON, days=30
    )
    assert Task.objects.filter(kind="crm.override", assignee=personas.bm, closed_at=None).count() == 1
    row.approve(by=personas.bm, now=now)
    assess([customer.pk], now=now)
    customer.refresh_from_db()
    assert (customer.tier, customer.assessment.tier) == ("standard", "professional")
    assert expire_overrides(now + timedelta(days=29)) == 0
    assert expire_overrides(now + timedelta(days=32)) == 1
    customer.refresh_from_db()
    assert customer.tier == "professional"


def test_who_may_override_and_what_is_refused(personas, now):
    from core.errors import NotAllowed, RuleBroken

    customer = make_customer(personas.pm, now, owner=personas.pm)
    given = {"customer": customer, "kind": "tier", "value": "vip", "reason": REASON, "days": 90, "now": now}
    for wrong in ({"reason": "太短"}, {"days": 400}, {"value": "gold"}, {"value": customer.tier}):
        with pytest.raises(RuleBroken):
            propose_override(by=personas.pm, **{**given, **wrong})
    with pytest.raises(RuleBroken):
        propose_override(by=personas.pm, **{**given, "kind": "stage", "value": "stable", "days": 91})
    with pytest.raises(NotAllowed):
        propose_override(by=personas.ex, **given)
    row = propose_override(by=personas.bm, **given)
    with pytest.raises(RuleBroken):
        propose_override(by=personas.pm, **given)
    with pytest.raises(NotAllowed):
        row.approve(by=personas.bm, now=now)
    row.approve(by=personas.ex, now=now)
    customer.refresh_from_db()
    assert customer.tier == "vip"
    with pytest.raises(NotAllowed):
        propose_override(by=personas.pm, **{**given, "kind": "strategic", "value": "100"})


def test_a_hard_sign_ends_a_lock_of_the_stage(personas, now):
    customer = stable(personas, now)
    assess_due(now)
    row = propose_override(
        by=personas.pm, now=now, customer=customer, kind="stage", value="consolidated", reason=REASON, days=60
    )
    row = row.approve(by=personas.bm, now=now)
    later = now + timedelta(days=3)
    record_facts(
        customer=customer,
        source="complaints",
        facts={"s1_upheld_on": timezone.localtime(later).date()},
        now=later,
    )
    assess_due(later)
    customer.refresh_from_db()
    row.refresh_from_db()
    assert (customer.stage, row.state) == ("wavering", "ended")


def test_a_newer_decision_takes_the_place_of_the_older(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    given = {
        "by": personas.pm,
        "now": now,
        "customer": customer,
        "kind": "tier",
        "reason": REASON,
        "days": 60,
    }
    first = propose_override(value="professional", **given).approve(by=personas.bm, now=now)
    with pytest.raises(WrongState):
        propose_override(value="standard", **given).supersede(by=None, now=now)
    second = Override.objects.get(state="proposed").approve(by=personas.bm, now=now)
    first.refresh_from_db()
    customer.refresh_from_db()
    assert (first.state, second.state, customer.tier) == ("ended", "in_force", "standard")


def test_strategic_weight_needs_an_executive_and_counts(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    bought(customer, now, 800_000)
    assess_due(now)
    score = Assessment.objects.get(pk=customer.pk).tier_score
    row = propose_override(
        by=personas.bm, now=now, customer=customer, kind="strategic", value="100", reason=REASON, days=360
    )
    row.approve(by=personas.ex, now=now)
    assess_due(now)
    assert Assessment.objects.get(pk=customer.pk).tier_score == pytest.approx(score + 15)


def test_a_vip_plan_wants_an_executives_visit(personas, now):
    from core.errors import NotAllowed, RuleBroken
    from crm.operations import add_retention_plan

    customer = make_customer(personas.pm, now, owner=personas.pm, tier="vip")
    plan = add_retention_plan(by=personas.pm, now=now, customer=customer)
    written = {"root_cause": "备件等待三周，振动复发", "offer": "专备机封两套"}
    with pytest.raises(RuleBroken):
        plan.submit(by=personas.pm, now=now, **written)
    plan = plan.submit(by=personas.pm, now=now, visitor=personas.ex, **written)
    with pytest.raises(NotAllowed):
        plan.approve(by=personas.bm, now=now)
    plan = plan.approve(by=personas.ex, now=now)
    with pytest.raises(RuleBroken):
        plan.close(by=personas.pm, now=now, effective=True, reason="已挽回")
    plan = plan.visit(by=personas.ex, now=now, visited_on=timezone.localtime(now).date())
    assert plan.close(by=personas.pm, now=now, effective=True, reason="已挽回").state == PlanState.EFFECTIVE


def test_a_dated_parameter_changes_the_result_and_its_version(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    bought(customer, now, 800_000)
    assess_due(now)
    later = now + timedelta(days=2)
    set_param(
        "crm.tier_rules", {"enter_vip": 40, "leave_vip": 30}, by=personas.ex, approved_by=None, reason="试行",
        valid_from=now + timedelta(days=1), now=now,
    )  # fmt: skip
    assess([customer.pk], now=later)
    customer.refresh_from_db()
    assert customer.tier == "vip"
    assert f"tier:{(now + timedelta(days=1)).date()}" in customer.assessment.rule_version


def test_a_batch_takes_as_many_queries_as_one(personas, now):
    for _turn in range(8):
        bought(make_customer(personas.pm, now, owner=personas.pm), now, 800_000)
    assess_due(now)
    ids = list(Assessment.objects.values_list("pk", flat=True))
    for _turn in range(3):
        assess(ids, now=now)
    taken = []
    for batch in (ids[:1], ids):
        with CaptureQueriesContext(connection) as seen:
            assess(batch, now=now)
        taken.append(len(seen))
    assert taken[0] == taken[1]


# --- what did not change is not written -----------------------------------------------------------------------------------


def written(model):
    """Which transaction wrote each row last, by key."""
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, xmin::text || ' ' || ctid::text FROM {model._meta.db_table}")
        return dict(cursor.fetchall())


def changed(model, before):
    """The keys of the rows written since."""
    return {key for key, mark in written(model).items() if before.get(key) != mark}


@pytest.fixture
def three_settled(personas, now):
    """One that buys and is talked with, one that only bought, one never heard of again; assessed until nothing moves."""
    buyer, silent, prospect = (make_customer(personas.pm, now, owner=personas.pm) for _one in range(3))
    bought(buyer, now, 800_000)
    paid(buyer, now)
    bought(silent, now, 300_000, days=500)
    person = make_contact(buyer, personas.pm, now)
    make_contact(prospect, personas.pm, now)
    Contact.objects.update(created_at=now - timedelta(days=10))
    make_activity(buyer, personas.pm, now - timedelta(days=3), contacts=[person])
    for _turn in range(
        4
    ):  # each step starts from the one before: the first tier, then the first stage, then neither
        assess([buyer.pk, silent.pk, prospect.pk], now=now)
    assess_due(now)  # takes the marks of what moved away
    return buyer, silent, prospect


def test_a_second_run_of_the_same_day_writes_no_row_and_a_changed_fact_writes_one(three_settled, now):
    buyer, _silent, _prospect = three_settled
    ids = [row.pk for row in three_settled]
    customers, assessments, runs = written(Customer), written(Assessment), ScoreRun.objects.count()
    later = now + timedelta(seconds=90)
    with CaptureQueriesContext(connection) as seen:
        assert assess(ids, now=later) == 3
    assert [one["sql"] for one in seen if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []
    assert changed(Customer, customers) == changed(Assessment, assessments) == set()

    record_facts(customer=buyer, source="surveys", facts={"csat_mean_12m": 2.0}, now=later)
    versions = dict(Customer.objects.values_list("pk", "version"))
    assert assess_due(later) == 1
    assert changed(Customer, customers) == changed(Assessment, assessments) == {buyer.pk}
    assert dict(Customer.objects.values_list("pk", "version")) == versions
    assert ScoreRun.objects.count() == runs


def test_the_next_night_writes_only_the_customers_whose_scores_moved(three_settled, now):
    buyer, silent, prospect = three_settled
    customers, kept = written(Customer), {row.pk: Customer.objects.get(pk=row.pk) for row in three_settled}
    assert assess_due(now + timedelta(days=1, minutes=1)) == 3
    assert set(Assessment.objects.values_list("stage_period", flat=True)) == {
        periods_at(now + timedelta(days=1, minutes=1)).day
    }
    moved = changed(Customer, customers)
    assert kept[prospect.pk].strength is not None
    assert prospect.pk not in moved  # known a day longer, but not yet a month
    assert buyer.pk in moved  # the talk is a day older
    for pk in moved:
        row = Customer.objects.get(pk=pk)
        before = (kept[pk].risk_score, kept[pk].strength, kept[pk].clv5)
        assert (row.risk_score, row.strength, row.clv5) != before
        assert (row.version, row.updated_at) == (kept[pk].version, kept[pk].updated_at)
    assert silent.pk in kept
