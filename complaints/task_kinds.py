"""How the lines of complaints read on My day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from core.models import Task
from core.tasks_list import TaskLine, register_task_kind

LINES = {
    "complaints.triage": (_("Grade complaint %(code)s"), _("Grade")),
    "complaints.answer": (_("Answer complaint %(code)s"), _("Answer")),
    "complaints.review": (_("Review the answer to %(code)s"), _("Review")),
    "complaints.verdict": (_("Ask the complainant of %(code)s for a verdict"), _("Ask")),
    "complaints.verify": (_("Verify and close %(code)s"), _("Verify")),
    "complaints.escalated": (_("%(code)s climbed the ladder to you"), _("Act")),
}


def describer(code: str) -> Callable[[list[Task], Any], Mapping[int, TaskLine]]:
    """The description function of one kind: one query for the cases of all its lines."""
    title, action = LINES[code]

    def describe(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
        rows = Complaint.objects.visible_to(user).select_related("customer", "lead_department")
        cases = {row.pk: row for row in rows.filter(pk__in=[task.object_id for task in tasks])}
        return {
            task.pk: _line(cases[task.object_id], title, action) for task in tasks if task.object_id in cases
        }

    return describe


def _line(case: Complaint, title: Any, action: Any) -> TaskLine:
    rung = f" · {case.rung.replace('rung_', 'L')}" if case.rung else ""
    return TaskLine(
        title=title % {"code": case.code},
        party=case.customer.short_name or case.customer.name,
        party_url=case.customer.get_absolute_url(),
        tier=case.customer.tier,
        meta=f"{case.severity.upper()} · {case.lead_department.name}{rung}",
        url=case.get_absolute_url(),
        action=action,
        action_url=case.get_absolute_url(),
    )


for kind in LINES:
    register_task_kind(
        kind, label=_("Complaint"), icon="complaint", chip="complaint", describe=describer(kind)
    )
