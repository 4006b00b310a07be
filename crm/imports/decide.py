"""Deciding about rows that wait for a person because we have their customer, or one very like it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import NotFound, RuleBroken, WrongState
from core.rules import require
from crm.imports.choices import Decision, ImportState, RowOutcome
from crm.imports.kinds import chunk_of
from crm.models import ImportBatch, ImportRow

AT_ONCE = 1000


def decide_rows(
    *, by: Any, now: datetime, batch: ImportBatch, decision: str, numbers: Collection[int] = ()
) -> dict[str, int]:
    """Carry out one decision for waiting rows of a finished import: the lines named, or the next thousand.

    Returns how many rows came to which outcome. Refuses rows that no longer wait and an import that is not done. A row
    whose customer is exactly one we have cannot be created anew and goes on waiting.
    """
    if decision not in Decision.values:
        raise RuleBroken(errors={"decision": [_("Choose what shall become of the rows.")]})
    with transaction.atomic():
        locked = (
            ImportBatch.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=batch.pk).first()
        )
        if locked is None:
            raise NotFound()
        require(by, "crm.decide_importbatch", locked)
        if locked.state != ImportState.DONE:
            raise WrongState(_("Only rows of a finished import wait for a decision."))
        lines = _lines(locked, numbers)
        tally = chunk_of(locked, now=now, decision=decision).work(lines, write=True)
        ImportRow.objects.filter(pk__in=[line.pk for line in lines]).exclude(
            outcome=RowOutcome.WAITING
        ).update(decision=decision, decided_by=by, decided_at=now)
        waiting = tally.pop("waiting_rows")
        ImportBatch.objects.filter(pk=locked.pk).update(
            waiting_rows=F("waiting_rows") - len(lines) + waiting,
            **{name: F(name) + count for name, count in tally.items()},
        )
        data = {"decision": decision, "rows": len(lines), "left": waiting}
        audit.record("crm.decide_importbatch", locked, by=by, now=now, data=data)
    return {**tally, "waiting_rows": waiting}


def _lines(batch: ImportBatch, numbers: Collection[int]) -> list[ImportRow]:
    waiting = ImportRow.objects.filter(batch=batch, outcome=RowOutcome.WAITING).order_by("number")
    if not numbers:
        lines = list(waiting[:AT_ONCE])
    elif len(numbers) > AT_ONCE:
        raise RuleBroken(_("Decide about at most a thousand rows at a time."))
    else:
        lines = list(waiting.filter(number__in=numbers))
        if len(lines) < len(set(numbers)):
            raise WrongState(_("Some of these rows do not wait any more. Look again."))
    if not lines:
        raise WrongState(_("No row waits for a decision."))
    return lines
