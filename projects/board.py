"""The kanban as values: columns of stages with count and sum, cards with age against the standard and what is missing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from core.calendars import work_calendar
from core.errors import Sentence
from core.workdays import WorkCalendar, working_days_between
from projects.choices import ORDER_STAGES, PRESALE_STAGES, SHORT_LABELS, ProjectState, gate_label
from projects.gates import FIELD, GATES, STAGES
from projects.models import GateEvidence, GateSubmission

PER_COLUMN = 40
SIGNED = "signed"
NOTHING = Decimal(0)


@dataclass
class Card:
    """One project on the board; ages in working days."""

    project: Any
    age: int
    standard: int
    done: int
    wanted: int
    waiting: bool

    @property
    def is_late(self) -> bool:
        return bool(self.standard) and self.age > self.standard


@dataclass
class Column:
    """One stage: its totals are over all visible projects, its cards the most urgent of them."""

    code: str
    label: Sentence
    gate: str
    count: int
    total: Decimal
    cards: list[Card]
    probability: int | None
    states: str

    @property
    def weighted(self) -> Decimal:
        """The sum times the default chance of winning."""
        return self.total * (self.probability or 0) / 100

    @property
    def hidden(self) -> int:
        """How many projects have no card here."""
        return self.count - len(self.cards)


def build_board(rows: Any, now: datetime) -> list[Column]:
    """The columns over already scoped and filtered rows; four queries whatever the number of projects."""
    totals = rows.totals_by_state()
    projects = list(rows.filter(state__in=PRESALE_STAGES).for_board(PER_COLUMN).order_by("state", "place"))
    signed = list(
        rows.filter(state__in=ORDER_STAGES).for_list().order_by("-signed_at", "-pk")[: PER_COLUMN // 2]
    )
    done = _evidence_counts(projects)
    waiting = set(
        GateSubmission.objects.waiting()
        .filter(project__in=[one.pk for one in projects])
        .values_list("project_id", flat=True)
    )
    calendar = work_calendar()
    columns = []
    for stage in PRESALE_STAGES:
        cards = [
            _card(project, now, calendar, done.get(project.pk, 0), project.pk in waiting)
            for project in projects
            if project.state == stage
        ]
        count, total = totals.get(stage, (0, NOTHING))
        gate = gate_label(f"g{stage[1:]}")
        columns.append(
            Column(stage, SHORT_LABELS[stage], gate, count, total, cards, STAGES[stage].probability, stage)
        )
    count = sum(totals.get(stage, (0, 0))[0] for stage in ORDER_STAGES)
    total = sum((totals.get(stage, (0, NOTHING))[1] for stage in ORDER_STAGES), NOTHING)
    cards = [_card(project, now, calendar, 0, False) for project in signed]
    columns.append(Column(SIGNED, "", "", count, total, cards, None, "orders"))
    return columns


def stage_age(entered_at: datetime, until: datetime, calendar: WorkCalendar) -> int:
    """Working days in a stage, the day of entry counting as day 1 at its end."""
    return working_days_between(
        timezone.localtime(entered_at).date(), timezone.localtime(until).date(), calendar
    )


def strip_of(project: Any, now: datetime) -> list[dict[str, Any]]:
    """The fourteen stages for the page head: done with days used, now with days so far, later with the standard."""
    calendar = work_calendar()
    stays = {stay.stage: stay for stay in project.stages.all()}
    strip = []
    for code in ProjectState.values[:14]:
        standard = STAGES[code].days_for(project.product_class)
        stay = stays.get(code)
        state = "" if stay is None else "done" if stay.left_at else "now"
        if code == project.stage:
            state = "now"
        used = stage_age(stay.entered_at, stay.left_at or now, calendar) if stay else None
        limit = stay.standard_days if stay else standard
        strip.append(
            {
                "code": code.upper(),
                "label": SHORT_LABELS[code],
                "state": state,
                "used": used,
                "standard": limit,
                "late": used is not None and bool(limit) and used > limit,
                "url": f"#stage-{code}" if stay else "",
            }
        )
    return strip


def _card(project: Any, now: datetime, calendar: WorkCalendar, done: int, waiting: bool) -> Card:
    gate = GATES.get(project.gate)
    age = stage_age(project.stage_entered_at, now, calendar)
    filled = sum(
        1
        for item in (gate.evidence if gate else ())
        if item.type == FIELD and getattr(project, item.field, None)
    )
    return Card(
        project=project,
        age=age,
        standard=STAGES[project.state].days_for(project.product_class),
        done=done + filled,
        wanted=len(gate.evidence) if gate else 0,
        waiting=waiting,
    )


def _evidence_counts(projects: list[Any]) -> dict[int, int]:
    """Pieces of current evidence for the present gate of each project, in one query."""
    present = Concat(Value("g"), Substr(F("project__state"), 2))
    rows = GateEvidence.objects.current().filter(project__in=[one.pk for one in projects], gate=present)
    return dict(rows.order_by().values_list("project").annotate(Count("pk")))
