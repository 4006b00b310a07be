"""Doing one thing to many rows: rehearsed row by row with what changes and what is refused, then done, and undone where cheap."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotFound, RuleBroken, Sentence, StaleVersion
from core.models import BulkRun
from core.rules import require

MOST_ROWS = 300
"""Rows one run may change, so that it ends while one waits."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class BulkAction:
    """One thing that can be done to many rows of a list.

    `run(by, now, row, values)` is an operation of the domain for one row; `shown(row)` names what it changes, in words.
    With `keep(row)` (codes and ids only) and `undo(by, now, row, kept)` a run can be taken back.
    """

    code: str
    label: Sentence
    icon: str
    permission: str
    form_class: Any
    run: Callable[..., Any]
    shown: Callable[[Any], str]
    keep: Callable[[Any], Any] | None = None
    undo: Callable[..., Any] | None = None


@dataclass
class Line:
    """What became, or would become, of one row."""

    row: Any
    before: str = ""
    after: str = ""
    refusal: Sentence = ""

    @property
    def changes(self) -> bool:
        """Whether anything visible becomes different."""
        return not self.refusal and self.before != self.after


class _Rehearsed(Exception):
    """Takes a rehearsal back."""


def pick(rows: models.QuerySet[Any], ids: Iterable[int]) -> list[Any]:
    """The picked rows this user sees, at most as many as one run may change, in the order of their ids."""
    return list(rows.filter(pk__in=list(ids)[: MOST_ROWS + 1]).order_by("pk")[:MOST_ROWS])


def rehearse(
    action: BulkAction, rows: Iterable[Any], values: Values, *, by: Any, now: datetime
) -> list[Line]:
    """What the action would do to each row: it is carried out with all its rules, and taken back."""
    lines = []
    for row in rows:
        line = Line(row, before=action.shown(row))
        try:
            with transaction.atomic():
                line.after = _one(action, row, values, by, now)
                raise _Rehearsed
        except _Rehearsed:
            row.refresh_from_db()
        except DomainError as refusal:
            line.refusal = _sentence(refusal)
        lines.append(line)
    return lines


def carry_out(
    action: BulkAction,
    rows: Iterable[Any],
    values: Values,
    *,
    by: Any,
    now: datetime,
    list_code: str,
    versions: Mapping[int, int] | None = None,
) -> tuple[BulkRun, list[Line]]:
    """Do it row by row, each in its own transaction; a refused or meanwhile changed row does not stop the others."""
    lines, kept = [], []
    for row in rows:
        line, before = Line(row, before=action.shown(row)), action.keep(row) if action.keep else None
        try:
            if versions is not None and versions.get(row.pk) not in (None, getattr(row, "version", None)):
                raise StaleVersion()
            with transaction.atomic():
                line.after = _one(action, row, values, by, now)
            kept.append([row.pk, before])
        except DomainError as refusal:
            line.refusal = _sentence(refusal)
        lines.append(line)
    run = BulkRun.objects.create(
        owner=by, list_code=list_code, action=action.code, at=now, done=kept, refused=len(lines) - len(kept)
    )
    return run, lines


def _one(action: BulkAction, row: Any, values: Values, by: Any, now: datetime) -> str:
    require(by, action.permission, row)
    action.run(by=by, now=now, row=row, values=values)
    row.refresh_from_db()
    return action.shown(row)


def _sentence(refusal: DomainError) -> str:
    told = [str(sentence) for sentences in refusal.errors.values() for sentence in sentences]
    return " ".join(told) or str(refusal.message)


def take_back(run: BulkRun, action: BulkAction, rows: models.QuerySet[Any], *, by: Any, now: datetime) -> int:
    """Undo a run of one's own: each row gets back what it had; rows that refuse stay as they are. Returns how many.

    Refuses a run of somebody else (404), one undone before, and an action that cannot be undone.
    """
    if run.owner_id != by.pk:
        raise NotFound()
    if action.undo is None:
        raise RuleBroken(_("This step cannot be undone as a whole."))
    if run.undone_at is not None:
        raise RuleBroken(_("This was undone already."))
    before = dict(run.done)
    back = 0
    for row in rows.filter(pk__in=before):
        try:
            with transaction.atomic():
                require(by, action.permission, row)
                action.undo(by=by, now=now, row=row, kept=before[row.pk])
            back += 1
        except DomainError:
            continue
    run.undone_at = now
    run.save(update_fields=["undone_at"])
    return back
