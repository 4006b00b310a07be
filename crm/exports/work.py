"""The worker's part of an export: the rows with the rights of that moment, written once, locked with a password, counted, hashed."""

import secrets
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.clock import db_now
from core.crypto import seal
from core.errors import NotAllowed, RuleBroken, StaleVersion, WrongState
from core.locked_files import lock_workbook, lock_zip, new_password
from core.models import OutboxMessage
from core.outbox import deliver_due, enqueue, renew
from core.spreadsheets import csv_chunks
from core.xlsx import write_xlsx
from crm.exports.choices import ExportState, StopCode
from crm.exports.files import digest, ids_of, path_of, unlink
from crm.exports.tables import rows_for, table_of
from crm.imports.choices import FileFormat
from crm.imports.files import PASSED_OVER
from crm.models import Export

KIND = "export"
BEAT = 2  # seconds between two signs of life of a long file; the lease lasts thirty
GROWTH, GROWTH_ROWS = 1.1, 20
"""So many more rows than were approved may have come meanwhile; beyond, somebody must judge the wish anew."""


class Stopped(Exception):
    """The list may not be written; carries the reason told to whoever asked."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def order(export: Export, *, run: int, now: datetime) -> None:
    """Let the worker write the file; `run` is the version the export will have then."""
    enqueue(KIND, f"export:{export.pk}:{run}", {"export": export.pk, "run": run}, due_at=now)


def write_export(payload: Mapping[str, Any], message: OutboxMessage | None = None) -> None:
    """Write one ordered file. Run twice, late or after a kill, only one file is offered and no other stays behind."""
    waiting = Export.objects.select_related("owner").filter(state=ExportState.WRITING)
    export = waiting.filter(pk=payload["export"], version=payload["run"]).first()
    if export is None:
        return
    path = path_of(secrets.token_hex(16))
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with translation.override(export.owner.language):
            made = _Writing(export, path, message).run()
        export.finish(by=None, now=db_now(), version=export.version, **made)
    except Stopped as stopped:
        unlink(path)
        export.fail(by=None, now=db_now(), version=export.version, why=stopped.why)
    except (WrongState, StaleVersion):  # another worker, or a person, was faster
        unlink(path)
    except BaseException:
        unlink(path)
        raise


@dataclass
class _Writing:
    """One file in the making."""

    export: Export
    path: Path
    message: OutboxMessage | None

    def __post_init__(self) -> None:
        self.ids = array("q")
        self.last_beat = time.monotonic()

    def run(self) -> dict[str, Any]:
        """Write, lock and measure the file; returns what the export keeps of it."""
        password = new_password()
        table = table_of(self.export.resource)
        columns = table.chosen(self.export.columns)
        lines = self._lines(table.lines(self._rows(), columns))
        headers = [column.header for column in columns]
        with self.path.open("wb") as target:
            if self.export.format == FileFormat.XLSX:
                with TemporaryFile() as plain:
                    write_xlsx(plain, headers, lines)
                    lock_workbook(plain, target, password)
            else:
                lock_zip(csv_chunks(headers, lines), target, password, name=f"{self.export.code}.csv")
        ids_of(self.path).write_bytes(self.ids.tobytes())
        return {
            "stored_name": self.path.name,
            "file_rows": len(self.ids),
            "file_size": self.path.stat().st_size,
            "sha256": digest(self.path),
            "sealed_password": seal(password),
        }

    def _rows(self) -> Any:
        """The rows as the owner may take them now; fewer rights than when asking stop the work."""
        owner = self.export.owner
        if not owner.is_active:
            raise Stopped(StopCode.RIGHTS)
        try:
            return rows_for(
                table_of(self.export.resource), self.export.query, owner, unmasked=self.export.unmasked
            )
        except (NotAllowed, RuleBroken) as refusal:
            raise Stopped(StopCode.RIGHTS) from refusal

    def _lines(self, found: Iterator[tuple[int, list[Any]]]) -> Iterator[list[Any]]:
        most = self.export.rows * GROWTH + GROWTH_ROWS
        for pk, line in found:
            self.ids.append(pk)
            if len(self.ids) > most:
                raise Stopped(StopCode.GROWN)
            self._beat()
            yield line
        yield [watermark(self.export, db_now())]

    def _beat(self) -> None:
        """Keep the lease of a long file and show how far it is; a worker that lost the lease writes for nobody."""
        if time.monotonic() - self.last_beat < BEAT:
            return
        self.last_beat = time.monotonic()
        if self.message is not None and not renew(self.message):
            raise RuntimeError("another worker has taken this export over")
        Export.objects.filter(pk=self.export.pk).update(file_rows=len(self.ids))


def watermark(export: Export, now: datetime) -> str:
    """The last line of every file: who took it out, when, under which number."""
    return _("%(mark)s Taken out by %(name)s (%(user)s) on %(at)s, %(code)s. Internal use only.") % {
        "mark": PASSED_OVER,
        "name": export.owner.name,
        "user": export.owner.username,
        "at": f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
        "code": export.code,
    }


def wait_for(export: Export, *, patience: int = 600, pause: Callable[[float], None] = time.sleep) -> Export:
    """Do the worker's part here until the file is written or stopped; for commands and scripts."""
    for _round in range(patience):
        export.refresh_from_db()
        if export.state != ExportState.WRITING:
            return export
        if not deliver_due(KIND):
            pause(0.2)
    raise TimeoutError(f"export {export.code} is not written")
