"""Comparing subjects: one query per metric gives every subject's thirteen months; rows behind a cell use the same filters."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import OrgUnit, User
from accounts.scoping import scope_rows
from kpi.metrics import COLUMNS, DEPARTMENT, ENGINEER, HIGHER, MEAN, METRICS, Measured, Metric
from kpi.periods import Period, trend_to

ROLE_OF = {"pm": "PM", ENGINEER: "AE"}
VIEW = "kpi.view_metric"
STALE_SECONDS = 60


@dataclass
class Cell:
    """One number of one subject: this month, and the months before it."""

    metric: Metric
    subject_id: int
    now: Measured
    series: list[Decimal]

    @property
    def is_good(self) -> bool | None:
        """Whether the target is reached; None when there is nothing to judge."""
        value = self.now.value
        if value is None:
            return None
        if self.metric.better == HIGHER:
            return value >= self.metric.target
        return value <= self.metric.target

    @property
    def tone(self) -> str:
        return "" if self.is_good is None else "good" if self.is_good else "danger"


@dataclass
class Line:
    """One subject with its cells in column order."""

    subject: Any
    cells: list[Cell]


@dataclass
class Board:
    """The comparison of one kind of subject in one month, and when it was computed."""

    by: str
    period: Period
    columns: list[Metric]
    lines: list[Line]
    totals: list[Cell]
    computed_at: datetime


def subjects(user: Any, by: str) -> QuerySet[Any]:
    """The people or departments whose numbers this user may see."""
    if by == DEPARTMENT:
        return scope_rows(OrgUnit.objects.filter(kind="department", active=True), user, VIEW).order_by("code")
    people = User.objects.filter(
        is_active=True, grants__role=ROLE_OF[by], grants__state="active", grants__valid_to__isnull=True
    )
    return scope_rows(people.distinct(), user, VIEW).order_by("username")


def build_board(
    user: Any, by: str, period: Period, now: datetime, *, ordering: str = "", may_be_stale: bool = False
) -> Board:
    """The table for one viewer: a query per metric and one for the subjects.

    With `may_be_stale` the figures may be those this viewer was shown up to a minute ago; `computed_at` says so.
    """
    shown = list(subjects(user, by))
    columns = [METRICS[code] for code in COLUMNS[by]]
    key = _viewers_key(user, by, period, [one.pk for one in shown])
    measured, computed_at = (cache.get(key) if may_be_stale else None) or (None, now)
    if measured is None:
        months = trend_to(period, now)
        measured = {
            metric.code: measure(metric, user, by, months, [one.pk for one in shown]) for metric in columns
        }
        cache.set(key, (measured, now), STALE_SECONDS)
    lines = [
        Line(subject, [_cell(metric, subject.pk, measured[metric.code]) for metric in columns])
        for subject in shown
    ]
    totals = [_cell(metric, 0, measured[metric.code]) for metric in columns]
    return Board(by, period, columns, _sorted(lines, columns, ordering), totals, computed_at)


def _viewers_key(user: Any, by: str, period: Period, subject_ids: list[int]) -> str:
    """What the figures depend on beside the rows: the viewer, his rights, who is compared, the month."""
    rights = sorted((hold.role, hold.holder_id, hold.unit_code) for hold in user.authority().holds)
    digest = hashlib.sha256(repr((user.pk, rights, subject_ids)).encode()).hexdigest()
    return f"kpi:{by}:{period.code}:{digest}"


def measure(
    metric: Metric, user: Any, by: str, months: list[Period], subject_ids: Iterable[int]
) -> dict[int, list[Measured]]:
    """Per subject (0: all of them together) the measured months, oldest first; one query."""
    who = metric.who[by]
    rows = (
        metric.rows(user)
        .order_by()
        .filter(**{f"{who}__in": list(subject_ids)})
        .filter(_any_of(metric, months))
    )
    counts: dict[str, Any] = {}
    for index, month in enumerate(months):
        inside = metric.within(month)
        counts[f"rows_{index}"] = Count("pk", filter=inside)
        counts[f"hits_{index}"] = (
            Count("pk", filter=inside & metric.hit) if metric.hit else Count("pk", filter=inside)
        )
        if metric.unit == MEAN:
            counts[f"total_{index}"] = Sum(metric.score, filter=inside)
    found: dict[int, list[Measured]] = {}
    for row in rows.values(who).annotate(**counts):
        found[row[who]] = [
            Measured(row[f"rows_{i}"], row[f"hits_{i}"], _decimal(row.get(f"total_{i}")), metric.unit)
            for i in range(len(months))
        ]
    found[0] = [_together(metric, [series[i] for series in found.values()]) for i in range(len(months))]
    return found


def rows_behind(metric: Metric, user: Any, by: str, period: Period, subject_id: int | None) -> QuerySet[Any]:
    """The very rows whose count, share or mean a cell shows to this viewer."""
    who = metric.who[by]
    shown = [subject_id] if subject_id else list(subjects(user, by).values_list("pk", flat=True))
    return metric.rows(user).filter(**{f"{who}__in": shown}).filter(metric.within(period))


def _decimal(total: int | None) -> Decimal | None:
    return None if total is None else Decimal(total)


def _any_of(metric: Metric, months: list[Period]) -> Q:
    """The span all months lie in, so that an index on the time column narrows the scan."""
    span = Q(**{f"{metric.moment}__lt": months[-1].end})
    return span if metric.is_stock else span & Q(**{f"{metric.moment}__gte": months[0].start})


def _together(metric: Metric, parts: list[Measured]) -> Measured:
    total = sum((part.total or Decimal(0) for part in parts), Decimal(0)) if metric.unit == MEAN else None
    return Measured(sum(part.rows for part in parts), sum(part.hits for part in parts), total, metric.unit)


def _cell(metric: Metric, subject_id: int, measured: dict[int, list[Measured]]) -> Cell:
    months = measured.get(subject_id)
    if months is None:
        nothing = Measured(0, 0, None, metric.unit)
        return Cell(metric, subject_id, nothing, [])
    return Cell(metric, subject_id, months[-1], [one.value for one in months if one.value is not None])


def _sorted(lines: list[Line], columns: list[Metric], ordering: str) -> list[Line]:
    """Lines by one column, worst or best first as asked; subjects without a value come last."""
    codes = [metric.code for metric in columns]
    code = ordering.lstrip("-")
    if code not in codes:
        return lines
    index, sign = codes.index(code), -1 if ordering.startswith("-") else 1

    def place(line: Line) -> tuple[bool, Decimal]:
        value = line.cells[index].now.value
        return value is None, (value or Decimal(0)) * sign

    return sorted(lines, key=place)
