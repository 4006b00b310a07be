"""Stored files and kept letters that speak of a person: found by reading them, unlinked in the transaction, deleted after it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import outbox
from core.erasure import Person, around, linked_rows, our_models
from core.files import path_of
from core.kinds import kind_of
from core.mails import MAIL, begins_as_mail, mail_files, mail_texts
from core.models import Attachment, StoredFile

BYTES_KIND, LETTER_KIND = "core.delete_bytes", "core.delete_letter"
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_PICTURES: Final = ("image/", "audio/", "video/", "application/pdf")
_PART: Final = 20 * 1024 * 1024


@dataclass
class FoundFiles:
    """Files to remove, letters to remove, and files nobody but a person can judge (pictures, PDF, recordings)."""

    files: list[int] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    by_hand: list[int] = field(default_factory=list)


def find_files(
    person: Person, *, kept_on: Iterable[str] = (), beat: Callable[[], Any] = lambda: None
) -> FoundFiles:
    """Read every stored file and kept letter; changes nothing, so it runs before the transaction.

    Texts, e-mails, tables and Office documents are read. Of pictures, PDF and recordings those on a row that names the person are
    left for somebody to look at. Files shown on rows of the kinds `kept_on` stay (the law asks for them).
    """
    found = FoundFiles()
    kept = set(Attachment.objects.filter(object_kind__in=list(kept_on)).values_list("file_id", flat=True))
    near, linked = _files_around(person), _files_of_links(person)
    rows = StoredFile.objects.filter(removed_at__isnull=True).exclude(pk__in=kept)
    for row in rows.order_by("pk").iterator(chunk_size=100):
        beat()
        if row.content_type.startswith(_PICTURES):
            named = person.only_one or row.pk in near
            if person.traces.found_in(row.name, named=named) or row.pk in linked:
                found.by_hand.append(row.pk)
        elif _speaks(path_of(row.stored_name), person, named=person.only_one or row.pk in near):
            found.files.append(row.pk)
        elif row.content_type == MAIL and row.pk in linked:
            found.by_hand.append(row.pk)  # what hangs on it may be a picture
    found.letters = [
        path.name for path in _letters() if person.traces.found_in(letter_text(path), named=True)
    ]
    return found


def drop_files(found: FoundFiles, *, now: datetime) -> None:
    """Unlink the files in the transaction of the erasure; their bytes go after the commit, as often as it takes."""
    rows = StoredFile.objects.filter(pk__in=found.files)
    outbox.enqueue_many(
        BYTES_KIND,
        {f"bytes:{name}": {"stored_name": name} for name in rows.values_list("stored_name", flat=True)},
        due_at=now,
    )
    rows.update(name="", content_type="", size=0, sha256="", removed_at=now)
    outbox.enqueue_many(LETTER_KIND, {f"letter:{name}": {"name": name} for name in found.letters}, due_at=now)


def delete_bytes(stored_name: str) -> None:
    """Delete the bytes of a file whose row says removed; harmless when they are gone."""
    if StoredFile.objects.filter(stored_name=stored_name, removed_at__isnull=False).exists():
        path_of(stored_name).unlink(missing_ok=True)


def delete_letter(name: str) -> None:
    """Delete a kept letter; harmless when it is gone."""
    (Path(settings.MAIL_DIR) / Path(name).name).unlink(missing_ok=True)


def _files_around(person: Person) -> set[int]:
    """Files of the rows around the person: shown on them, or held by them in a column."""
    found: set[int] = set()
    for model in our_models():
        near = around(model, person)
        for one in model._meta.concrete_fields:
            if one.related_model is StoredFile and near is not None:
                held = model._base_manager.filter(near, **{f"{one.name}__isnull": False})
                found |= set(held.values_list(one.attname, flat=True))
    return found


def _files_of_links(person: Person) -> set[int]:
    shown = Q(pk__in=[])
    rows: list[models.Model] = [*person.rows, *(row for row, _owned in linked_rows(person))]
    for row in rows:
        shown |= Q(object_kind=kind_of(row), object_id=row.pk)
    return set(Attachment.objects.filter(shown).values_list("file_id", flat=True))


def _speaks(path: Path, person: Person, *, named: bool) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return any(person.traces.found_in(text, named=named) for text in readable(data))


def readable(data: bytes) -> Iterator[str]:
    """The texts of a file in the encodings people use; an Office document part by part, without its marks, an e-mail with
    what hangs on it.
    """
    if begins_as_mail(data):
        yield from mail_texts(data)
        for attached in mail_files(data):
            yield from readable(attached)
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                for info in archive.infolist():
                    if info.file_size <= _PART and info.filename.endswith((".xml", ".rels", ".txt", ".csv")):
                        yield _TAG.sub("", archive.read(info).decode("utf-8", "ignore"))
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return
        return
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield data.decode("utf-16", "ignore")
        return
    yield data.decode("utf-8", "ignore")
    yield data.decode("gb18030", "ignore")


def _letters() -> list[Path]:
    folder = Path(settings.MAIL_DIR)
    return sorted(folder.glob("*.eml")) if folder.exists() else []


def letter_text(path: Path) -> str:
    """The headers and readable parts of a kept letter, decoded; nothing for one that is gone."""
    try:
        return "\n".join(mail_texts(path.read_bytes()))
    except OSError:
        return ""
