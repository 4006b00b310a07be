"""The metrics: for each code, which rows it is about, which of them count in a period, and which are hits.

A metric states its rows once, as filters. The number on a page, its trend and the list of rows behind it are
all made from the same filters over the viewer's visible rows, so they cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import OrgUnit
from complaints.models import ComplaintClock
from crm.models import Activity, FollowUp
from kpi.periods import Period
from projects.gates import STAGES
from projects.models import GateSubmission, ProjectStage
from service.models import TicketClock
from surveys.models import Response

Sentence = str | Promise
Where = Callable[[Period], Q]

COUNT: Final = "count"
SHARE: Final = "share"
MEAN: Final = "mean"
HIGHER: Final = "higher"
LOWER: Final = "lower"

PM: Final = "pm"
ENGINEER: Final = "engineer"
DEPARTMENT: Final = "department"


@dataclass(frozen=True)
class Metric:
    """One number: `rows` the viewer's scoped rows, `within` those of a period, `hit` those that are good.

    `who` names, per kind of subject, the column that says whose number it is. COUNT is the number of rows, SHARE
    hits over rows, MEAN the mean of the column `score`. `moment` is the row's time column. A stock is counted at an
    instant over rows of any age, everything else over rows of the month.
    """

    code: str
    label: Sentence
    meaning: Sentence
    unit: str
    better: str
    target: Decimal
    rows: Callable[[Any], QuerySet[Any]]
    within: Where
    who: dict[str, str]
    moment: str
    hit: Q = field(default_factory=Q)
    score: str = ""
    is_stock: bool = False

    @property
    def is_share(self) -> bool:
        return self.unit == SHARE


@dataclass(frozen=True)
class Measured:
    """One value with what it is made of; `value` is None when there was nothing to measure."""

    rows: int
    hits: int
    total: Decimal | None
    unit: str

    @property
    def value(self) -> Decimal | None:
        if self.unit == COUNT:
            return Decimal(self.rows)
        if not self.rows:
            return None
        if self.unit == SHARE:
            return Decimal(self.hits) / Decimal(self.rows)
        return None if self.total is None else self.total / Decimal(self.rows)


def due_in(period: Period) -> Q:
    """Promises whose due time lies in the period and whose outcome is known: stopped, or already late."""
    known = Q(stopped_at__isnull=False) | Q(due_at__lt=period.at)
    return Q(due_at__gte=period.start, due_at__lt=period.end) & known


def late_at(period: Period) -> Q:
    """Promises that were broken and still unkept at the end of the period."""
    return Q(due_at__lt=period.at) & (Q(stopped_at__isnull=True) | Q(stopped_at__gte=period.at))


def overdue_at(period: Period) -> Q:
    """Follow-ups past due and not closed at the end of the period."""
    return Q(due_at__lt=period.at) & (Q(closed_at__isnull=True) | Q(closed_at__gte=period.at))


def occurred_in(period: Period) -> Q:
    """Contacts that took place in the period."""
    return Q(occurred_at__gte=period.start, occurred_at__lt=period.end)


def left_in(period: Period) -> Q:
    """Stages left in the period."""
    return Q(left_at__gte=period.start, left_at__lt=period.end)


def received_in(period: Period) -> Q:
    """Answers received in the period."""
    return Q(received_at__gte=period.start, received_at__lt=period.end)


def decided_in(period: Period) -> Q:
    """Gates decided in the period."""
    return Q(decided_at__gte=period.start, decided_at__lt=period.end)


KEPT = Q(stopped_at__isnull=False, stopped_at__lte=F("due_at"))


def _activities(user: Any) -> QuerySet[Any]:
    return Activity.objects.visible_to(user).filter(verified=True, customer__historical=False)


def _follow_ups(user: Any) -> QuerySet[Any]:
    return FollowUp.objects.visible_to(user).filter(customer__historical=False)


def _ticket_clocks(user: Any) -> QuerySet[Any]:
    """Clocks of live tickets; imported history made no promises."""
    return TicketClock.objects.visible_to(user).filter(
        ticket__historical=False, voided=False, due_at__isnull=False
    )


def _with_service_unit(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Tickets and their answers are the after-sales department's."""
    unit = OrgUnit.objects.filter(code="ASD").values("pk")[:1]
    return rows.annotate(department=Subquery(unit))


def _stages(user: Any) -> QuerySet[Any]:
    """Finished stays in stages a department answers for, with that department."""
    owned = {code: stage.departments[0] for code, stage in STAGES.items() if stage.departments}
    code = Case(
        *[When(stage=stage, then=Value(unit)) for stage, unit in owned.items()], output_field=CharField()
    )
    rows = ProjectStage.objects.visible_to(user).filter(stage__in=owned, due_at__isnull=False)
    unit = OrgUnit.objects.filter(code=OuterRef("unit_code")).values("pk")[:1]
    return rows.annotate(unit_code=code).annotate(department=Subquery(unit))


def _answers(user: Any) -> QuerySet[Any]:
    """Identified answers about live tickets that say how satisfied the customer is."""
    rows = Response.objects.visible_to(user).filter(csat__isnull=False, ticket__historical=False)
    return _with_service_unit(rows)


def _complaint_clocks(user: Any) -> QuerySet[Any]:
    return ComplaintClock.objects.visible_to(user).filter(due_at__isnull=False)


def _gates(user: Any) -> QuerySet[Any]:
    return GateSubmission.objects.visible_to(user).filter(verdict__in=["passed", "returned", "conditional"])


TICKET_WHO = {PM: "ticket__owner", ENGINEER: "ticket__engineer"}
COMPLAINT_WHO = {PM: "complaint__owner", DEPARTMENT: "complaint__lead_department"}


def _sla(kind: str, label: Sentence, target: str) -> Metric:
    return Metric(
        code=f"sla_{kind}",
        label=label,
        meaning=_("Promises of live tickets due in the month: kept in time ÷ all whose outcome is known."),
        unit=SHARE,
        better=HIGHER,
        target=Decimal(target),
        rows=lambda user: _ticket_clocks(user).filter(kind=kind),
        within=due_in,
        hit=KEPT,
        who=TICKET_WHO,
        moment="due_at",
    )


_ALL = (
    Metric(
        code="verified_contacts",
        label=_("Verified contacts"),
        meaning=_("Two-way contacts with customers in the month, by the person who logged them."),
        unit=COUNT,
        better=HIGHER,
        target=Decimal(20),
        rows=_activities,
        within=occurred_in,
        who={PM: "author"},
        moment="occurred_at",
    ),
    Metric(
        code="overdue_follow_ups",
        label=_("Overdue follow-ups"),
        meaning=_("Planned next steps past their date and not done, counted at the end of the month or now."),
        unit=COUNT,
        better=LOWER,
        target=Decimal(0),
        rows=_follow_ups,
        within=overdue_at,
        is_stock=True,
        who={PM: "owner"},
        moment="due_at",
    ),
    Metric(
        code="gates_first_time",
        label=_("Gates passed first time"),
        meaning=_("Stage gates decided in the month: passed at the first attempt ÷ all decisions."),
        unit=SHARE,
        better=HIGHER,
        target=Decimal("0.90"),
        rows=_gates,
        within=decided_in,
        hit=Q(verdict="passed", attempt=1),
        who={PM: "project__owner"},
        moment="decided_at",
    ),
    Metric(
        code="sla_attainment",
        label=_("SLA kept"),
        meaning=_(
            "All four promises of live tickets due in the month: kept in time ÷ all whose outcome is known."
        ),
        unit=SHARE,
        better=HIGHER,
        target=Decimal("0.95"),
        rows=lambda user: _with_service_unit(_ticket_clocks(user)),
        within=due_in,
        hit=KEPT,
        who={PM: "ticket__owner", DEPARTMENT: "department"},
        moment="due_at",
    ),
    Metric(
        code="csat",
        label=_("CSAT"),
        meaning=_("Mean satisfaction (1–5) of survey answers received in the month."),
        unit=MEAN,
        better=HIGHER,
        target=Decimal("4.6"),
        rows=_answers,
        within=received_in,
        score="csat",
        who={PM: "owner", ENGINEER: "engineer", DEPARTMENT: "department"},
        moment="received_at",
    ),
    Metric(
        code="stages_on_time",
        label=_("Stages on time"),
        meaning=_(
            "Project stages the department answers for, left in the month: within standard days ÷ all."
        ),
        unit=SHARE,
        better=HIGHER,
        target=Decimal("0.90"),
        rows=_stages,
        within=left_in,
        hit=Q(left_at__lte=F("due_at")),
        who={DEPARTMENT: "department"},
        moment="left_at",
    ),
    _sla("response", pgettext_lazy("metric", "Response in time"), "0.97"),
    _sla("onsite", pgettext_lazy("metric", "On site in time"), "0.95"),
    _sla("restore", pgettext_lazy("metric", "Restored in time"), "0.92"),
    _sla("resolve", pgettext_lazy("metric", "Resolved in time"), "0.92"),
    Metric(
        code="complaints_answered",
        label=_("Complaint clocks kept"),
        meaning=_(
            "Clocks of complaints due in the month (grading to final answer): kept ÷ all whose outcome is known."
        ),
        unit=SHARE,
        better=HIGHER,
        target=Decimal("0.95"),
        rows=_complaint_clocks,
        within=due_in,
        hit=KEPT,
        who=COMPLAINT_WHO,
        moment="due_at",
    ),
    Metric(
        code="complaint_breaches",
        label=_("Open breaches"),
        meaning=_("Clocks of complaints past due and still running, counted at the end of the month or now."),
        unit=COUNT,
        better=LOWER,
        target=Decimal(0),
        rows=_complaint_clocks,
        within=late_at,
        is_stock=True,
        who=COMPLAINT_WHO,
        moment="due_at",
    ),
)
METRICS: Final[dict[str, Metric]] = {metric.code: metric for metric in _ALL}

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    PM: (
        "verified_contacts", "overdue_follow_ups", "gates_first_time", "sla_attainment", "csat", "complaints_answered",
        "complaint_breaches",
    ),
    ENGINEER: ("sla_response", "sla_onsite", "sla_restore", "sla_resolve", "csat"),
    DEPARTMENT: ("stages_on_time", "sla_attainment", "csat", "complaints_answered", "complaint_breaches"),
}  # fmt: skip
