"""The desk's matrix: each open case counted under its department and how far its worst clock has run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, ComplaintClock
from complaints.timekeeping import rungs_of
from core.errors import Sentence

if TYPE_CHECKING:
    from accounts.models import OrgUnit


@dataclass(frozen=True)
class Cell:
    """A column: which rung the worst clock has reached, and how it is shown."""

    code: str
    label: Sentence
    tone: str


CELLS = (
    Cell("on_time", _("On time"), "good"),
    Cell("half", "50 %", "mild"),
    Cell("late_soon", "80 %", "warn"),
    Cell("breached", _("Breached"), "danger"),
    Cell("far", "150 %", "alarm"),
)
REACHED = {"": "on_time", "rung_1": "half", "rung_2": "late_soon", "rung_3": "breached", "rung_4": "far"}
ORDER = [cell.code for cell in CELLS]


@dataclass
class Line:
    """One department: its cases by column, and the most urgent of them."""

    unit: OrgUnit
    cells: dict[str, list[Complaint]] = field(default_factory=lambda: {code: [] for code in ORDER})
    total: int = 0
    worst: Complaint | None = None


def standing(cases: list[int], now: datetime) -> dict[int, str]:
    """The column of each case by its id: the furthest any of its running clocks has come. One query for all."""
    found = dict.fromkeys(cases, "on_time")
    clocks = ComplaintClock.objects.running().filter(complaint__in=cases)
    for clock in clocks.select_related("complaint"):
        reached = max((rung for rung, at in rungs_of(clock) if at <= now), default="")
        code = REACHED[reached]
        if ORDER.index(code) > ORDER.index(found[clock.complaint_id]):
            found[clock.complaint_id] = code
    return found


def in_cell(rows: Any, code: str, now: datetime) -> Any:
    """Of `rows`, the open cases that stand in one column."""
    at = standing(list(rows.open().values_list("pk", flat=True)), now)
    return rows.filter(pk__in=[pk for pk, cell in at.items() if cell == code])


def build(cases: list[Complaint], now: datetime) -> list[Line]:
    """The matrix over open cases, given worst first; departments by their number of breached cases, then by code."""
    at = standing([case.pk for case in cases], now)
    lines: dict[int, Line] = {}
    for case in cases:
        line = lines.setdefault(case.lead_department_id, Line(case.lead_department))
        line.cells[at[case.pk]].append(case)
        line.total += 1
        line.worst = line.worst or case
    return sorted(
        lines.values(),
        key=lambda line: (-len(line.cells["far"]) - len(line.cells["breached"]), -line.total, line.unit.code),
    )
