"""How the lines of surveys read on My day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.models import Task
from core.tasks_list import TaskLine, register_task_kind
from surveys.desk import CALL_TASK, PROMISE_TASK
from surveys.models import Recovery

LINES = {
    CALL_TASK: (_("Call the customer: low score for %(code)s"), _("Record the call"), "call"),
    PROMISE_TASK: (_("Keep the promise for %(code)s"), _("Done, close"), "close"),
}


def describer(kind: str) -> Callable[[list[Task], Any], Mapping[int, TaskLine]]:
    """The description function of one kind: one query for the cases of all its lines."""
    title, action, verb = LINES[kind]

    def describe(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
        rows = Recovery.objects.visible_to(user).select_related("customer", "response__ticket")
        found = {row.pk: row for row in rows.filter(pk__in=[task.object_id for task in tasks])}
        return {
            task.pk: _line(found[task.object_id], title, action, verb)
            for task in tasks
            if task.object_id in found
        }

    return describe


def _line(row: Recovery, title: Any, action: Any, verb: str) -> TaskLine:
    return TaskLine(
        title=title % {"code": row},
        party=row.customer.short_name or row.customer.name,
        party_url=row.customer.get_absolute_url(),
        tier=row.customer.tier,
        meta=" · ".join(row.reason_labels) if verb == "call" else row.action,
        url=row.get_absolute_url(),
        action=action,
        action_url=f"{row.get_absolute_url()}{verb}/",
    )


for kind in LINES:
    register_task_kind(kind, label=_("Satisfaction"), icon="survey", chip="survey", describe=describer(kind))
