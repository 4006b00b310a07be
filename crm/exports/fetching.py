"""Fetching a written export: its password once, its bytes for a day, each time with the rights of that moment, both logged."""

from array import array
from collections.abc import Iterator
from datetime import datetime
from itertools import batched
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.clock import db_now
from core.crypto import unseal
from core.errors import NotAllowed, WrongState
from core.rules import require
from core.tasks_list import close_tasks
from crm.exports.files import ids_of, path_of
from crm.exports.people import FETCH_EXPORT_TASK
from crm.exports.tables import rows_for, table_of
from crm.imports.choices import FileFormat
from crm.models import Export

PART = 1 << 16
ASKED_AT_ONCE = 20_000
ENDINGS = {FileFormat.XLSX: "xlsx", FileFormat.CSV: "zip"}


def reveal_password(export: Export, *, by: Any, now: datetime) -> str:
    """The password of the file, once; afterwards nobody can read it again, only ask for the list anew.

    Refuses anybody but the person who asked, a file that is not offered, and a second reading.
    """
    require(by, "crm.reveal_export", export)
    with transaction.atomic():
        locked = _lock(export)
        _check_open(locked, by, now)
        if not locked.sealed_password:
            raise WrongState(_("The password was shown once already. If it is lost, ask for the list anew."))
        password = unseal(locked.sealed_password)
        Export.objects.filter(pk=locked.pk).update(sealed_password="", revealed_at=now)
        audit.record("crm.reveal_export", locked, by=by, now=now)
    return password


def _lock(export: Export) -> Export:
    return Export.objects.select_for_update().get(pk=export.pk)


def download(export: Export, *, by: Any, now: datetime) -> Iterator[bytes]:
    """The bytes of a written export in pieces; logged when the last one is out or the reader stops.

    Refuses anybody but the person who asked, a link older than a day, and a file with rows that are theirs no longer.
    """
    require(by, "crm.download_export", export)
    _check_open(export, by, now)
    try:
        ids = array("q", ids_of(path_of(export.stored_name)).read_bytes())
        file = path_of(export.stored_name).open("rb")
    except FileNotFoundError:
        raise WrongState(_("The file is no longer there. Ask for the list anew.")) from None
    try:
        _check_rows(export, by, ids.tolist())
    except BaseException:
        file.close()
        raise
    return _stream(export, by, file)


def _check_open(export: Export, by: Any, now: datetime) -> None:
    if export.owner_id != by.pk:
        raise NotAllowed(_("Only the person who asked for this export may download it."))
    if not export.is_open_at(now):
        raise WrongState(_("This export is not ready, or its day is over. Ask for a new one."))


def _check_rows(export: Export, by: Any, ids: list[int]) -> None:
    """Ask again for every row of the file: who lost sight of one since then gets none of them."""
    table = table_of(export.resource)
    allowed = rows_for(table, "", by, unmasked=export.unmasked).order_by()
    alive = table.model._default_manager.visible_to(None)  # type: ignore[attr-defined]
    for some in batched(ids, ASKED_AT_ONCE):
        mine = allowed.filter(pk__in=some).values("pk")
        if alive.filter(pk__in=some).exclude(pk__in=mine).exists():
            raise NotAllowed(_("Some rows of this file are no longer yours. Ask for the list anew."))


def _stream(export: Export, by: Any, file: BinaryIO) -> Iterator[bytes]:
    complete = False
    try:
        with file:
            while part := file.read(PART):
                yield part
        complete = True
    finally:
        end = db_now()
        with transaction.atomic():
            Export.objects.filter(pk=export.pk).update(downloaded_at=end)
            close_tasks(export, now=end, kind=FETCH_EXPORT_TASK)
            audit.record(
                "crm.download_export",
                export,
                by=by,
                now=end,
                reason=export.reason,
                data={
                    "rows": export.file_rows,
                    "sha256": export.sha256,
                    "complete": complete,
                    "resource": export.resource,
                    "unmasked": export.unmasked,
                },
            )
