"""The start page 工作台: one list of what this person must do, worst first, each line with its own action."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Count, F, Q
from django.db.models.functions import TruncWeek
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import db_now
from core.kept import Kept
from core.models import Notification, Task
from core.notify import render_notices
from core.tasks_list import TaskKind, TaskLine, describe_tasks, first_tasks, group_by_day

NOTICES = 8
WEEKS = 8
DRAWN = 30  # lines of the first reply; the rest is one link away


NEWEST = Kept(lambda _, user: Notification.objects.visible_to(user).order_by("-at", "-pk")[:NOTICES], int)
PACE = Kept(
    lambda _, user, first: (
        Task.objects.visible_to(user)
        .filter(closed_at__gte=first)
        .values(week=TruncWeek("closed_at"))
        .annotate(done=Count("pk"), in_time=Count("pk", filter=Q(closed_at__lte=F("due_at"))))
        .values_list("week", "done", "in_time")
    ),
    int,
    datetime,
)


def my_day(request: HttpRequest) -> HttpResponse:
    """The whole list with its groups and chips; `?chip=` narrows it to one sort of work, `?vip=1` to VIP customers."""
    now, user = db_now(), cast(Any, request.user)  # LoginRequiredMiddleware lets nobody anonymous in
    lines = [Row(*entry, now) for entry in describe_tasks(first_tasks(user), user)]
    chip = request.GET.get("chip", "")
    shown = [
        row
        for row in lines
        if (not chip or row.kind.chip == chip) and not (request.GET.get("vip") and row.line.tier != "vip")
    ]
    drawn = len(shown) if request.GET.get("all") else DRAWN
    context = {
        "groups": _groups(shown, now, drawn),
        "undrawn": max(0, len(shown) - drawn),
        "chips": _chips(lines),
        "chip": chip,
        "total": len(lines),
        "overdue": sum(row.is_overdue for row in lines),
        "worst": shown[0] if shown else None,
        "greeting": _greeting(now),
        "pace": _pace(user, now),
        "notices": render_notices(NEWEST.rows(None, user.pk), user),
        "now": now,
    }
    return render(request, "core/my_day.html", context)


class Row:
    """One line of the list: the task, its kind and how it reads."""

    def __init__(self, task: Any, kind: TaskKind, line: TaskLine, now: datetime) -> None:
        self.task, self.kind, self.line = task, kind, line
        self.is_overdue = task.due_at < now


def _groups(rows: list[Row], now: datetime, drawn: int) -> list[dict[str, Any]]:
    """Rows in overdue, today, this week, later, with their counts; only the first `drawn` lines are drawn."""
    by_task = {row.task.pk: row for row in rows[:drawn]}
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
            "count": len(tasks),
            "rows": [by_task[task.pk] for task in tasks if task.pk in by_task],
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


def _pace(user: Any, now: datetime) -> dict[str, Any]:
    """What the person got done in each of the last eight weeks, and the share of it in time, the present week last."""
    monday = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    by_week = {
        timezone.localtime(week): (done, in_time) for week, done, in_time in PACE.rows(None, user.pk, first)
    }
    series = [by_week.get(first + timedelta(weeks=number), (0, 0)) for number in range(WEEKS)]
    done, in_time = (sum(column) for column in zip(*series, strict=True))
    return {
        "done": series[-1][0],
        "series": [week[0] for week in series],
        "total": done,
        "share": round(100 * in_time / done) if done else None,
        "shares": [round(100 * week[1] / week[0]) for week in series if week[0]],
    }


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 11:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")
