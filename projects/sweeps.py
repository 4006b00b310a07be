"""Scans of projects: stages that last longer than their standard time."""

from datetime import datetime
from typing import Any

from core.notify import notify
from core.sweep import for_each_due, sweep
from core.tasks_list import open_task
from projects.end_users import tell_all_of_users
from projects.models import Project
from projects.passage import TASK_STAGE


@sweep("projects.stage_overdue", every=300)
def scan_stage_overdue(now: datetime) -> int:
    """Tell the project manager once per stage that its standard time is over."""

    def tell(project: Any) -> None:
        open_task(
            TASK_STAGE, project, project.owner, due_at=project.stage_due_at, data={"stage": project.state}
        )
        notify(
            [project.owner],
            "projects.stage_overdue",
            project,
            now=now,
            data={"stage": project.state.upper()},
            dedupe_key=f"projects.stage_overdue:{project.pk}:{project.state}:{project.stage_entered_at:%Y%m%d%H%M}",
            mail=False,
        )
        Project.objects.filter(pk=project.pk).update(stage_alarm_at=None)

    return for_each_due(
        "projects.stage_overdue", Project.objects.alarm_due(now).select_related("owner"), tell
    )


@sweep("projects.end_users", every=300)
def scan_end_users(now: datetime) -> int:
    """Tell customers that stand between us and unknown users of pumps."""
    return tell_all_of_users(now)
