"""Moving rows of any app from the old project manager to the new one: open work goes, finished work can be read."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F

from accounts.choices import AccessSource
from accounts.scoping import grant_access
from core import audit
from core.kinds import kind_of
from core.models import Task


def move_open(rows: models.QuerySet[Any], handover: Any, *, by: Any, now: datetime) -> int:
    """Give the giver's rows among `rows`, and the giver's tasks at them, to the receiver; returns how many."""
    moved = 0
    for row in rows.filter(owner=handover.owner):
        type(row)._default_manager.filter(pk=row.pk).update(owner=handover.receiver, version=F("version") + 1)
        move_tasks(row, handover, now=now)
        code = f"{row._meta.app_label}.transfer_{row._meta.model_name}"
        data = {"from": handover.owner_id, "to": handover.receiver_id, "handover": handover.pk}
        audit.record(code, row, by=by, now=now, data=data)
        moved += 1
    return moved


def move_tasks(row: models.Model, handover: Any, *, now: datetime) -> None:
    """The giver's open tasks at a row go to the receiver; one the receiver has already is closed."""
    tasks = Task.objects.filter(object_kind=kind_of(row), object_id=row.pk, closed_at=None)
    held = set(tasks.filter(assignee=handover.receiver).values_list("kind", flat=True))
    mine = tasks.filter(assignee=handover.owner)
    mine.filter(kind__in=held).update(closed_at=now)
    mine.exclude(kind__in=held).update(assignee=handover.receiver)


def let_read_history(rows: models.QuerySet[Any], handover: Any, *, by: Any, now: datetime) -> None:
    """Finished rows of the giver stay the giver's; the receiver may read them."""
    for row in rows.filter(owner=handover.owner):
        grant_access(row, user=handover.receiver, source=AccessSource.RELATED, by=by, now=now)
