"""Which columns an export of customers has, and how a row fills them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.geography import region_name
from crm.imports.fields import BY_CODE
from crm.models import Contact, Customer

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


def lines_of(rows: QuerySet[Customer]) -> Iterator[list[Any]]:
    """Customers as lines of the file, oldest number first, never more than a few thousand in memory."""
    people = Contact.objects.alive().here().order_by("-is_primary", "pk").defer("search_terms")
    rows = rows.select_related("owner", "branch").defer("search_terms").order_by("pk")
    rows = rows.prefetch_related(Prefetch("contacts", queryset=people, to_attr="people"))
    for row in rows.iterator(chunk_size=FETCH):
        yield [column.value(row) for column in COLUMNS]
