"""What a file is, decided from its bytes; names and declared types are never believed."""

import zipfile
from collections.abc import Callable
from typing import BinaryIO

from core.mails import HEADERS_END, MAIL, begins_as_mail, is_whole_mail

HEAD_BYTES = 4096
JPEG_APP1, JPEG_START_OF_SCAN = 0xE1, 0xDA

SIGNATURES: list[tuple[str, Callable[[bytes], bool]]] = [
    ("application/pdf", lambda head: head.startswith(b"%PDF-")),
    ("image/png", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", lambda head: head.startswith(b"\xff\xd8\xff")),
    ("image/webp", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    ("image/heic", lambda head: head[4:12] in (b"ftypheic", b"ftypmif1", b"ftypheix")),
    ("audio/mp4", lambda head: head[4:11] == b"ftypM4A"),
    ("video/mp4", lambda head: head[4:8] == b"ftyp"),
    ("audio/webm", lambda head: head.startswith(b"\x1aE\xdf\xa3")),
    ("audio/ogg", lambda head: head.startswith(b"OggS")),
    ("audio/mpeg", lambda head: head.startswith((b"ID3", b"\xff\xfb"))),
    ("application/msword", lambda head: head.startswith(b"\xd0\xcf\x11\xe0")),
]
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
BINARY = frozenset(range(32)) - frozenset(b"\t\n\r\f")
ACTIVE = (b"<html", b"<script", b"<svg", b"<!doctype", b"<?xml", b"<?php", b"<body", b"<iframe")


def sniff(stream: BinaryIO) -> str | None:
    """The content type of a stream, or None when it is nothing we keep (programs, pages, active pictures)."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    for content_type, matches in SIGNATURES:
        if matches(head):
            return content_type
    if head.startswith(b"PK\x03\x04"):
        return _office(stream)
    if begins_as_mail(_beginning(stream)):
        return _mail(stream)
    return _text(head)


def _beginning(stream: BinaryIO) -> bytes:
    data = stream.read(HEADERS_END)
    stream.seek(0)
    return data


def _mail(stream: BinaryIO) -> str | None:
    """A message with all its parts, pages among them; we hand it out and never show it."""
    whole = is_whole_mail(stream.read())
    stream.seek(0)
    return MAIL if whole else None


def _office(stream: BinaryIO) -> str | None:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return None
    finally:
        stream.seek(0)
    for folder, content_type in OFFICE.items():
        if any(name.startswith(folder) for name in names) and "[Content_Types].xml" in names:
            return None if any(name.endswith("vbaProject.bin") for name in names) else content_type
    return None


def _text(head: bytes) -> str | None:
    lowered = head.lower()
    if not head or any(word in lowered for word in ACTIVE) or any(byte in BINARY for byte in head):
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            head[: HEAD_BYTES - 4].decode(encoding, errors="strict")
        except UnicodeDecodeError:
            continue
        return "text/plain"
    return None


def without_location(data: bytes) -> bytes:
    """A JPEG without its APP1 segments, where cameras write place and owner; other bytes come back unchanged."""
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, position = [data[:2]], 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == JPEG_START_OF_SCAN:
            break
        length = int.from_bytes(data[position + 2 : position + 4], "big") + 2
        if marker != JPEG_APP1:
            kept.append(data[position : position + length])
        position += length
    kept.append(data[position:])
    return b"".join(kept)
