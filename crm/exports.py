"""Taking a customer list out: who may, how many rows, what stands in them, and the log of what left the product."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from accounts.geography import region_name
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
from crm.import_choices import ExportState, FileFormat
from crm.import_fields import BY_CODE
from crm.import_files import PASSED_OVER, xlsx_chunks
from crm.models import Contact, Customer
from crm.models.imports import Export

APPROVE_EXPORT_TASK = "crm.approve_export"
FREE_ROWS = 500
"""More rows than this leave the product only with the CRM office's approval."""
BRANCH_MANAGER_ROWS = 5000
FETCH = 2000


@dataclass(frozen=True)
class Column:
    """One column of the file: its header and how a row fills it."""

    header: str | Promise
    value: Callable[[Customer], Any]


def _import_column(code: str, value: Callable[[Customer], Any]) -> Column:
    """A column an import understands again: it carries the field's own label."""
    return Column(BY_CODE[code].label, value)


def _local(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""


def _primary(row: Customer) -> Contact | None:
    people: list[Contact] = row.people  # type: ignore[attr-defined]
    return people[0] if people else None


def _of_contact(attribute: str) -> Callable[[Customer], str]:
    return lambda row: getattr(_primary(row), attribute, "") or ""


COLUMNS: tuple[Column, ...] = (
    _import_column("code", lambda row: row.code),
    _import_column("name", lambda row: row.name),
    _import_column("short_name", lambda row: row.short_name),
    _import_column("name_en", lambda row: row.name_en),
    _import_column("former_names", lambda row: "; ".join(row.former_names)),
    _import_column("kind", lambda row: row.get_kind_display()),
    _import_column("industry", lambda row: row.industry_text or row.get_industry_display()),
    _import_column("ownership", lambda row: row.get_ownership_display()),
    _import_column("enterprise_size", lambda row: row.get_enterprise_size_display()),
    _import_column("province", lambda row: region_name(row.province_code) if row.province_code else ""),
    _import_column("city", lambda row: region_name(row.city_code) if row.city_code else ""),
    _import_column("address", lambda row: row.address),
    _import_column("uscc", lambda row: row.uscc),
    _import_column("website", lambda row: row.website),
    _import_column("switchboard", lambda row: row.switchboard),
    _import_column("source", lambda row: row.get_source_display()),
    _import_column("tags", lambda row: "; ".join(row.tags)),
    _import_column("owner", lambda row: row.owner.username if row.owner else ""),
    Column(gettext_lazy("Branch"), lambda row: row.branch.name),
    Column(gettext_lazy("Tier"), lambda row: row.get_tier_display()),
    Column(gettext_lazy("Stage"), lambda row: row.get_stage_display()),
    Column(gettext_lazy("Last contact"), lambda row: _local(row.last_contact_at)),
    Column(gettext_lazy("Next step due"), lambda row: _local(row.next_follow_at)),
    _import_column("contact_name", _of_contact("name")),
    _import_column("contact_title", _of_contact("title")),
    Column(gettext_lazy("Mobile (masked)"), _of_contact("mobile_masked")),
    Column(gettext_lazy("Landline (masked)"), _of_contact("phone_masked")),
)


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


def lines_of(rows: QuerySet[Customer]) -> Iterator[list[Any]]:
    """Customers as lines of the file, oldest number first, never more than a few thousand in memory."""
    people = Contact.objects.alive().here().order_by("-is_primary", "pk").defer("search_terms")
    rows = rows.select_related("owner", "branch").defer("search_terms").order_by("pk")
    rows = rows.prefetch_related(Prefetch("contacts", queryset=people, to_attr="people"))
    for row in rows.iterator(chunk_size=FETCH):
        yield [column.value(row) for column in COLUMNS]


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
