"""How the tasks of projects read on My day."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Task
from core.tasks_list import TaskLine, register_task_kind
from projects import passage
from projects.choices import gate_label
from projects.gates import GATES
from projects.models import Project

Describe = Callable[[list[Task], Any], dict[int, TaskLine]]


def _described(title: Callable[[Task, Any], str], action: Callable[[], str]) -> Describe:
    """Lines over one query of visible projects; `title` words the task, `action` its button."""

    def describe(tasks: list[Task], user: Any) -> dict[int, TaskLine]:
        rows = Project.objects.visible_to(user).for_detail().in_bulk([task.object_id for task in tasks])
        return {
            task.pk: _line(rows[task.object_id], title(task, rows[task.object_id]), action())
            for task in tasks
            if task.object_id in rows
        }

    return describe


def _line(project: Any, title: str, action: str) -> TaskLine:
    return TaskLine(
        title=title,
        party=str(project.customer),
        party_url=reverse("crm:customer_detail", args=[project.customer_id]),
        tier=project.customer.tier,
        meta=f"{project.shown_code} · {project.title}",
        url=project.get_absolute_url(),
        action=action,
        action_url=project.get_absolute_url(),
    )


def _missing(task: Task, project: Any) -> str:
    item = GATES[task.data["gate"]].item(task.data["item"])
    return _("Supply what %(gate)s was released without: %(item)s") % {
        "gate": gate_label(task.data["gate"]),
        "item": item.label,
    }


register_task_kind(
    passage.TASK_DECIDE,
    label=gettext_lazy("Gates"),
    icon="gate",
    chip="gate",
    describe=_described(
        lambda task, project: (
            _("Decide %(gate)s: %(title)s") % {"gate": gate_label(task.data["gate"]), "title": project.title}
        ),
        lambda: _("Decide"),
    ),
)
register_task_kind(
    passage.TASK_CORRECT,
    label=gettext_lazy("Gates"),
    icon="gate",
    chip="gate",
    describe=_described(
        lambda task, project: (
            _("%(gate)s was returned, correct and submit again: %(title)s")
            % {"gate": gate_label(task.data["gate"]), "title": project.title}
        ),
        lambda: _("Correct"),
    ),
)
register_task_kind(
    passage.TASK_SUPPLY,
    label=gettext_lazy("Gates"),
    icon="gate",
    chip="gate",
    describe=_described(_missing, lambda: _("Supply")),
)
register_task_kind(
    passage.TASK_STAGE,
    label=gettext_lazy("Gates"),
    icon="gate",
    chip="gate",
    describe=_described(
        lambda task, project: (
            _("%(stage)s is over its standard time: %(title)s")
            % {"stage": task.data["stage"].upper(), "title": project.title}
        ),
        lambda: _("Open"),
    ),
)
