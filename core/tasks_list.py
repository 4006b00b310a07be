"""The to-do list behind My day: opening, closing and postponing what a person must do.

Each kind of task registers how it looks; the sentence is built from live rows when read, so a renamed
customer is shown by its new name and a row that went out of sight shows nothing.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from core.errors import Sentence
from core.kept import Kept
from core.kinds import kind_of, root_key
from core.models import Task

READ = 200  # nobody works through more in a day; the list says how many there are


@dataclass
class TaskLine:
    """How one task reads: whose (party, tier), what, and where its one-click action, done and postpone lead ("" = not offered)."""

    title: Sentence
    party: str = ""
    party_url: str = ""
    tier: str = ""
    meta: Sentence = ""
    url: str = ""
    action: Sentence = ""
    action_url: str = ""
    complete_url: str = ""
    postpone_url: str = ""


# One statement, because steps open tasks by the dozen; of two who open one in the same moment, both mean one line.
OPEN = """
    INSERT INTO core_task (kind, object_kind, object_id, assignee_id, due_at, severity, root_kind, root_id, data, url_name)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '')
    ON CONFLICT (kind, object_kind, object_id, assignee_id) WHERE closed_at IS NULL DO UPDATE SET
        due_at = excluded.due_at, severity = excluded.severity,
        root_kind = excluded.root_kind, root_id = excluded.root_id, data = excluded.data
"""
CLOSE = "UPDATE core_task SET closed_at = %s WHERE closed_at IS NULL AND object_kind = %s AND object_id = %s"
Describe = Callable[[list[Task], Any], Mapping[int, TaskLine]]


@dataclass(frozen=True)
class TaskKind:
    """A kind of task: its label and icon, the filter chip it counts under, and its bulk description."""

    code: str
    label: Sentence
    icon: str
    chip: str
    describe: Describe = field(compare=False)


_kinds: dict[str, TaskKind] = {}


def register_task_kind(code: str, *, label: Sentence, icon: str, chip: str, describe: Describe) -> None:
    """Register a kind; `describe(tasks, user)` returns a line per task id with at most a few queries in all."""
    _kinds[code] = TaskKind(code, label, icon, chip, describe)


def task_kinds() -> dict[str, TaskKind]:
    """The registered kinds by code."""
    return dict(_kinds)


def open_task(
    kind: str,
    subject: models.Model,
    assignee: Any,
    *,
    due_at: datetime,
    severity: int = 0,
    root: models.Model | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Put a task on a person's list, or move the open one to the new due time; never a second line."""
    root_kind, root_id = root_key(subject) if root is None else (kind_of(root), root.pk)
    line = [kind, kind_of(subject), subject.pk, assignee.pk]
    values = [due_at, severity, root_kind, root_id, json.dumps(dict(data or {}), ensure_ascii=False)]
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [*line, *values])


def close_tasks(
    subject: models.Model, *, now: datetime, kind: str | Sequence[str] | None = None, assignee: Any = None
) -> int:
    """Take the row's open tasks off the lists (of one kind or several, of one person); returns how many."""
    sql, values = CLOSE, [now, kind_of(subject), subject.pk]
    if kind:
        sql, values = f"{sql} AND kind = ANY(%s)", [*values, [kind] if isinstance(kind, str) else list(kind)]
    if assignee is not None:
        sql, values = f"{sql} AND assignee_id = %s", [*values, assignee.pk]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def hand_over_tasks(subject: models.Model, *, to: Any, now: datetime) -> int:
    """Move the row's open tasks to another person, keeping due times; duplicates are closed."""
    moved = 0
    for task in Task.objects.filter(object_kind=kind_of(subject), object_id=subject.pk, closed_at=None):
        if Task.objects.filter(
            kind=task.kind,
            object_kind=task.object_kind,
            object_id=task.object_id,
            assignee=to,
            closed_at=None,
        ).exists():
            Task.objects.filter(pk=task.pk).update(closed_at=now)
        else:
            moved += Task.objects.filter(pk=task.pk).update(assignee=to)
    return moved


def open_tasks(user: Any) -> models.QuerySet[Task]:
    """A person's list, worst first: by due time, then severity."""
    return Task.objects.filter(assignee=user, closed_at=None).order_by("due_at", "-severity", "pk")


_LIST = Kept(lambda _, user: open_tasks(user)[:READ], int)


def first_tasks(user: Any) -> list[Task]:
    """The first of a person's list, as many as anybody works through in a day."""
    return _LIST.rows(None, user.pk)


def describe_tasks(tasks: Iterable[Task], user: Any) -> list[tuple[Task, TaskKind, TaskLine]]:
    """Tasks with their lines, in the given order; a task whose row the user no longer sees is left out."""
    tasks = list(tasks)
    lines: dict[int, TaskLine] = {}
    for code, kind in _kinds.items():
        of_kind = [task for task in tasks if task.kind == code]
        if of_kind:
            lines.update(kind.describe(of_kind, user))
    return [(task, _kinds[task.kind], lines[task.pk]) for task in tasks if task.pk in lines]


def day_group(due_at: datetime, now: datetime) -> str:
    """Where a due time stands in a list: overdue, today, week (to the coming Sunday) or later, by local dates."""
    return _group(due_at, now, *_ends(now))


def _ends(now: datetime) -> tuple[datetime, datetime]:
    """When this day and this week are over: the next local midnight, and the one after the coming Sunday."""
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=1), morning + timedelta(days=7 - morning.weekday())


def _group(due_at: datetime, now: datetime, tomorrow: datetime, monday: datetime) -> str:
    if due_at < now:
        return "overdue"
    if due_at < tomorrow:
        return "today"
    return "week" if due_at < monday else "later"


def group_by_day(tasks: Iterable[Task], now: datetime) -> dict[str, list[Task]]:
    """Split into overdue, today, week and later."""
    groups: dict[str, list[Task]] = {"overdue": [], "today": [], "week": [], "later": []}
    tomorrow, monday = _ends(now)
    for task in tasks:
        groups[_group(task.due_at, now, tomorrow, monday)].append(task)
    return groups
