"""E-mails people keep (.eml, message/rfc822): whether bytes are a whole message, and what it says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import (
    MultipartInvariantViolationDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.header import decode_header, make_header
from email.message import Message
from html import unescape
from typing import Any, Final

MAIL: Final = "message/rfc822"
HEADERS_END: Final = 256 * 1024
MOST_PARTS, DEEPEST = 300, 12

_FIELD: Final = re.compile(rb"[A-Za-z0-9_.-]{1,76}:[\x20-\x7e\x80-\xff\t]*\r?$")
_FOLDED: Final = re.compile(rb"[ \t][\x20-\x7e\x80-\xff\t]*\r?$")
_NAMED: Final = (re.compile(rb"^from:", re.I | re.M), re.compile(rb"^date:", re.I | re.M))
_PAGE: Final = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?xml|\?php)[\s>/]", re.I)
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_BROKEN: Final = (
    MultipartInvariantViolationDefect, NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect,
)  # fmt: skip
_TAG: Final = re.compile(r"<[^>]{0,2000}>")


def begins_as_mail(head: bytes) -> bool:
    """Whether bytes begin with the header of a message: fields and nothing else, a sender and a date among them."""
    head = head.removeprefix(b"\xef\xbb\xbf")[:HEADERS_END]
    header, blank, _body = re.sub(rb"\r\n", b"\n", head).partition(b"\n\n")
    lines = header.split(b"\n")
    fields = bool(blank) and bool(_FIELD.match(lines[0]))
    fields = fields and all(_FIELD.match(line) or _FOLDED.match(line) for line in lines)
    return fields and all(name.search(header) for name in _NAMED) and not _PAGE.search(header)


def is_whole_mail(data: bytes) -> bool:
    """Whether a message may be kept: every part is where its type says, none is a program, and a page is only in a part
    that says it is one, so that no page passes for a letter by a few lines on top.
    """
    if not begins_as_mail(data) or b"\0" in data or data.count(b"boundary=") > MOST_PARTS:
        return False
    try:
        return _is_whole(_parsed(data))
    except (RecursionError, ValueError, LookupError, TypeError):
        return False


def mail_texts(data: bytes) -> Iterator[str]:
    """Headers and texts of a message, decoded, pages without their marks; of nested messages too."""
    for part in _walk(_parsed(data)):
        yield from (f"{name}: {_decoded(str(value))}" for name, value in part.items())
        if part.get_content_maintype() == "text" and not part.is_multipart():
            yield from _texts(part)


def mail_files(data: bytes) -> Iterator[bytes]:
    """The bytes of what is attached to a message."""
    for part in _walk(_parsed(data)):
        if not part.is_multipart() and part.get_content_maintype() != "text":
            yield _payload(part)


def _parsed(data: bytes) -> Message:
    return message_from_bytes(data.removeprefix(b"\xef\xbb\xbf"), policy=policy.compat32)


def _walk(message: Message, depth: int = 0) -> Iterator[Message]:
    """The message and its parts; nothing below a depth no letter has."""
    yield message
    if message.is_multipart() and depth < DEEPEST:
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _walk(part, depth + 1)


def _is_whole(message: Message, depth: int = 0) -> bool:
    if depth > DEEPEST or any(isinstance(defect, _BROKEN) for defect in message.defects):
        return False
    if message.is_multipart():
        return all(isinstance(part, Message) and _is_whole(part, depth + 1) for part in message.get_payload())
    content = _payload(message)
    if content.startswith(_PROGRAMS):
        return False
    shown = message.get_content_maintype() == "text" and message.get_content_disposition() != "attachment"
    passes_as_text = shown and message.get_content_subtype() != "html"
    return not (passes_as_text and _PAGE.match(content.removeprefix(b"\xef\xbb\xbf").lstrip()))


def _payload(part: Message) -> bytes:
    content: Any = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _texts(part: Message) -> Iterator[str]:
    """A text in the encoding it names, and in those people use where that is wrong."""
    content = _payload(part)
    for charset in dict.fromkeys((part.get_content_charset() or "utf-8", "utf-8", "gb18030")):
        try:
            text = content.decode(charset, "ignore")
        except LookupError:
            continue
        yield unescape(_TAG.sub("", text)) if part.get_content_subtype() == "html" else text


def _decoded(value: str) -> str:
    """A header as people read it; as it stands where its encoding is unknown."""
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return value
