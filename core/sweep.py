"""The registry of scans: what must be looked for again and again, whatever happens to broker and workers.

An upper app learns of changes below it by a scan; clocks ring by a scan; a crash heals by the next one.
Celery beat and `manage.py sweep` run the same list.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction

from core.clock import db_now
from core.kinds import kind_of
from core.models import SweepFailure, SweepState

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class Scan:
    """One registered scan: run every `every` seconds on the worker queue `queue`."""

    code: str
    every: int
    queue: str
    run: Callable[[datetime], int]


_scans: dict[str, Scan] = {}


def sweep(
    code: str, *, every: int = 60, queue: str = "default"
) -> Callable[[Callable[[datetime], int]], Callable[[datetime], int]]:
    """Register a scan `(now) -> rows handled`; running it twice, late or after a kill must change nothing more."""

    def register(run: Callable[[datetime], int]) -> Callable[[datetime], int]:
        _scans[code] = Scan(code, every, queue, run)
        return run

    return register


def scans() -> list[Scan]:
    """All registered scans in order of registration."""
    return list(_scans.values())


def run_scan(code: str, *, now: datetime | None = None, force: bool = False) -> int | None:
    """Run one scan if it is due and nobody else is running it; returns rows handled, None when skipped."""
    scan = _scans[code]
    SweepState.objects.get_or_create(code=code)
    with transaction.atomic():
        slot = SweepState.objects.select_for_update(skip_locked=True).filter(code=code).first()
        if slot is None:
            return None
        moment = now or db_now()
        if not force and slot.started_at and moment - slot.started_at < timedelta(seconds=scan.every):
            return None
        slot.started_at = moment
        slot.save(update_fields=["started_at"])
    rows, error = 0, ""
    try:
        rows = scan.run(moment)
    except Exception as failure:
        logger.exception("sweep %s failed", code)
        error = f"{type(failure).__name__}: {failure}"[:500]
    SweepState.objects.filter(code=code).update(finished_at=db_now(), rows=rows, last_error=error)
    return rows


def run_all(*, now: datetime | None = None, force: bool = False) -> dict[str, int | None]:
    """Run every due scan once, one after the other."""
    return {code: run_scan(code, now=now, force=force) for code in _scans}


def for_each_due[Row: models.Model](
    code: str, due: models.QuerySet[Row], handle: Callable[[Row], object], *, limit: int = 200
) -> int:
    """Handle due rows one by one, each locked, re-checked and committed on its own.

    `due` must select only rows that still need handling, so that the same query under the lock is the
    re-check. Rows another sweeper holds are skipped. A row that fails five times is quarantined in
    `SweepFailure` and left out; the others go on.
    """
    kind = kind_of(due.model)
    given_up = SweepFailure.objects.filter(code=code, object_kind=kind, attempts__gte=MAX_ATTEMPTS)
    rows = due.exclude(pk__in=given_up.values("object_id"))
    handled = 0
    for pk in list(rows.values_list("pk", flat=True)[:limit]):
        try:
            with transaction.atomic():
                row = due.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
                if row is None:
                    continue
                handle(row)
                handled += 1
        except Exception as error:
            logger.exception("sweep %s: %s %s", code, kind, pk)
            _note_failure(code, kind, pk, f"{type(error).__name__}: {error}"[:500])
    return handled


def _note_failure(code: str, kind: str, pk: int, error: str) -> None:
    failure, _ = SweepFailure.objects.get_or_create(code=code, object_kind=kind, object_id=pk)
    failure.attempts += 1
    failure.last_error = error
    failure.save()
