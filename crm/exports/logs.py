"""Contact logs taken out: a line a log, as an import of contact history reads it again."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.exports.choices import ExportResource
from crm.exports.columns import Column, ExportTable, minute, understood
from crm.filters import ActivityFilter
from crm.imports.choices import ImportKind
from crm.models import Activity, Contact


def _field(code: str, value: Callable[[Activity], Any]) -> Column:
    return understood(ImportKind.ACTIVITIES, code, value)


def _people(row: Activity) -> list[str]:
    return [person.name for person in row.people]  # type: ignore[attr-defined]


def _prepare(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    people = Contact.objects.alive().only("name").order_by("pk")
    rows = rows.select_related("customer__branch", "author").defer("customer__search_terms").order_by("pk")
    return rows.prefetch_related(Prefetch("contacts", queryset=people, to_attr="people"))


ACTIVITIES = ExportTable(
    resource=ExportResource.ACTIVITIES,
    model=Activity,
    filterset=ActivityFilter,
    prepare=_prepare,
    via="customer",
    columns=(
        _field("name", lambda row: row.customer.name),
        _field("code", lambda row: row.customer.code),
        _field("uscc", lambda row: row.customer.uscc),
        _field("occurred_at", lambda row: minute(row.occurred_at)),
        _field("type", lambda row: row.get_type_display()),
        _field("author", lambda row: row.author_text or row.author.username),
        _field("contact_name", lambda row: next(iter(_people(row)), "")),
        Column("others", _("Further people"), lambda row: "; ".join(_people(row)[1:])),
        Column("direction", _("Direction"), lambda row: row.get_direction_display()),
        Column("outcome", _("Outcome"), lambda row: row.get_outcome_display()),
        Column("duration", _("How long (minutes)"), lambda row: row.duration_minutes),
        _field("summary", lambda row: row.summary),
        _field("next_step", lambda row: row.next_step),
        Column("next_at", _("Next date"), lambda row: minute(row.next_at)),
        Column("two_way", _("Two-way"), lambda row: str(_("yes")) if row.verified else ""),
        Column("entered", _("Written at"), lambda row: minute(row.entered_at or row.created_at)),
        Column("branch", _("Branch"), lambda row: row.customer.branch.name),
    ),
)
