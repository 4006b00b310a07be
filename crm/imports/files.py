"""Workbooks around the import: the template to fill in and the file of rows that did not come in."""

import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from accounts.geography import provinces, region_name
from core.xlsx import write_xlsx
from crm.choices import Industry
from crm.imports.choices import ImportKind
from crm.imports.fields import TABLES, ImportField
from crm.imports.report import report_rows
from crm.models import ImportBatch, ImportRow

PART = 1 << 16
PASSED_OVER = "※"
"""A line whose first filled cell begins with this sign is a hint or a watermark, not a customer."""
TEMPLATE_LINES = 10_000
HEADER = PatternFill("solid", fgColor="0B5366")
HINT = PatternFill("solid", fgColor="EFF7F8")
RED, WHITE, QUIET = "B8231A", "FFFFFF", "5D727B"


def xlsx_chunks(headers: Sequence[str | Promise], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A workbook in pieces, written to disk first, so that memory does not grow with it."""
    with TemporaryFile() as file:
        write_xlsx(file, headers, rows)
        file.seek(0)
        while part := file.read(PART):
            yield part


def rejected_file(batch: ImportBatch, rows: Iterable[ImportRow], user: Any) -> Iterator[bytes]:
    """Line number, outcome, reason and hint before the row's own cells, so that it can be corrected and sent again."""
    headers = [_("Row"), _("Outcome"), _("Error"), _("Hint"), *batch.headers]
    return xlsx_chunks(headers, _rejected(batch, rows, user))


def _rejected(batch: ImportBatch, rows: Iterable[ImportRow], user: Any) -> Iterator[list[Any]]:
    waiting: list[ImportRow] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == 1000:
            yield from _told(batch, waiting, user)
            waiting = []
    yield from _told(batch, waiting, user)


def _told(batch: ImportBatch, rows: list[ImportRow], user: Any) -> Iterator[list[Any]]:
    for line in report_rows(batch, rows, user):
        yield [line.row.number, line.row.get_outcome_display(), line.reason, line.hint, *line.row.cells]


def template_file(kind: str) -> Iterator[bytes]:
    """The workbook to fill in for one kind of file: red headers are mandatory, line 2 explains, line 3 is a sample; both are passed over."""
    book = Workbook()
    sheet = book.active
    sheet.title = str(ImportKind(kind).label)
    lists = book.create_sheet(_("Lists"))
    fields = [field for field in TABLES[kind] if field.in_template]
    for index, field in enumerate(fields, start=1):
        _template_column(sheet, lists, index, field)
    sheet.freeze_panes = "A4"
    sheet.row_dimensions[2].height = 44
    lists.sheet_state = "hidden"
    _explain(book.create_sheet(_("How to fill in"), 1), fields)
    file = io.BytesIO()
    book.save(file)
    yield file.getvalue()


def _template_column(sheet: Any, lists: Any, index: int, field: ImportField) -> None:
    letter = get_column_letter(index)
    head = sheet.cell(1, index, f"{field.label} *" if field.mandatory else str(field.label))
    head.fill, head.font = HEADER, Font(bold=True, color="FFC9C4" if field.mandatory else WHITE)
    mark = f"{PASSED_OVER} " if index == 1 else ""
    hint = sheet.cell(2, index, f"{mark}{field.hint}")
    hint.fill, hint.font = HINT, Font(color=RED if field.mandatory else QUIET, size=9)
    hint.alignment = Alignment(wrap_text=True, vertical="top")
    sample = sheet.cell(3, index, f"{mark}{_sample(field)}")
    sample.font = Font(italic=True, color=QUIET)
    sheet.column_dimensions[letter].width = 30 if field.limit > 60 else 18
    sheet.column_dimensions[letter].number_format = "@"
    for line in range(1, 4):
        sheet.cell(line, index).number_format = "@"
    words = _words(field)
    if words:
        for line, word in enumerate(words, start=1):
            lists.cell(line, index, word)
        check = DataValidation(
            "list", f"='{lists.title}'!${letter}$1:${letter}${len(words)}", allow_blank=True
        )
        check.showErrorMessage = field.choices is not None
        check.error = _("Choose from the list.")
        sheet.add_data_validation(check)
        check.add(f"{letter}4:{letter}{TEMPLATE_LINES}")
        head.comment = Comment(_("Choose from the list."), "Impeller")


def _sample(field: ImportField) -> str:
    if field.choices is not None and field.sample:
        return str(dict(field.choices.choices)[field.sample])
    if field.code == "industry":
        return str(Industry(field.sample).label)
    return "" if field.code == "code" else field.sample


def _words(field: ImportField) -> list[str]:
    if field.choices is not None:
        return [str(label) for label in field.choices.labels]
    if field.code == "industry":
        return [str(label) for label in Industry.labels]
    return [region_name(row.code) for row in provinces()] if field.code == "province" else []


def _explain(sheet: Any, fields: Sequence[ImportField]) -> None:
    """The second sheet: what each column means and how the import treats the file."""
    sheet.append([_("Column"), _("Required"), _("What belongs there"), _("Longest")])
    for field in fields:
        sheet.append([str(field.label), _("yes") if field.mandatory else "", str(field.hint), field.limit])
    for sentence in (
        _("Lines beginning with ※ are passed over; write from line 4 on."),
        _("Keep phone numbers and codes as text, or the spreadsheet shortens them."),
        _("Nothing is written before you have seen every row's result and pressed “Import now”."),
        _("What we already have is skipped, filled in or listed for a decision, as you choose."),
        _("Several people of one customer: one row each, with the same customer name."),
        _("An import can be undone for seven days, as long as nobody has worked on its customers."),
    ):
        sheet.append(["", "", sentence])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in (("A", 26), ("B", 8), ("C", 70), ("D", 8)):
        sheet.column_dimensions[letter].width = width
