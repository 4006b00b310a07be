"""Taking a customer file in: upload, the steps of the worker, approval and notices. What one row means is in imports.work."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import OrgUnit
from core import audit
from core.calendars import work_calendar
from core.clock import db_now
from core.copying import copy_values
from core.crypto import seal
from core.errors import NotAllowed, RuleBroken
from core.files import FileTooLarge, safe_name
from core.notify import notify
from core.numbering import next_code
from core.outbox import deliver_due, enqueue
from core.spreadsheets import read_table
from core.tasks_list import open_task
from core.workdays import end_of_nth_working_day
from crm.choices import CustomerKind
from crm.imports.choices import WORKING, ImportKind, ImportState
from crm.imports.files import PASSED_OVER
from crm.imports.guess import first_mapping
from crm.imports.kinds import chunk_of
from crm.models import ImportBatch, ImportRow
from crm.models.imports import MAX_ROWS, MAX_ROWS_TO_SUBMIT
from crm.operations import managers_of

KIND = "import"
CHUNK_ROWS = 1000
GUESSED_FROM = 200  # lines whose values help to guess what a column holds
MAX_FILE_BYTES = 30 * 1024 * 1024
ONE_IMPORT_AT_A_TIME = 0x494D50  # advisory lock: two imports never judge the same new name at once
APPROVE_TASK = "crm.approve_import"


def take_upload(
    *,
    by: Any,
    now: datetime,
    file_name: str,
    content: bytes,
    branch: OrgUnit | None = None,
    kind: str = ImportKind.CUSTOMERS,
) -> ImportBatch:
    """Keep a file's lines and guess what its columns are.

    Refuses what is not a table (415), more than 30 MB (413) or 100,000 rows, and more than 500 rows from somebody
    whose import a manager must approve.
    """
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge(_("This file is larger than 30 MB."))
    branch = branch or by.branch
    if branch is None:
        raise NotAllowed(_("You belong to no branch; ask the CRM office to import this file."))
    table = read_table(content, file_name=file_name, max_rows=MAX_ROWS + 1)
    lines = [(number, cells) for number, cells in table.rows if _is_data(cells)]
    _check_size(by, len(lines))
    mapping = first_mapping(table.headers, kind, [cells for _number, cells in lines[:GUESSED_FROM]])
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            code=next_code("DR", branch_code=branch.code, now=now),
            owner=by,
            branch=branch,
            kind=kind,
            file_name=safe_name(file_name),
            file_size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            format=table.format,
            encoding=table.encoding,
            delimiter=table.delimiter,
            sheet=table.sheet[:60],
            headers=[header.strip()[:100] for header in table.headers],
            mapping=mapping,
            constants=_guess_constants(mapping, kind),
            total=len(lines),
        )
        _keep_lines(batch, lines)
        audit.record(
            "crm.add_importbatch", batch, by=by, now=now, data={"rows": len(lines), "bytes": len(content)}
        )
    return batch


def _is_data(cells: list[str]) -> bool:
    """Hints of the template and the line that says who took a list out are none of the customers."""
    first = next((cell.strip() for cell in cells if cell.strip()), PASSED_OVER)
    return not first.startswith(PASSED_OVER)


def _check_size(by: Any, rows: int) -> None:
    if rows == 0:
        raise RuleBroken(_("The file holds no row below its headers."), code="empty_file")
    if rows > MAX_ROWS:
        raise RuleBroken(_("The file holds more than 100,000 rows; split it."), code="too_many_rows")
    if rows > MAX_ROWS_TO_SUBMIT and not by.has_perm("crm.start_importbatch"):
        raise RuleBroken(
            _("You may import up to 500 rows. Ask your branch manager to import this file."),
            code="too_many_rows",
        )


def _guess_constants(mapping: Mapping[str, int], kind: str) -> dict[str, str]:
    """A customer list without a column for the kind most likely holds end users."""
    if kind != ImportKind.CUSTOMERS or "kind" in mapping:
        return {}
    return {"kind": CustomerKind.END_USER}


def _keep_lines(batch: ImportBatch, lines: Iterable[tuple[int, list[str]]]) -> None:
    for some in batched(lines, 5000):
        copy_values(
            ImportRow,
            len(some),
            batch_id=batch.pk,
            number=[number for number, _cells in some],
            sealed=[seal(json.dumps(cells, ensure_ascii=False)) for _number, cells in some],
        )


def same_file_before(batch: ImportBatch) -> ImportBatch | None:
    """An earlier import of exactly this file by the same branch, to warn before the work is done twice."""
    return (
        ImportBatch.objects.filter(sha256=batch.sha256, branch=batch.branch, state=ImportState.DONE)
        .exclude(pk=batch.pk)
        .order_by("-pk")
        .first()
    )


# --- the worker's part ----------------------------------------------------------------------------------------------


def begin(batch: ImportBatch, *, now: datetime) -> None:
    """Let the worker look at every row from the first on; called in the transition to checking or running."""
    batch.reached = batch.done = batch.created_rows = batch.updated_rows = 0
    batch.waiting_rows = batch.skipped_rows = batch.rejected_rows = batch.pooled_rows = 0
    _order_chunk(batch, run=batch.version + 1, done=0, now=now)


def carry_on(batch: ImportBatch, *, now: datetime) -> None:
    """Let the worker go on with the rows it has not finished."""
    _order_chunk(batch, run=batch.version + 1, done=batch.done, now=now)


def _order_chunk(batch: ImportBatch, *, run: int, done: int, now: datetime) -> None:
    enqueue(KIND, f"import:{batch.pk}:{run}:{done}", {"batch": batch.pk, "run": run}, due_at=now)


def work_chunk(payload: Mapping[str, Any], *, rows: int = CHUNK_ROWS) -> int:
    """Finish the next rows of a batch in one transaction and order the next chunk in the same; returns how many.

    Rows are taken in line order from where the batch has got to, under its lock, and the new place is kept by the same
    commit: killed at any point, run twice or late, every row is done once. A batch that has left the worker's states, or begun anew, is left alone.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=payload["batch"]).first()
        if batch is None or not batch.is_working or batch.version != payload["run"]:
            return 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        now = db_now()
        lines = list(batch.rows.filter(number__gt=batch.reached).order_by("number")[:rows])
        tally = chunk_of(batch, now=now).work(lines, write=batch.state == ImportState.RUNNING)
        batch.done += len(lines)
        batch.reached = lines[-1].number if lines else batch.reached
        ImportBatch.objects.filter(pk=batch.pk).update(
            done=batch.done, reached=batch.reached, **{name: F(name) + count for name, count in tally.items()}
        )
        if len(lines) == rows:
            _order_chunk(batch, run=batch.version, done=batch.done, now=now)
        elif batch.state == ImportState.CHECKING:
            batch.finish_check(by=None, now=now)
        else:
            batch.finish(by=None, now=now)
    return len(lines)


def wait_for(batch: ImportBatch, *, patience: int = 600) -> ImportBatch:
    """Do the worker's part here until the batch has left the worker's states; for commands and scripts.

    A running worker may take chunks at the same time. Raises TimeoutError after `patience` idle rounds.
    """
    for _round in range(patience):
        batch.refresh_from_db()
        if batch.state not in WORKING:
            return batch
        if not deliver_due(KIND):
            _pause()
    raise TimeoutError(f"import {batch.code} does not move on")


def _pause() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.2)")


# --- people ---------------------------------------------------------------------------------------------------------


def ask_approval(batch: ImportBatch, *, now: datetime) -> None:
    """Put a submitted import on the branch manager's list; due within a working day."""
    due_at = end_of_nth_working_day(now, 1, work_calendar(batch.branch.calendar_code))
    for manager in managers_of(batch.branch, now):
        if manager.pk != batch.owner_id:
            open_task(APPROVE_TASK, batch, manager, due_at=due_at)


def tell_finished(batch: ImportBatch, *, now: datetime) -> None:
    """One notice for the whole batch to whoever looks after the pool it filled, one to the importer if that is another."""
    told: set[int] = set()
    if batch.pooled_rows:
        pools = (
            batch.customers.exclude(pool_status="").order_by().values_list("branch_id", flat=True).distinct()
        )
        for unit in OrgUnit.objects.filter(pk__in=pools):
            managers = managers_of(unit, now)
            told |= {manager.pk for manager in managers}
            _tell(batch, managers, "crm.import_pooled", f"pool:{unit.pk}", now)
    if batch.owner_id not in told:
        _tell(batch, [batch.owner], "crm.import_finished", "done", now)


def _tell(batch: ImportBatch, people: Iterable[Any], code: str, key: str, now: datetime) -> None:
    data = {**batch.counts(), "accepted": batch.accepted_rows}
    notify(people, code, batch, now=now, data=data, dedupe_key=f"import:{batch.pk}:{key}")
