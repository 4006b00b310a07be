"""What the rules look at, gathered for many customers in a handful of queries, and what they then find."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from crm import lifecycle, risk, strength, tiers, value
from crm.assessment_rules import Rules
from crm.cadence import care_class
from crm.choices import PROSPECT_KINDS, CustomerStatus, PlanState
from crm.models import Activity, Assessment, Contact, Customer, CustomerFacts, RetentionPlan, ScoreRun

YEAR = timedelta(days=365)
WEEKS_READ = timedelta(days=70)
VISITS = ("site_visit", "meeting")
MONTH = 30.4375  # days


@dataclass
class People:
    """Who is there: the strength with its parts, active decision makers, and whether a key person left a gap."""

    strength: float | None = None
    parts: list[dict[str, Any]] = field(default_factory=list)
    decision_makers: int = 0
    contact_left: bool = False


@dataclass
class Material:
    """All that is read for a batch, by customer id."""

    weekly: Mapping[int, list[float]]
    people: Mapping[int, People]
    visits: Mapping[int, int]
    tours: Mapping[int, int]
    recovered: Mapping[int, datetime]


@dataclass
class Findings:
    """What the rules found of one customer."""

    narrow: bool
    tier: tiers.TierResult
    risk: float | None
    risk_parts: list[dict[str, Any]]
    people: People
    move: lifecycle.Move | None
    stage_facts: lifecycle.StageFacts
    clv5: float | None
    value_parts: list[dict[str, Any]]
    potential: float | None
    seen: dict[str, Any]


def ages(day: date | datetime | None, now: datetime) -> int | None:
    """Whole calendar days since a day; None when it never was."""
    if day is None:
        return None
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return max(0, (timezone.localtime(now).date() - day).days)


def gather(customers: Sequence[Customer], now: datetime, rules: Rules) -> Material:
    """Read the batch: kept weeks, people and what was said with them, visits, tours, recoveries."""
    ids = [customer.pk for customer in customers]
    weekly: dict[int, list[float]] = defaultdict(list)
    runs = ScoreRun.objects.filter(customer__in=ids, kind="risk", at__gte=now - WEEKS_READ).order_by(
        "-period"
    )
    since = {customer.pk: customer.stage_since for customer in customers if customer.stage == "wavering"}
    for pk, score, at in runs.values_list("customer", "score", "at"):
        began = since.get(pk)
        if began is None or at > began:
            weekly[pk].append(score)
    logs = Activity.objects.filter(customer__in=ids, occurred_at__gte=now - YEAR, verified=True)
    visits = logs.filter(type__in=VISITS).values("customer").annotate(n=Count("pk"))
    tours = (
        Activity.objects.filter(customer__in=ids, type="factory_tour")
        .annotate(people=Count("contacts"))
        .values_list("customer", "people")
    )
    plans = RetentionPlan.objects.filter(customer__in=ids, state=PlanState.EFFECTIVE)
    met: dict[int, int] = defaultdict(int)
    for pk, number in tours:
        met[pk] = max(met[pk], number)
    return Material(
        weekly=weekly,
        people=_people(ids, now, rules),
        visits={row["customer"]: row["n"] for row in visits},
        tours=met,
        recovered=dict(plans.values("customer").annotate(at=Max("closed_at")).values_list("customer", "at")),
    )


def _people(ids: Sequence[int], now: datetime, rules: Rules) -> dict[int, People]:
    """The people of each customer and how strong the relation with them is."""
    rows = Contact.objects.filter(customer__in=ids, deleted_at__isnull=True, contact_removed=False).only(
        "customer_id", "decision_role", "attitude", "influence", "created_at", "left_at", "successor_id"
    )
    by_customer: dict[int, list[Contact]] = defaultdict(list)
    for row in rows:
        by_customer[row.customer_id].append(row)
    said: dict[int, list[strength.Interaction]] = defaultdict(list)
    window = now - timedelta(days=rules.strength.days)
    talks = Activity.contacts.through.objects.filter(
        activity__customer__in=ids, activity__verified=True, activity__occurred_at__gte=window
    )
    names = ("contact_id", "activity__type", "activity__occurred_at", "activity__direction")
    for contact, kind, at, direction in talks.values_list(*names):
        said[contact].append(strength.Interaction(kind, ages(at, now) or 0, direction == "in"))
    return {pk: _of(group, said, now, rules) for pk, group in by_customer.items()}


def _of(
    group: Sequence[Contact], said: Mapping[int, list[strength.Interaction]], now: datetime, rules: Rules
) -> People:
    here = [row for row in group if row.left_at is None]
    persons = [
        strength.Person(
            row.decision_role,
            row.attitude,
            row.influence,
            (ages(row.created_at, now) or 0) // MONTH,  # whole months: known a day longer is known no better
            said.get(row.pk, ()),
            row.pk,
        )
        for row in here
    ]
    score, parts = strength.customer_strength(persons, rules.strength)
    held = {row.decision_role for row in here}
    left = any(
        row.left_at is not None
        and row.successor_id is None
        and row.decision_role != "unknown"
        and row.decision_role not in held
        for row in group
    )
    return People(
        strength=score if persons else None,
        parts=[part.as_data() for part in parts],
        decision_makers=sum(row.decision_role == "decision_maker" for row in here),
        contact_left=left,
    )


def judge(
    customer: Customer, before: Assessment, material: Material, now: datetime, rules: Rules,
    *, monthly: bool, weekly: bool,
) -> Findings:  # fmt: skip
    """Tier, risk, strength, stage and value of one customer; `monthly`, `weekly`: this run is the kept one."""
    facts: CustomerFacts = getattr(customer, "facts", None) or CustomerFacts(customer=customer)
    people = material.people.get(customer.pk, People())
    orders = facts.orders_total or facts.orders_36m or 0
    narrow = bool(orders or facts.last_order_on or facts.signed_amount_24m or facts.open_projects)
    tier_facts = _tier_facts(facts, before, narrow, orders, now)
    tier = tiers.assess(tier_facts, rules.tier, monthly=monthly)
    risk_facts = _risk_facts(customer, facts, people, orders, now, rules)
    parts = risk.parts_of(risk_facts, rules.risk) if narrow else ()
    score = sum(part.points for part in parts) if narrow else None
    kept = material.weekly.get(customer.pk, [])
    weeks = (score, *kept) if weekly and score is not None else tuple(kept)
    stage_facts = _stage_facts(customer, before, facts, people, material, orders, score, weeks, now)
    staged = bool(before.stage) and (narrow or customer.kind in PROSPECT_KINDS)
    worth, worth_parts, potential = _worth(customer, facts, material, orders, score, now, rules)
    return Findings(
        narrow=narrow,
        tier=tier,
        risk=score,
        risk_parts=[part.as_data() for part in parts],
        people=people,
        move=lifecycle.next_move(stage_facts, rules.stage) if staged else None,
        stage_facts=stage_facts,
        clv5=worth,
        value_parts=worth_parts,
        potential=potential,
        seen={"tier": asdict(tier_facts), "risk": asdict(risk_facts), "stage": asdict(stage_facts)},
    )


def _number(amount: Any) -> float:
    return float(amount or 0)


def _tier_facts(
    facts: CustomerFacts, before: Assessment, narrow: bool, orders: int, now: datetime
) -> tiers.TierFacts:
    weighs = facts.strategic_until is None or facts.strategic_until > now
    return tiers.TierFacts(
        narrow=narrow,
        known=facts.contracts_at is not None,
        amount_24m=_number(facts.signed_amount_24m),
        amount_12m=_number(facts.signed_amount_12m),
        orders_36m=facts.orders_36m or 0,
        orders_ever=orders,
        days_since_order=ages(facts.last_order_on, now),
        pumps=facts.pumps_in_service or 0,
        billed_24m=_number(facts.billed_24m),
        overdue_24m=_number(facts.overdue_24m),
        strategic=facts.strategic if weighs else 0,
        open_amount=_number(facts.open_project_amount),
        severe_complaints=facts.open_severe_complaints or 0,
        tier=before.tier,
        runs_below_leave=before.runs_below,
        since_promotion=ages(before.promoted_on, now),
        floor_held_days=ages(before.floor_on, now),
        provisional_for=ages(before.provisional_on, now),
    )


def _risk_facts(
    customer: Customer, facts: CustomerFacts, people: People, orders: int, now: datetime, rules: Rules
) -> risk.RiskFacts:
    promised = customer.contact_every_days or rules.cadences.get(care_class(customer), 0) or 90
    return risk.RiskFacts(
        industry=customer.industry,
        days_since_order=ages(facts.last_order_on, now),
        orders=orders,
        median_gap=facts.order_gap_days,
        days_silent=ages(customer.last_verified_contact_at or customer.created_at, now),
        cadence=promised,
        csat=facts.csat_mean_12m,
        complaint_points=facts.complaint_points_12m or 0,
        days_since_competitor=ages(facts.competitor_on, now),
        contact_left=people.contact_left,
        dispute=bool(facts.payment_disputed),
        nps=facts.last_nps,
        failure_rate=facts.failure_rate_12m,
        failure_baseline=facts.failure_baseline,
        sla_ratio=facts.sla_breach_ratio_12m,
    )


TRIGGERS = {
    "competitor_tender": "competitor_tender_on",
    "competitor_twice": "competitor_twice_on",
    "s1_upheld": "s1_upheld_on",
    "frame_ended": "frame_ended_on",
    "competitor_replaced": "competitor_replaced_on",
}


def _stage_facts(
    customer: Customer, before: Assessment, facts: CustomerFacts, people: People, material: Material,
    orders: int, score: float | None, weeks: tuple[float, ...], now: datetime,
) -> lifecycle.StageFacts:  # fmt: skip
    seen = {code: ages(getattr(facts, column), now) for code, column in TRIGGERS.items()}
    accepted = [
        days
        for days in (ages(facts.first_acceptance_on, now), ages(facts.accepted_at, now))
        if days is not None
    ]
    recovered = material.recovered.get(customer.pk)
    fresh = recovered is not None and (before.stage_since is None or recovered >= before.stage_since)
    return lifecycle.StageFacts(
        stage=before.stage,
        days_in_stage=ages(before.stage_since, now),
        lost=customer.status == CustomerStatus.LOST,
        qualified=facts.qualified_at is not None,
        quoted=facts.quoted_at is not None,
        tendered=facts.tendered_at is not None,
        tour_contacts=material.tours.get(customer.pk, 0),
        open_projects=facts.open_projects or 0,
        days_since_project=ages(facts.last_project_at, now),
        accepted_months=max(accepted) / MONTH if accepted else None,
        orders_ever=orders,
        orders_36m=facts.orders_36m or 0,
        days_since_order=ages(facts.last_order_on, now),
        days_since_big_order=ages(facts.big_order_on, now),
        severe_complaints=facts.open_severe_complaints or 0,
        last_csat=facts.last_csat,
        mean_csat_24m=facts.csat_mean_24m,
        answers_24m=facts.csat_answers_24m or 0,
        risk=score,
        weekly=weeks,
        triggers={code: days for code, days in seen.items() if days is not None},
        days_since_recovery=ages(recovered, now) if fresh else None,
        strength=people.strength,
        decision_makers=people.decision_makers,
        days_silent=ages(customer.last_verified_contact_at, now),
        pumps=facts.pumps_in_service or 0,
        terminated=facts.terminated_on is not None,
        days_since_lost=ages(customer.status_since, now) if customer.status == CustomerStatus.LOST else None,
    )


def _worth(
    customer: Customer, facts: CustomerFacts, material: Material, orders: int, score: float | None,
    now: datetime, rules: Rules,
) -> tuple[float | None, list[dict[str, Any]], float | None]:  # fmt: skip
    """Five-year value with its parts, or the potential of a customer without orders."""
    if not orders:
        expected = _number(facts.open_project_expected)
        return None, [], value.potential([(expected, 1.0)], rules.value) if facts.open_projects else None
    tenure = (ages(facts.first_order_on or facts.last_order_on, now) or 0) / MONTH
    equipment = facts.equipment_36m if facts.equipment_36m is not None else facts.signed_amount_24m
    worth = value.ValueFacts(
        equipment=value.yearly(_number(equipment), tenure, rules.value),
        service=value.yearly(_number(facts.service_36m), tenure, rules.value),
        cost=value.cost_to_serve(
            material.visits.get(customer.pk, 0),
            facts.onsite_tickets_12m or 0,
            facts.service_hours_12m or 0,
            rules.value,
        ),
        risk=score or 0,
        margin=facts.margin_ratio,
        influenced=_number(facts.influenced_12m),
    )
    parts = [part.as_data() for part in value.parts_of(worth, rules.value)]
    return value.clv5(worth, rules.value), parts, None


def breaks_lock(found: Findings, decided_at: datetime, now: datetime, rules: Rules) -> str:
    """The hard sign of leaving that came after somebody locked the stage; "" when the lock holds."""
    since = replace(found.stage_facts, days_in_stage=ages(decided_at, now))
    return lifecycle.hard_trigger(since, rules.stage)
