"""A large import whose worker is killed three times in the middle: accepted + rejected + skipped = rows, each once."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.models import Count

from accounts.models import OrgUnit
from benchmarks.imports import HEADERS, lines
from config.local_servers import ROOT
from core.models import AuditEntry, OutboxMessage
from crm.imports.intake import KIND
from crm.models import Contact, Customer, ImportBatch
from tests.crm.import_files import checked, csv_file, imported
from tests.personas import JOINED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
ROWS, KNOWN = 10_000, 200
KILLED_AFTER = (2_000, 4_000, 7_000)  # rows done when the worker is killed, within the chunk that follows
SECONDS = 120


@contextmanager
def worker() -> Iterator[subprocess.Popen[str]]:
    """A worker's process on the test's own database."""
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    env = os.environ | {"DATABASE_URL": url, "MIGRATION_DATABASE_URL": url}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.import_worker"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(batch: ImportBatch, *, done: int = 0, state: str = "") -> ImportBatch:
    """The batch once so many rows are done, or it stands in that state."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        batch.refresh_from_db()
        if batch.state == state or (done and batch.done >= done):
            return batch
        time.sleep(0.01)
    raise AssertionError(f"{batch.done} rows done, {batch.state}, not within {SECONDS} s")


def everyone_else_is_gone() -> bool:
    """Whether the killed worker's session has ended with it, what it had not committed undone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0] == 0


def test_an_import_whose_worker_is_killed_three_times_does_every_row_once(personas):
    branch = OrgUnit.objects.get(code="01")
    file = list(lines(ROWS, broken=0.05))
    imported(personas.co, csv_file(*file[:KNOWN], headers=HEADERS), branch=branch)
    before, people = Customer.objects.count(), Contact.objects.count()
    dice = random.Random(5)

    batch = checked(personas.co, csv_file(*file, headers=HEADERS), branch=branch)
    expected = batch.counts()
    batch = batch.start(by=personas.co)
    for rows in KILLED_AFTER:
        with worker() as process:
            wait_until(batch, done=rows)
            time.sleep(dice.uniform(0, 0.3))
            process.kill()
            process.wait()
        while not everyone_else_is_gone():
            time.sleep(0.01)
        batch.refresh_from_db()
        assert batch.state == "running"
        assert rows <= batch.done < ROWS, "killed in the middle"
        assert Customer.objects.filter(import_batch=batch).count() == batch.created_rows
        assert batch.rows.exclude(customer=None).filter(number__gt=batch.reached).count() == 0
        # Half a minute later its lease has ended.
        OutboxMessage.objects.filter(kind=KIND, state="running").update(lease_until=JOINED)
    with worker():
        batch = wait_until(batch, state="done")

    assert batch.total == batch.done == ROWS
    assert batch.accepted_rows + batch.skipped_rows + batch.rejected_rows == ROWS
    assert batch.counts() == expected, "what the check foretold"
    assert batch.skipped_rows >= KNOWN * 0.9
    assert batch.rejected_rows > ROWS * 0.04
    made = Customer.objects.filter(import_batch=batch)
    assert made.count() == batch.created_rows == Customer.objects.count() - before
    assert not made.values("name").annotate(times=Count("pk")).filter(times__gt=1).exists()
    assert Contact.objects.count() - people == batch.created_rows, "one person a line"
    told = AuditEntry.objects.filter(code="crm.import_customer", data__batch=batch.pk)
    assert told.count() == told.values("object_id").distinct().count() == batch.created_rows
    assert batch.rows.count() == ROWS
    assert not batch.rows.filter(outcome="pending").exists()
