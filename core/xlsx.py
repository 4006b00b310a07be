"""XLSX workbooks: guarded reading (bombs, entities, oversize refused before parsing) and streamed writing."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final
from xml.etree.ElementTree import ParseError

from django.utils.functional import Promise
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from core.spreadsheets import (
    MAX_CELL_CHARS,
    NotATable,
    Table,
    TableRefused,
    guard,
    unguard,
    with_header,
)

MAX_UNPACKED: Final = 150 * 1024 * 1024
MAX_CELLS: Final = 1_000_000
"""A workbook takes a hundred times as long to read as text; larger tables come as CSV."""
MAX_PARTS: Final = 1_000
MAX_MERGED_ROWS: Final = 200_000
_EXACT_DIGITS: Final = 10**15
_PIECE: Final = 1 << 20
_NOT_A_ZIP: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError)

_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_FAR_COLUMN: Final = re.compile(rb'<c [^>]*?r="(?:[A-Z]{3}|[L-Z][A-Z])\d')
_VALUELESS_FORMULA: Final = re.compile(rb"(?:<f[ >][^<]*</f>|<f[^>]*/>)(?:<v></v>|<v ?/>)?</c>")
_MERGE: Final = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\r\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass
class _Scan:
    """What a quick look over a sheet's bytes shows."""

    cells: int = 0
    merges: list[tuple[int, int, int]] = field(default_factory=list)


def read_xlsx(content: bytes, *, max_rows: int) -> Table:
    """The first visible sheet as text. Raises NotATable or TableRefused as `read_table` says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_hostile(archive)
            # openpyxl parses a whole sheet that declares no size, so all of them are looked over first
            scans = {name: _scan(archive, name) for name in archive.namelist() if _SHEET.fullmatch(name)}
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
                if sheet is None:
                    raise TableRefused(_("This workbook has no visible sheet."), code="no_sheet")
                scan = scans.get(sheet._worksheet_path.lstrip("/")) or _scan(archive, sheet._worksheet_path)
                sheet.reset_dimensions()
                table = Table("xlsx", [], sheet=sheet.title, uses_1904=book.epoch == CALENDAR_MAC_1904)
                rows = _rows(sheet, table, scan, max_rows)
                return with_header(table, rows, max_rows)
            finally:
                book.close()
    except (*_NOT_A_ZIP, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
        raise NotATable() from error
    except (ParseError, ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise TableRefused(
            _("This workbook is damaged. Open it in Excel and save it again."), code="xlsx_broken"
        ) from error


def write_xlsx(
    file: IO[bytes],
    headers: Sequence[str | Promise],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "",
    widths: Sequence[int] = (),
) -> int:
    """Write a workbook row by row (memory does not grow with it) and return the number of rows.

    `str` values become text cells whatever they begin with, so no cell is a formula and codes keep their zeros.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(title=re.sub(r"[\\/*?:\[\]]", " ", sheet)[:31] or None)
    page.freeze_panes = "A2"
    for index, width in enumerate(widths):
        page.column_dimensions[chr(65 + index)].width = width
    page.append([_text_cell(page, str(header), bold=True) for header in headers])
    written = 0
    for row in rows:
        page.append([_text_cell(page, value) if isinstance(value, str) else _plain(value) for value in row])
        written += 1
    book.save(file)
    book.close()
    return written


def _refuse_hostile(archive: zipfile.ZipFile) -> None:
    """Bombs by declared size (zipfile never unpacks more than declared), too many parts, and document types."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
        raise NotATable()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TableRefused(_("This workbook unpacks to far more than it should."), code="zip_bomb")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                head = stream.read(4096)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"\x00" in head[:200]:
                raise TableRefused(
                    _("This workbook holds a document type, which no table needs."), code="xml_entities"
                )


def _scan(archive: zipfile.ZipFile, path: str) -> _Scan:
    """Count cells and find merged ones by bytes, in a fraction of the time that parsing takes."""
    found = _Scan()
    tail = b""
    with archive.open(path) as stream:
        while piece := stream.read(_PIECE):
            text = tail + piece
            found.cells += piece.count(b"<c ") + piece.count(b"<c>")
            if found.cells > MAX_CELLS or _FAR_COLUMN.search(text):
                raise TableRefused(
                    _(
                        "This workbook has more than a million cells. Save it as CSV, which may hold three million."
                    ),
                    code="too_many_cells",
                )
            if _VALUELESS_FORMULA.search(text):
                raise TableRefused(
                    _("This workbook has formulas without results. Open it in Excel and save it again."),
                    code="formulas_without_results",
                )
            found.merges.extend(_merges(text))
            if sum(last - first for _column, first, last in found.merges) > MAX_MERGED_ROWS:
                raise TableRefused(_("This table has too many merged cells."), code="too_many_merges")
            tail = text[-200:]
    found.merges = list(dict.fromkeys(found.merges))
    return found


def _merges(text: bytes) -> Iterator[tuple[int, int, int]]:
    """Merged cells that span rows: (column index, first row, last row)."""
    for match in _MERGE.finditer(text):
        letters, first, last = match[1].decode(), int(match[2]), int(match[4])
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        if last > first:
            yield column - 1, first, last


def _rows(sheet: Any, table: Table, scan: _Scan, max_rows: int) -> list[tuple[int, list[str]]]:
    """The sheet's rows as text, each value of a merged cell in every row the cell covers."""
    found: list[tuple[int, list[str]]] = []
    merged: dict[int, list[tuple[int, int]]] = {}
    for column, first, last in scan.merges:
        for covered in range(first, last + 1):
            merged.setdefault(covered, []).append((column, first))
    carried: dict[tuple[int, int], str] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [unguard(_as_text(cell)) for cell in row]
        for column, first in merged.get(number, ()):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or carried.get((column, first), "")
            carried[column, first] = cells[column]
        if any(cell.strip() for cell in cells):
            found.append((number, cells))
            if len(found) > max_rows + 20:
                table.truncated = True
                break
    return found


def _as_text(cell: Any) -> str:
    """A cell as the text a person means: no scientific notation, ISO dates, zeros that the format shows."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)[:MAX_CELL_CHARS]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value, cell.number_format or "")
    if isinstance(value, datetime):
        if value.time() == time():
            return f"{value:%Y-%m-%d}"
        return f"{value:%Y-%m-%d %H:%M:%S}" if value.second else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return value.isoformat(timespec="minutes") if isinstance(value, time) else str(value)


def _number_text(value: float, number_format: str) -> str:
    """A number in digits. Beyond 15 digits the sheet has already lost some: shown as 9.11E+17, never as if exact."""
    if abs(value) >= _EXACT_DIGITS:
        return f"{value:.10E}"
    if value == int(value):
        digits = str(int(value))
        zeros = re.fullmatch(r"0{2,}", number_format)
        return digits.zfill(len(number_format)) if zeros and value >= 0 else digits
    return f"{value:.15g}"


def _text_cell(page: Any, text: str, *, bold: bool = False) -> Any:
    """A cell that is text for ever: typed as a string and marked so that editing it does not make it a formula.

    Only a text that looks guarded is guarded once more, because a CSV of ours saved as XLSX has real guards.
    """
    text = guard(text) if text.startswith("'") else text
    safe = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", _LOOKS_ESCAPED.sub("_x005F_", text))
    cell = WriteOnlyCell(page, value=safe)
    cell.data_type = "s"
    cell.quotePrefix = True
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _plain(value: Any) -> Any:
    """Numbers and days stay what they are; an instant loses its zone, which a workbook cannot hold."""
    if isinstance(value, datetime):
        return localtime(value).replace(tzinfo=None) if is_aware(value) else value
    return str(value) if isinstance(value, list | tuple | dict) else value
