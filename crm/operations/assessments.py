"""Assessing customers: at night all of them, within a minute those whose facts moved; kept runs by month, week, quarter."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.assessing import Findings, breaks_lock, gather, judge
from crm.assessment_rules import Periods, Rules, periods_at, rules_at
from crm.choices import CustomerKind, OverrideKind, Stage, Tier
from crm.lifecycle import LOST
from crm.models import Assessment, Customer, Override, ScoreRun
from crm.standing import Moved, move_many
from crm.tiers import RANK

BATCH = 500
AT_ONCE = 20_000  # customers of one night pass before the next scan goes on
KEPT = (
    "narrow", "is_prospect", "tier", "tier_score", "tier_rule", "tier_parts", "stage", "stage_rule", "stage_since",
    "risk_parts", "strength_parts", "value_parts", "potential", "seen", "rule_version", "runs_below", "promoted_on",
    "floor_on", "provisional_on", "tier_period", "risk_period", "value_period", "stage_period", "assessed_at",
)  # fmt: skip
SCORES = ("risk_score", "strength", "clv5")  # what the customer itself shows of it


def begin_assessments(now: datetime, *, limit: int = AT_ONCE) -> int:
    """Give customers that have none their assessment row, marked to be taken next; returns how many.

    History and our own departments are not assessed.
    """
    rows = Customer.objects.alive().filter(assessment__isnull=True, historical=False)
    rows = rows.exclude(kind=CustomerKind.INTERNAL_DEPT).order_by("pk")
    names = ("pk", "tier", "stage", "stage_since")
    made = [
        Assessment(customer_id=pk, tier=tier, stage=stage, stage_since=since, stale_since=now)
        for pk, tier, stage, since in rows.values_list(*names)[:limit]
    ]
    Assessment.objects.bulk_create(made, batch_size=2000, ignore_conflicts=True)
    return len(made)


def assess_due(now: datetime, *, limit: int = AT_ONCE) -> int:
    """Assess those whose facts moved, then those not yet taken by the last night pass; returns how many."""
    begin_assessments(now, limit=limit)
    day = periods_at(now).day
    stale = Assessment.objects.filter(stale_since__isnull=False).order_by("stale_since")
    ids = list(stale.values_list("pk", flat=True)[:limit])
    if len(ids) < limit:
        old = Assessment.objects.filter(stage_period__lt=day).order_by("stage_period", "pk")
        ids += list(old.exclude(pk__in=ids).values_list("pk", flat=True)[: limit - len(ids)])
    return assess(ids, now=now)


def assess(customers: Iterable[int], *, now: datetime) -> int:
    """Assess these customers (by id) in batches, each committed on its own; running again on the same day writes nothing more."""
    rules, periods = rules_at(now), periods_at(now)
    return sum(_assess_batch(batch, now, rules, periods) for batch in batched(customers, BATCH))


def _assess_batch(ids: Iterable[int], now: datetime, rules: Rules, periods: Periods) -> int:
    with transaction.atomic():
        rows = Customer.objects.filter(pk__in=ids).select_related("facts", "assessment", "owner", "branch")
        customers = list(rows.defer("search_terms", "name_keys", "match_keys").order_by("pk"))
        material = gather(customers, now, rules)
        locks = _overrides(customers)
        moves: list[Moved] = []
        runs: list[ScoreRun] = []
        stale = {row.pk: row.assessment.stale_since for row in customers}
        shown = {row.pk: _columns(row, SCORES) for row in customers}
        known = {row.pk: _found(row.assessment) for row in customers}
        for customer in customers:
            before = customer.assessment
            monthly = before.tier_period < periods.month
            weekly = before.risk_period < periods.week
            found = judge(customer, before, material, now, rules, monthly=monthly, weekly=weekly)
            runs += _runs(customer, before, found, periods, now, rules)
            _remember(before, customer, found, now, rules, monthly=monthly)
            moves += _moves(customer, before, found, locks, now, rules)
            _stamp(before, periods)
            customer.risk_score = _two(found.risk)
            customer.strength = _two(found.people.strength)
            customer.clv5 = _two(found.clv5)
        scored = [row for row in customers if _columns(row, SCORES) != shown[row.pk]]
        Customer.objects.bulk_update(scored, SCORES, batch_size=BATCH)
        move_many(moves, now=now, version=rules.version)
        ScoreRun.objects.bulk_create(runs, batch_size=1000, ignore_conflicts=True)
        Assessment.objects.bulk_create(
            [row.assessment for row in customers if _found(row.assessment) != known[row.pk]],
            update_conflicts=True,
            unique_fields=["customer"],
            update_fields=KEPT,
        )
        for moment in {value for value in stale.values() if value}:
            taken = [pk for pk, value in stale.items() if value == moment]
            Assessment.objects.filter(pk__in=taken, stale_since=moment).update(stale_since=None)
    return len(customers)


def _columns(row: Any, names: Iterable[str]) -> list[Any]:
    return [getattr(row, name) for name in names]


def _found(row: Assessment) -> tuple[list[Any], str]:
    """All that is kept of a result but its instant, comparable whether it was read from the database or found just now."""
    columns = dict(zip(KEPT, _columns(row, KEPT), strict=True))
    told = {name: columns.pop(name) for name in KEPT if name == "seen" or name.endswith("_parts")}
    del columns["assessed_at"]
    return list(columns.values()), json.dumps(told, sort_keys=True)


def _two(number: float | None) -> Decimal | None:
    return None if number is None else round(Decimal(number), 2)


def _overrides(customers: list[Customer]) -> dict[tuple[int, str], Override]:
    rows = Override.objects.in_force().filter(customer__in=[row.pk for row in customers])
    return {(row.customer_id, row.kind): row for row in rows.exclude(kind=OverrideKind.STRATEGIC)}


def _runs(
    customer: Customer, before: Assessment, found: Findings, periods: Periods, now: datetime, rules: Rules
) -> Iterator[ScoreRun]:
    """The runs to keep: the first of a month, week, quarter."""

    def run(kind: str, period: str, **columns: Any) -> ScoreRun:
        seen = found.seen.get(kind, {})
        return ScoreRun(
            customer=customer, kind=kind, period=period, at=now, rule_version=rules.version, seen=seen,
            **columns,
        )  # fmt: skip

    if found.narrow and before.tier_period < periods.month:
        yield run(
            "tier", periods.month, score=found.tier.score, result=found.tier.tier, rule=found.tier.rule,
            parts=[part.as_data() for part in found.tier.parts],
        )  # fmt: skip
    if found.risk is not None and before.risk_period < periods.week:
        yield run("risk", periods.week, score=found.risk, parts=found.risk_parts)
    if found.clv5 is not None and before.value_period < periods.quarter:
        yield run("value", periods.quarter, score=found.clv5, parts=found.value_parts)


def _remember(
    row: Assessment, customer: Customer, found: Findings, now: datetime, rules: Rules, *, monthly: bool
) -> None:
    """Write what was found into the assessment row, and the memory of the hysteresis."""
    today = timezone.localtime(now).date()
    tier = found.tier
    if RANK[tier.tier] > RANK[row.tier] and row.tier != Tier.NA:
        row.promoted_on = today
    if monthly:
        row.runs_below = row.runs_below + 1 if tier.below and tier.rule != "demoted" else 0
    if tier.floor and row.floor_on is None:
        row.floor_on = today
    elif not tier.floor:
        row.floor_on = None
    if tier.provisional:
        row.provisional_on = row.provisional_on or today
    row.narrow, row.tier, row.tier_rule = found.narrow, tier.tier, tier.rule
    row.is_prospect = not found.narrow and bool(
        {customer.kind, *customer.kinds} & {"end_user", "epc", "dealer"}
    )
    row.tier_score = tier.score if found.narrow else None
    row.tier_parts = [part.as_data() for part in tier.parts] if found.narrow else []
    row.risk_parts, row.strength_parts = found.risk_parts, found.people.parts
    row.value_parts, row.potential = found.value_parts, _two(found.potential)
    row.seen, row.rule_version, row.assessed_at = found.seen, rules.version, now
    move = found.move
    if move is not None and move.to != LOST:
        row.stage, row.stage_rule, row.stage_since = move.to, move.rule, now


def _stamp(row: Assessment, periods: Periods) -> None:
    row.tier_period, row.risk_period = periods.month, periods.week
    row.value_period, row.stage_period = periods.quarter, periods.day


def _moves(
    customer: Customer, row: Assessment, found: Findings, locks: dict[tuple[int, str], Override],
    now: datetime, rules: Rules,
) -> list[Moved]:  # fmt: skip
    """What the customer shows from now on; a decision by hand stays, but for hard signs of leaving."""
    moves = []
    if (customer.pk, OverrideKind.TIER) not in locks and customer.tier != row.tier:
        moves.append(Moved(customer, "tier", row.tier, row.tier_rule))
    move, lock = found.move, locks.get((customer.pk, OverrideKind.STAGE))
    if move is not None and (lock is None or move.to == LOST):
        moves.append(Moved(customer, "stage", move.to, move.rule, "" if move.to == LOST else move.hard))
    elif (
        lock is not None
        and customer.stage != Stage.WAVERING
        and (hard := breaks_lock(found, lock.decided_at or now, now, rules))
    ):
        lock.supersede(by=None, now=now)
        row.stage, row.stage_rule, row.stage_since = Stage.WAVERING, "T3", now
        moves.append(Moved(customer, "stage", Stage.WAVERING, "T3", hard))
    return moves


def expire_overrides(now: datetime) -> int:
    """End decisions by hand whose time is over; the computed value counts again."""
    from core.sweep import for_each_due

    due = Override.objects.over(now).order_by("until")
    return for_each_due("crm.expire_overrides", due, lambda row: row.expire(by=None, now=now))


def vip_shares(now: datetime) -> dict[int, tuple[int, int]]:
    """Per branch: VIP customers and all active narrow ones."""
    from django.db.models import Count

    rows = Customer.objects.alive().filter(status="active", assessment__narrow=True, historical=False)
    counted = rows.values("branch").annotate(vip=Count("pk", filter=Q(tier=Tier.VIP)), every=Count("pk"))
    return {row["branch"]: (row["vip"], row["every"]) for row in counted}
