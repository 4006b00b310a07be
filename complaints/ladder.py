"""The escalation ladder L0–L5: when each rung is due on a clock and who stands on it; pure. Source: §5.5."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from complaints.clocks import Span, share_at
from core.workdays import WorkCalendar

HANDLER, DEPARTMENT_HEAD, SUPERVISION_HEAD, SUPERVISORS = (
    "handler",
    "department_head",
    "supervision_head",
    "supervisors",
)
BRANCH_MANAGER, PROJECT_MANAGER, EXECUTIVE, GENERAL_MANAGER = (
    *("branch_manager", "project_manager", "executive", "general_manager"),
)


@dataclass(frozen=True)
class Step:
    """A rung: the share of the clock at which it is due (None: an event, not the clock) and who gets it."""

    rung: str
    percent: int | None
    recipients: tuple[str, ...]


LADDER: Final = (
    Step("rung_0", None, (HANDLER, DEPARTMENT_HEAD)),
    Step("rung_1", 50, (DEPARTMENT_HEAD,)),
    Step("rung_2", 80, (SUPERVISION_HEAD, BRANCH_MANAGER, PROJECT_MANAGER)),
    Step("rung_3", 100, (EXECUTIVE,)),
    Step("rung_4", 150, (GENERAL_MANAGER,)),
    Step("rung_5", None, (GENERAL_MANAGER, SUPERVISION_HEAD)),
)
BY_RUNG: Final = {step.rung: step for step in LADDER}
CLIMBING: Final = tuple(step for step in LADDER if step.percent is not None)


def rung_instants(
    span: Span, start: datetime, calendar: WorkCalendar, *, used: int = 0
) -> list[tuple[str, datetime]]:
    """When each rung of one clock is due, lowest first; `used` as in `clocks.share_at`."""
    return [(step.rung, share_at(span, start, calendar, step.percent or 0, used=used)) for step in CLIMBING]
