"""Tables in and out: CSV and XLSX files read as plain text cells, written so that no text becomes a formula.

Whatever was exported comes back unchanged: the guard before `=1+1` is put on by the writer and taken off by the reader.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

MAX_BYTES: Final = 30 * 1024 * 1024
MAX_COLUMNS: Final = 300
MAX_CELLS: Final = 3_000_000
MAX_CELL_CHARS: Final = 32_767
DELIMITERS: Final = (",", "\t", ";", "|")

_HEADER_SEARCH_ROWS: Final = 20
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_SAMPLE_CHARS: Final = 40_000
_LIVE: Final = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")

csv.field_size_limit(MAX_CELL_CHARS * 4)


class NotATable(DomainError):
    """The bytes are neither CSV text nor an XLSX workbook."""

    status = 415
    code = "not_a_table"
    default_message = _("Only CSV and XLSX tables can be read. Save an older Excel file as XLSX first.")


class TableRefused(DomainError):
    """A table that is damaged, dangerous or too big to be read safely."""

    status = 400
    code = "table_refused"
    default_message = _("This table cannot be read.")


@dataclass
class Table:
    """A file's table as text: `rows` are (row number as the spreadsheet shows it, cells), blank rows left out.

    Rows may be shorter or longer than `headers`; a header may be empty. `truncated` says that `max_rows` cut it.
    """

    format: str
    headers: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    uses_1904: bool = False
    header_row: int = 1
    truncated: bool = False


def read_table(content: bytes, *, file_name: str = "", max_rows: int = 100_000) -> Table:
    """Read a CSV or XLSX file, decided by its bytes and not by its name.

    Reading stops after `max_rows` rows below the headers. Raises NotATable for other files and TableRefused for
    damaged, hostile or oversized ones, before much memory or time is spent.
    """
    if len(content) > MAX_BYTES:
        raise TableRefused(_("This file is larger than 30 MB."), code="table_too_large")
    if content.startswith(b"PK\x03\x04"):
        from core.xlsx import read_xlsx

        return read_xlsx(content, max_rows=max_rows)
    if content.startswith(_OLE) and _LOCKED in content:
        raise TableRefused(
            _(
                "This workbook is locked by a password. Save it without one in Excel or WPS, then take that file."
            ),
            code="locked",
        )
    text, encoding = decode(content)
    return _read_csv(text, encoding, max_rows)


def decode(content: bytes) -> tuple[str, str]:
    """The text of a CSV file and its encoding: by byte order mark, else UTF-16 by its zeros, UTF-8, GB18030."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding), encoding
    head = content[:2000]
    if b"\x00" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 5 and min(even, odd) == 0:
            encoding = "utf-16-be" if even else "utf-16-le"
            return _decoded(content, encoding), encoding
        raise NotATable()
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(content, "gb18030"), "gb18030"


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row with the column names: titles above it fill only one or two cells of the width."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:_HEADER_SEARCH_ROWS]]
    widest = max(filled, default=0)
    return next((index for index, count in enumerate(filled) if count * 2 > widest), 0)


def parse_date(text: str, *, uses_1904: bool = False) -> date | None:
    """A day as people and spreadsheets write it: 2026-11-22, 2026/11/22, 2026年11月22日, 20261122 or a serial number.

    A serial counts from 1900 (with Excel's own leap-year error) or, with `uses_1904`, from 1904.
    """
    normal = unicodedata.normalize("NFKC", text).strip()
    parts = _DATE.fullmatch(normal)
    if parts is None and re.fullmatch(r"(19|20)\d{6}", normal):
        parts = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", normal)
    try:
        if parts:
            return date(*map(int, parts.groups()))
        if re.fullmatch(r"\d{4,5}(\.\d+)?", normal) and 1_000 <= float(normal) < 80_000:
            epoch = date(1904, 1, 1) if uses_1904 else date(1899, 12, 30)
            return epoch + timedelta(days=int(float(normal)))
    except ValueError:
        return None
    return None


def guard(text: str) -> str:
    """A text with an apostrophe in front where a spreadsheet would take it for a formula; guards are guarded too."""
    return f"'{text}" if _LIVE.match(text) else text


def unguard(text: str) -> str:
    """The text behind the guard; an apostrophe in front of anything harmless stays."""
    return text[1:] if text.startswith("'") and _LIVE.match(text) else text


def cell_text(value: Any) -> str:
    """How a value is written into a cell as text: ISO dates, local minutes, no thousands separators."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"{localtime(value) if is_aware(value) else value:%Y-%m-%d %H:%M}"
    return str(value)


def csv_chunks(
    headers: Sequence[str | Promise], rows: Iterable[Sequence[Any]], *, chunk_rows: int = 500
) -> Iterator[bytes]:
    """A CSV file in pieces, for a streaming answer: UTF-8 with byte order mark, CRLF, texts guarded.

    Numbers and dates are written as such; only `str` values can be formulas, so only they are guarded.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([guard(str(header)) for header in headers])
    for number, row in enumerate(rows, start=1):
        writer.writerow([guard(value) if isinstance(value, str) else cell_text(value) for value in row])
        if number % chunk_rows == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotATable() from error


def _read_csv(text: str, encoding: str, max_rows: int) -> Table:
    """Parse CSV text; a quoted cell may hold line breaks, and a record counts as one spreadsheet row."""
    text, delimiter = _delimiter(text)
    table = Table("csv", [], encoding=encoding, delimiter=delimiter)
    cells = 0
    pending: list[tuple[int, list[str]]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for number, row in enumerate(reader, start=1):
            cells += len(row)
            if len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                raise TableRefused(_("This table has too many cells."), code="too_many_cells")
            if not any(cell.strip() for cell in row):
                continue
            pending.append((number, [unguard(cell) for cell in row]))
            if len(pending) > max_rows + _HEADER_SEARCH_ROWS:
                table.truncated = True
                break
    except csv.Error as error:
        raise TableRefused(
            _("This CSV file is damaged: a quoted cell does not end."), code="csv_broken"
        ) from error
    return with_header(table, pending, max_rows)


def with_header(table: Table, rows: list[tuple[int, list[str]]], max_rows: int) -> Table:
    """Split off the header row and what stands above it, and cut at `max_rows`."""
    if not rows:
        return table
    index = find_header([cells for _number, cells in rows])
    table.header_row, table.headers = rows[index]
    below = rows[index + 1 :]
    table.truncated = table.truncated or len(below) > max_rows
    table.rows = below[:max_rows]
    return table


def _delimiter(text: str) -> tuple[str, str]:
    """The text and its delimiter: Excel's own `sep=;` line, else the sign that cuts the first rows most evenly."""
    declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if declared:
        return text[declared.end() :], declared[1]
    sample = text[:_SAMPLE_CHARS]
    return text, max(DELIMITERS, key=lambda sign: (_evenness(sample, sign), -DELIMITERS.index(sign)))


def _evenness(sample: str, sign: str) -> float:
    """How many columns a delimiter gives, weighted by the share of rows that have the commonest width."""
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if row][:30]
    except csv.Error:
        return 0
    widths = [len(row) for row in rows[:-1] or rows]
    if not widths:
        return 0
    commonest = max(set(widths), key=lambda width: (widths.count(width), width))
    return 0 if commonest < 2 else commonest * widths.count(commonest) / len(widths)
