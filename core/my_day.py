"""The start page 工作台: one list of what this person must do, worst first, each line with its own action."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import db_now
from core.models import Notification
from core.notify import render_notices
from core.tasks_list import TaskKind, TaskLine, describe_tasks, group_by_day, open_tasks

NOTICES = 8
SHOWN = 200  # nobody works through more in a day; the list says how many there are


def my_day(request: HttpRequest) -> HttpResponse:
    """The whole list with its groups and chips; `?chip=` narrows it to one sort of work, `?vip=1` to VIP customers."""
    now = db_now()
    tasks = list(open_tasks(request.user)[:SHOWN])
    lines = [Row(*entry, now) for entry in describe_tasks(tasks, request.user)]
    chip = request.GET.get("chip", "")
    shown = [
        row
        for row in lines
        if (not chip or row.kind.chip == chip) and not (request.GET.get("vip") and row.line.tier != "vip")
    ]
    context = {
        "groups": _groups(shown, now),
        "chips": _chips(lines),
        "chip": chip,
        "total": len(lines),
        "overdue": sum(row.is_overdue for row in lines),
        "worst": shown[0] if shown else None,
        "greeting": _greeting(now),
        "notices": render_notices(
            Notification.objects.filter(user=request.user).order_by("-at", "-pk")[:NOTICES], request.user
        ),
        "now": now,
    }
    return render(request, "core/my_day.html", context)


class Row:
    """One line of the list: the task, its kind and how it reads."""

    def __init__(self, task: Any, kind: TaskKind, line: TaskLine, now: datetime) -> None:
        self.task, self.kind, self.line = task, kind, line
        self.is_overdue = task.due_at < now


def _groups(rows: list[Row], now: datetime) -> list[dict[str, Any]]:
    """Rows in overdue, today, this week, later; empty groups are left out."""
    by_task = {row.task.pk: row for row in rows}
    labels = {
        "overdue": (_("Overdue"), _("oldest on top; the same day by severity")),
        "today": (_("Today"), ""),
        "week": (_("This week"), ""),
        "later": (_("Later"), ""),
    }
    split = group_by_day([row.task for row in rows], now)
    return [
        {
            "code": code,
            "label": labels[code][0],
            "hint": labels[code][1],
            "rows": [by_task[task.pk] for task in tasks],
        }
        for code, tasks in split.items()
        if tasks
    ]


def _chips(rows: list[Row]) -> list[dict[str, Any]]:
    """How many lines of each sort there are, in the order they first appear."""
    chips: dict[str, dict[str, Any]] = {}
    for row in rows:
        chip = chips.setdefault(
            row.kind.chip, {"code": row.kind.chip, "label": row.kind.label, "icon": row.kind.icon, "count": 0}
        )
        chip["count"] += 1
    return list(chips.values())


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 11:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")
