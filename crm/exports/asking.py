"""Asking for a list: who may, how many rows, which columns, and whether somebody must approve it first."""

from collections.abc import Iterable
from datetime import datetime
from math import inf
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from core import audit
from core.errors import NotAllowed, RuleBroken
from core.numbering import next_code
from core.rules import ask, require
from crm.exports.choices import ExportResource, ExportState
from crm.exports.columns import ExportTable
from crm.exports.people import ask_approval
from crm.exports.tables import REVEAL, only_asks, rows_for, table_of
from crm.exports.work import order
from crm.imports.choices import FileFormat
from crm.models import Export

FREE_ROWS = 500
"""More rows than this leave the product only with the CRM office's approval."""
BRANCH_MANAGER_ROWS = 5000
WORKBOOK_ROWS = 100_000
"""A workbook takes ten times as long to write as CSV; beyond this a worker would be cut off."""
_UNLIMITED = (Role.AM, Role.DM, Role.SV, Role.CO, Role.FI, Role.EX)


def request_export(
    *,
    by: Any,
    now: datetime,
    query: str,
    reason: str,
    resource: str = ExportResource.CUSTOMERS,
    columns: Iterable[str] = (),
    file_format: str = FileFormat.XLSX,
) -> Export:
    """Note who wants which list and why; what needs no approval goes to the worker at once, the rest to the CRM office.

    Refuses whoever may neither export nor ask, full numbers to whoever may not open them, branch managers and below more
    than 5,000 rows, and anybody an empty list.
    """
    require(by, "crm.add_export")
    table = table_of(resource)
    chosen = table.chosen(columns)
    unmasked = any(column.personal for column in chosen)
    if unmasked and not ask(by, REVEAL):
        raise NotAllowed(_("Your role does not open full numbers; take the list with masked ones."))
    count = rows_for(table, query, by, unmasked=unmasked).order_by().count()
    _check_size(by, count, file_format)
    waits = must_be_approved(table, by, rows=count, unmasked=unmasked)
    with transaction.atomic():
        export = Export.objects.create(
            code=next_code("CK", branch_code=by.branch.code, now=now),
            owner=by,
            branch=by.branch,
            state=ExportState.REQUESTED if waits else ExportState.WRITING,
            resource=resource,
            query=query,
            columns=[column.code for column in chosen],
            unmasked=unmasked,
            format=file_format,
            reason=reason.strip(),
            rows=count,
        )
        data = {"rows": count, "format": file_format, "resource": resource, "unmasked": unmasked}
        audit.record("crm.add_export", export, by=by, now=now, reason=export.reason, data=data)
        if waits:
            ask_approval(export, now)
        else:
            order(export, run=export.version, now=now)
    return export


def must_be_approved(table: ExportTable, user: Any, *, rows: int, unmasked: bool) -> bool:
    """Whether somebody else must agree: the role may only ask, the list is long, or it shows full numbers."""
    return only_asks(table, user) or rows > FREE_ROWS or unmasked


def row_limit(user: User) -> float:
    """The most rows a user may take out at a time; project and branch managers have a limit."""
    return inf if user.authority().has_role(*_UNLIMITED) else BRANCH_MANAGER_ROWS


def _check_size(by: Any, count: int, file_format: str) -> None:
    if count == 0:
        raise RuleBroken(_("No row you may export matches this filter."), code="empty_export")
    if count > row_limit(by):
        raise RuleBroken(
            _("You may export up to 5,000 rows at a time; narrow the filter."), code="too_many_rows"
        )
    if file_format == FileFormat.XLSX and count > WORKBOOK_ROWS:
        raise RuleBroken(_("More than 100,000 rows leave as CSV only."), code="too_many_rows")
