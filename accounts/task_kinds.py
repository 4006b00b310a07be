"""How the tasks of accounts read on My day: grants that wait for a second person."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import GRANT_TASK, Grant
from core.models import Task
from core.tasks_list import TaskLine, register_task_kind


def describe_grants(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """Who shall get which role for which unit."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = Grant.objects.visible_to(user).filter(pk__in=wanted).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=f"{row.get_role_display()} · {row.scope_unit.name}",
            party=row.user.name,
            party_url=row.user.get_absolute_url(),
            url=row.get_absolute_url(),
            action=_("Approve"),
            action_url=reverse("accounts:grant_approve", args=[row.pk]),
        )
        for row in rows
    }


register_task_kind(
    GRANT_TASK, label=_("Grant to approve"), icon="shield", chip="grant", describe=describe_grants
)
