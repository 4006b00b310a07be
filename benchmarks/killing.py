"""`./impeller bench --imports ROWS --kill TIMES`: an import whose worker dies in the middle, and whether every row is there once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.imports import IMPORTER, file_of, peak_mb

KNOWN, BROKEN = 200, 0.05
PATIENCE_S = 3_600
ONCE: dict[str, str] = {
    "lines kept": "SELECT count(*) FROM crm_importrow WHERE batch_id = %(batch)s",
    "lines looked at": "SELECT count(DISTINCT number) FROM crm_importrow WHERE batch_id = %(batch)s AND outcome <> 'pending'",
    "customers": "SELECT count(*) FROM crm_customer WHERE import_batch_id = %(batch)s",
    "their names": "SELECT count(DISTINCT name) FROM crm_customer WHERE import_batch_id = %(batch)s",
    "their facts": "SELECT count(*) FROM crm_customerfacts f JOIN crm_customer c ON c.id = f.customer_id"
    " WHERE c.import_batch_id = %(batch)s",
    "their people": "SELECT count(*) FROM crm_contact p JOIN crm_customer c ON c.id = p.customer_id"
    " WHERE c.import_batch_id = %(batch)s",
    "audit entries": "SELECT count(*) FROM core_auditentry"
    " WHERE code = 'crm.import_customer' AND (data->>'batch')::bigint = %(batch)s",
    "audited customers": "SELECT count(DISTINCT object_id) FROM core_auditentry"
    " WHERE code = 'crm.import_customer' AND (data->>'batch')::bigint = %(batch)s",
}
"""What is counted at the end: lines as many as the file has, everything else as many as were created."""


@contextmanager
def worker() -> Iterator[subprocess.Popen[str]]:
    """A worker of nothing but imports."""
    command = [sys.executable, "-m", "benchmarks.import_worker"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is not None:
            process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()


def follow(batch: Any, *, until: int) -> None:
    """Wait until so many rows are done, or the batch has left the worker."""
    deadline = time.monotonic() + PATIENCE_S
    while batch.is_working and batch.done < until:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{batch.done} rows done")
        time.sleep(0.05)
        batch.refresh_from_db()


def checked(path: Path, by: Any) -> Any:
    """The file, taken up and looked at."""
    from core.clock import db_now
    from crm.imports.intake import take_upload, wait_for

    batch = take_upload(by=by, now=db_now(), file_name=path.name, content=path.read_bytes())
    batch = batch.map_columns(by=by, mapping=batch.mapping, constants=batch.constants)
    return wait_for(batch.dry_run(by=by))


def counted(batch: int) -> dict[str, int]:
    """What the import has left, by the statements above."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for name, statement in ONCE.items():
            cursor.execute(statement, {"batch": batch})
            found[name] = cursor.fetchone()[0]
    return found


def report(folder: Path, rows: int, times: int) -> int:
    """Import with kills at random moments and say what is wrong afterwards; 1 if anything is."""
    from accounts.models import User
    from crm.imports.intake import wait_for

    by = User.objects.get(username=IMPORTER)
    known = wait_for(checked(file_of(folder, "known", KNOWN), by).start(by=by))
    began = time.perf_counter()
    batch = checked(file_of(folder, "many", rows, broken=BROKEN), by)
    foretold = batch.counts()
    print(f"{rows} rows read and checked in {time.perf_counter() - began:.0f} s: {foretold}", flush=True)
    batch = batch.start(by=by)
    began, peak, dice = time.perf_counter(), 0, random.Random(5)
    for turn in range(1, times + 1):
        with worker() as process:
            follow(batch, until=max(rows * turn // (times + 1), batch.done + 1))
            time.sleep(dice.uniform(0, 2))  # somewhere within the next chunks
            peak = max(peak, peak_mb(process.pid))
        batch.refresh_from_db()
        print(
            f"killed at {batch.done} rows, {time.perf_counter() - began:.0f} s; its lease ends within 30 s",
            flush=True,
        )
    with worker() as process:
        follow(batch, until=rows + 1)
        peak = max(peak, peak_mb(process.pid))
    wrong = faults(batch, rows, foretold, known.created_rows)
    print(
        f"done in {time.perf_counter() - began:.0f} s at load {os.getloadavg()[0]:.1f}, peak {peak} MB: {batch.counts()}"
    )
    print("\n".join(wrong) or "every row once")
    return 1 if wrong else 0


def faults(batch: Any, rows: int, foretold: dict[str, int], known: int) -> list[str]:
    """Sentences on what does not add up."""
    found = counted(batch.pk)
    wanted = {name: rows if name.startswith("lines") else batch.created_rows for name in found}
    wrong = [f"{name}: {found[name]}, not {wanted[name]}" for name in found if found[name] != wanted[name]]
    if batch.accepted_rows + batch.skipped_rows + batch.rejected_rows != rows:
        wrong.append(f"the outcomes do not add up to {rows}")
    if batch.counts() != foretold:
        wrong.append(f"the check foretold {foretold}")
    if batch.skipped_rows < known * 0.9 or batch.rejected_rows < rows * BROKEN * 0.8:
        wrong.append("the file held known and broken rows")
    return wrong
