"""The emergency plan of a major complaint: its steps as data, and opening it for a case. Source: §5.6."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from accounts import duties
from core.calendars import work_calendar
from core.errors import Sentence
from core.workdays import add_business_minutes

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

REVIEW_DAYS_MINUTES: Final = 10 * 480


@dataclass(frozen=True)
class Line:
    """A line of the plan: who does what within how many minutes of receipt (plain time)."""

    code: str
    label: Sentence
    minutes: int
    who: str


PLAN: Final = (
    Line("confirm", _("Confirm and open the war room"), 15, "duty"),
    Line(
        "acknowledge", _("Acknowledge to the sender; advise to stop and isolate the pump"), 30, "supervision"
    ),
    Line("spokesman", _("Name the one contact to the outside"), 30, "general_manager"),
    Line(
        "engineer",
        _("Engineer on the way or remote diagnosis; parts, photos and logs secured"),
        120,
        "service",
    ),
    Line("note", _("First written note"), 240, "supervision"),
    Line("batch", _("Same batch: stop shipment, list installed pumps, warn their owners"), 240, "quality"),
    Line("containment", _("Containment report"), 1440, "department"),
    Line("bulletin", _("Daily bulletin at 17:00 to general manager and customer"), 1440, "supervision"),
    Line("notices", _("Check duties to tell regulator and insurer"), 1440, "supervision"),
    Line("review", _("Review after closing and drill"), REVIEW_DAYS_MINUTES, "supervision"),
)
LABELS: Final = {line.code: line.label for line in PLAN}


def open_plan(case: Complaint, *, now: datetime) -> int:
    """Write the plan's steps for a case once; returns how many are new. Time counts from receipt."""
    from complaints.models import EmergencyStep

    made = 0
    for position, line in enumerate(PLAN):
        _step, created = EmergencyStep.objects.get_or_create(
            complaint=case,
            code=line.code,
            defaults={"position": position, "owner": _owner(case, line.who, now), "due_at": _due(case, line)},
        )
        made += created
    return made


def _due(case: Complaint, line: Line) -> datetime:
    if line.code == "review":
        return add_business_minutes(case.received_at, line.minutes, work_calendar(case.calendar_code))
    return case.received_at + timedelta(minutes=line.minutes)


def _owner(case: Complaint, who: str, now: datetime) -> User | None:
    if who == "duty":
        return next(iter(duties.on_duty(now)), None) or duties.head_of_supervision()
    if who == "general_manager":
        return duties.general_manager()
    if who == "department":
        return duties.head_of(case.lead_department)
    unit = duties.unit_by_code({"service": "ASD", "quality": "QCD"}.get(who, duties.SUPERVISION_CODE))
    return duties.head_of(unit) if unit else duties.general_manager()
