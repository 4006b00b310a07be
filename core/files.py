"""Keeping files: bytes under a random name outside any public path, rows that say whose they are."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, RuleBroken, Sentence
from core.file_types import sniff, without_location
from core.kinds import kind_of, model_for
from core.models import Attachment, StoredFile

MAX_BYTES = 20 * 1024 * 1024
NAME_LENGTH = 120


class FileTooLarge(DomainError):
    """The file is larger than the product keeps."""

    status = 413
    code = "file_too_large"
    default_message = _("This file is larger than 20 MB.")


class FileTypeRefused(DomainError):
    """The bytes are not a picture, document, table, recording, e-mail or plain text."""

    status = 415
    code = "file_type_refused"
    default_message = _(
        "Only pictures, PDF, Office documents, recordings, e-mails and plain text can be kept."
    )


@dataclass(frozen=True)
class FileRules:
    """What files on rows of a kind may be, by code, and what a new one sets going."""

    kinds: Mapping[str, Sentence]
    attached: Callable[[Any, Any], None]


_rules: dict[str, FileRules] = {}


def register_files(
    object_kind: str, kinds: Mapping[str, Sentence], attached: Callable[[Any, Any], None]
) -> None:
    """Say what a file on such a row may be, and call `attached(subject, by)` in the transaction that adds one."""
    _rules[object_kind] = FileRules(kinds, attached)


def file_kinds(object_kind: str) -> Mapping[str, Sentence]:
    """What a file on such a row may be said to be; nothing where the app above does not care."""
    return _rules[object_kind].kinds if object_kind in _rules else {}


def store_upload(upload: UploadedFile, *, by: Any, strip_location: bool = False) -> StoredFile:
    """Write an upload to disk and return its row.

    The size is counted, not believed; the type is sniffed. `strip_location` removes place and camera data of
    public photos. The bytes are on disk before the row is committed; files whose row never came are removed
    by the orphan scan after a day. Raises FileTooLarge (413) and FileTypeRefused (415).
    """
    if upload.size is None or upload.size > MAX_BYTES:
        raise FileTooLarge()
    content_type = sniff(upload.file)  # type: ignore[arg-type]
    if content_type is None:
        raise FileTypeRefused()
    data = upload.read()
    if len(data) > MAX_BYTES:
        raise FileTooLarge()
    if strip_location:
        data = without_location(data)
    stored_name = f"{secrets.token_hex(2)}/{secrets.token_hex(16)}"
    path = path_of(stored_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    os.replace(part, path)
    return StoredFile.objects.create(
        name=safe_name(upload.name or ""),
        stored_name=stored_name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=by,
    )


def attach(file: StoredFile, subject: models.Model, *, kind: str, by: Any) -> Attachment:
    """Show a stored file on a row. Refuses a kind that such rows do not know."""
    object_kind = kind_of(subject)
    rules = _rules.get(object_kind)
    if rules is not None and kind and kind not in rules.kinds:
        raise RuleBroken(errors={"kind": [_("Choose what the file is.")]})
    with transaction.atomic():
        made = Attachment.objects.create(
            file=file, object_kind=object_kind, object_id=subject.pk, kind=kind, attached_by=by
        )
        if rules is not None:
            rules.attached(subject, by)
    return made


def store_and_attach(
    upload: UploadedFile, subject: models.Model, *, kind: str, by: Any, strip_location: bool = False
) -> Attachment:
    """Keep an upload and show it on a row, both or neither."""
    with transaction.atomic():
        return attach(store_upload(upload, by=by, strip_location=strip_location), subject, kind=kind, by=by)


def attachments_of(subject: models.Model) -> models.QuerySet[Attachment]:
    """The files shown on a row, newest first."""
    return (
        Attachment.objects.filter(object_kind=kind_of(subject), object_id=subject.pk)
        .select_related("file", "attached_by")
        .order_by("-pk")
    )


def attachments_showing(files: Iterable[int]) -> models.QuerySet[Attachment]:
    """Where these files are shown; whoever opens one needs to see its row."""
    return Attachment.objects.filter(file__in=list(files)).select_related("file").order_by("pk")


def visible_attachment(pk: int, user: Any) -> Attachment | None:
    """The attachment if its row is visible to the user now; there is no other way to a file."""
    attachment = Attachment.objects.select_related("file").filter(pk=pk).first()
    if attachment is None:
        return None
    rows = model_for(attachment.object_kind)._default_manager.visible_to(user)  # type: ignore[attr-defined]
    return attachment if rows.filter(pk=attachment.object_id).exists() else None


def path_of(stored_name: str) -> Path:
    """Where the bytes of a stored file lie."""
    return Path(settings.MEDIA_ROOT) / stored_name


def safe_name(name: str) -> str:
    """A file name fit to show and to send: no folders, no control or direction characters, at most 120 long."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        char
        for char in base
        if char.isprintable() and char not in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
    )
    kept = kept.strip(" .") or "file"
    if len(kept) > NAME_LENGTH:
        stem, dot, suffix = kept.rpartition(".")
        kept = f"{(stem or kept)[: NAME_LENGTH - 12]}{dot}{suffix[:10]}" if dot else kept[:NAME_LENGTH]
    return kept
