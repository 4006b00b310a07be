"""The files of exports while they may be fetched: where they lie, and how they end."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from crm.exports.choices import ExportState, StopCode
from crm.models import Export

IDS = ".ids"


def path_of(stored_name: str) -> Path:
    """Where a file taken out lies while it may be fetched."""
    return Path(settings.EXPORT_DIR) / Path(stored_name).name


def ids_of(path: Path) -> Path:
    """Beside the file: the ids of its rows, to ask again at each download whether they may leave."""
    return path.with_suffix(IDS)


def discard(stored_name: str) -> None:
    """Delete a file once the present transaction has ended well; harmless when it is gone."""
    if stored_name:
        transaction.on_commit(lambda: unlink(path_of(stored_name)))


def unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
    ids_of(path).unlink(missing_ok=True)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def withdraw_files(now: datetime) -> None:
    """Offer none of the files there are any longer, and write none begun before: a person in them was erased."""
    for export in Export.objects.filter(state=ExportState.READY):
        export.expire(by=None, now=now)
    for export in Export.objects.filter(state=ExportState.WRITING):
        export.fail(by=None, now=now, why=StopCode.FAULT)
