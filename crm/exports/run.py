"""Taking a customer list out: who may, how many rows, what stands in them, and the log of what left the product."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import inf
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from accounts.scoping import scope_rows
from core import audit
from core.calendars import work_calendar
from core.clock import db_now
from core.errors import NotAllowed, RuleBroken, WrongState
from core.numbering import next_code
from core.rules import require
from core.spreadsheets import csv_chunks
from core.tasks_list import open_task
from core.workdays import end_of_nth_working_day
from crm.exports.columns import COLUMNS, lines_of
from crm.imports.choices import ExportState, FileFormat
from crm.imports.files import PASSED_OVER, xlsx_chunks
from crm.models import Customer
from crm.models.imports import Export

APPROVE_EXPORT_TASK = "crm.approve_export"
FREE_ROWS = 500
"""More rows than this leave the product only with the CRM office's approval."""
BRANCH_MANAGER_ROWS = 5000


def exportable(rows: QuerySet[Customer], user: Any) -> QuerySet[Customer]:
    """Those of the rows a user may take out of the product: the scope of the export right within what is visible."""
    return scope_rows(rows, user, "crm.export_customer")


def request_export(
    *, by: Any, now: datetime, rows: QuerySet[Customer], query: str, file_format: str, reason: str
) -> Export:
    """Note who wants which list and why; up to 500 rows are ready at once, more wait for the CRM office.

    Refuses a branch manager more than 5,000 rows and anybody an empty list.
    """
    require(by, "crm.export_customer")
    count = exportable(rows, by).order_by().count()
    if count == 0:
        raise RuleBroken(_("No row you may export matches this filter."), code="empty_export")
    if count > row_limit(by):
        raise RuleBroken(
            _("You may export up to 5,000 rows at a time; narrow the filter."), code="too_many_rows"
        )
    ready = count <= FREE_ROWS
    with transaction.atomic():
        export = Export.objects.create(
            code=next_code("CK", branch_code=by.branch.code, now=now),
            owner=by,
            branch=by.branch,
            state=ExportState.READY if ready else ExportState.REQUESTED,
            query=query[:2000],
            format=file_format,
            reason=reason.strip(),
            rows=count,
            ready_at=now if ready else None,
        )
        audit.record(
            "crm.add_export",
            export,
            by=by,
            now=now,
            reason=export.reason,
            data={"rows": count, "format": file_format},
        )
        if not ready:
            _ask_approval(export, now)
    return export


def row_limit(user: User) -> float:
    """The most rows a user may take out at a time; only branch managers have a limit."""
    return inf if user.authority().has_role(*_UNLIMITED) else BRANCH_MANAGER_ROWS


_UNLIMITED = (Role.AM, Role.DM, Role.SV, Role.CO, Role.FI, Role.EX)


def _ask_approval(export: Export, now: datetime) -> None:
    """The CRM office approves; an executive does when the office itself asks."""
    role = Role.EX if export.owner.authority().has_role(Role.CO) else Role.CO
    due_at = end_of_nth_working_day(now, 1, work_calendar(export.branch.calendar_code))
    for user in User.objects.holding(role, now=now).exclude(pk=export.owner_id):
        open_task(APPROVE_EXPORT_TASK, export, user, due_at=due_at)


def download(export: Export, *, by: Any, rows: QuerySet[Customer], now: datetime) -> Iterator[bytes]:
    """The bytes of a ready export, row by row, with the rights of this moment; logged when the last byte is out.

    Refuses anybody but the person who asked, and a link older than a day.
    """
    if export.owner_id != by.pk:
        raise NotAllowed(_("Only the person who asked for this export may download it."))
    require(by, "crm.export_customer")
    if not export.is_open_at(now):
        raise WrongState(_("This export is not ready, or its day is over. Ask for a new one."))
    return _stream(export, by, exportable(rows, by), now)


def _stream(export: Export, by: Any, rows: QuerySet[Customer], now: datetime) -> Iterator[bytes]:
    """Count and hash what really leaves, and log it even when the reader stops half-way."""
    sent, digest, complete = _Counted(lines_of(rows)), hashlib.sha256(), False
    table = _with_watermark(sent, export, by, now)
    write = xlsx_chunks if export.format == FileFormat.XLSX else csv_chunks
    try:
        for part in write([column.header for column in COLUMNS], table):
            digest.update(part)
            yield part
        complete = True
    finally:
        end = db_now()
        with transaction.atomic():
            Export.objects.filter(pk=export.pk).update(
                rows=sent.count, sha256=digest.hexdigest(), downloaded_at=end
            )
            audit.record(
                "crm.download_export",
                export,
                by=by,
                now=end,
                reason=export.reason,
                data={"rows": sent.count, "sha256": digest.hexdigest(), "complete": complete},
            )


class _Counted:
    """Lets rows through and counts them."""

    def __init__(self, rows: Iterable[list[Any]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            self.count += 1
            yield row


def _with_watermark(rows: Iterable[list[Any]], export: Export, by: Any, now: datetime) -> Iterator[list[Any]]:
    yield from rows
    words = _("%(mark)s Taken out by %(name)s (%(user)s) on %(at)s, %(code)s. Internal use only.") % {
        "mark": PASSED_OVER,
        "name": by.name,
        "user": by.username,
        "at": f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
        "code": export.code,
    }
    yield [words]
