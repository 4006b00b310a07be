"""Voice recordings do not stay for ever: after the days the company set their bytes go, unless a row must keep them.

Each app says in its `file_kinds.py` which of its rows keep theirs: a legal hold, an open complaint.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from core import audit
from core.erasure_files import FoundFiles, drop_files
from core.kinds import model_for
from core.models import Attachment, StoredFile
from core.params import param

RECORDING = "recording"
IS_RECORDING = Q(file__content_type__startswith="audio/") | Q(kind=RECORDING)
PART = 200

Keeper = Callable[[Collection[int], datetime], set[int]]
_keepers: dict[str, Keeper] = {}


def keep_recordings(object_kind: str, keeper: Keeper) -> None:
    """Register `keeper(ids, now)`: those of the rows whose recordings stay."""
    _keepers[object_kind] = keeper


def remove_old_recordings(now: datetime) -> int:
    """Remove the recordings whose days are over, each in a transaction of its own; returns how many files went.

    A file shown on several rows goes when the last of them lets it. Killed in between, the next run goes on.
    """
    before = now - timedelta(days=int(param("core.recording_kept_days", at=now)))
    return sum(_remove(pk, before, now) for part in _old(before) for pk in part - _kept(part, before, now))


def _old(before: datetime) -> Iterator[set[int]]:
    """The files of recordings shown since before, part by part, in the order of their ids."""
    rows = Attachment.objects.filter(IS_RECORDING, file__removed_at__isnull=True, attached_at__lt=before)
    last = 0
    while True:
        ids = rows.filter(file__gt=last).order_by("file").values_list("file", flat=True).distinct()[:PART]
        part = set(ids)
        if not part:
            return
        yield part
        last = max(part)


def _kept(files: Collection[int], before: datetime, now: datetime) -> set[int]:
    """Those of the files that a row must keep, or on which they were shown later."""
    shown = list(
        Attachment.objects.filter(file__in=files).values_list(
            "file", "object_kind", "object_id", "attached_at"
        )
    )
    kept = {file for file, _kind, _row, at in shown if at >= before}
    for kind, keeper in _keepers.items():
        rows = {row for _file, one, row, _at in shown if one == kind}
        held = keeper(rows, now) if rows else set()
        kept |= {file for file, one, row, _at in shown if one == kind and row in held}
    return kept


def _remove(pk: int, before: datetime, now: datetime) -> int:
    with transaction.atomic():
        file = StoredFile.objects.select_for_update().filter(pk=pk, removed_at__isnull=True).first()
        if file is None or _kept({pk}, before, now):
            return 0
        for shown in Attachment.objects.filter(file=file):
            row = model_for(shown.object_kind)._base_manager.filter(pk=shown.object_id).first()
            if row is not None:
                data = {"attachment": shown.pk, "attached_at": shown.attached_at.isoformat()}
                audit.record("core.remove_recording", row, by=None, now=now, data=data)
        drop_files(FoundFiles(files=[pk]), now=now)
    return 1
