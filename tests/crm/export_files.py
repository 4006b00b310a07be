"""Exports for tests as people make them: asked for, written by the worker, opened with their password."""

import io
from typing import Any

import msoffcrypto
import pyzipper

from core.clock import db_now
from core.outbox import deliver_due
from crm.exports.asking import request_export
from crm.exports.fetching import download, reveal_password
from crm.exports.work import KIND
from crm.models import Export


def asked(by: Any, **words: Any) -> Export:
    """A wish for all one may take."""
    words = {"query": "", "file_format": "csv", "reason": "年度核对", **words}
    return request_export(by=by, now=db_now(), **words)


def written(by: Any, **words: Any) -> Export:
    """A list asked for and written."""
    export = asked(by, **words)
    deliver_due(KIND)
    export.refresh_from_db()
    return export


def fetched(export: Export, by: Any) -> bytes:
    """The bytes that leave, still locked."""
    return b"".join(download(export, by=by, now=db_now()))


def opened(content: bytes, password: str) -> bytes:
    """The table inside a locked file."""
    if content.startswith(b"PK"):
        with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
            return archive.read(archive.namelist()[0], pwd=password.encode())
    plain = io.BytesIO()
    office = msoffcrypto.OfficeFile(io.BytesIO(content))
    office.load_key(password=password, verify_password=True)
    office.decrypt(plain)
    return plain.getvalue()


def taken(export: Export, by: Any) -> bytes:
    """The table of a written list as its owner opens it."""
    export.refresh_from_db()
    password = reveal_password(export, by=by, now=db_now())
    return opened(fetched(export, by), password)
