"""Customers taken out: a line a customer, with the first of its people."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.geography import region_name
from core.errors import Sentence
from crm.exports.choices import ExportResource
from crm.exports.columns import Column, ExportTable, day, understood
from crm.filters import CustomerFilter
from crm.imports.choices import ImportKind
from crm.models import Contact, Customer


def _field(code: str, value: Callable[[Customer], Any], **more: Any) -> Column:
    return understood(ImportKind.CUSTOMERS, code, value, **more)


def _of_person(attribute: str) -> Callable[[Customer], str]:
    """A column of the first person still there."""

    def value(row: Customer) -> str:
        people: list[Contact] = row.people  # type: ignore[attr-defined]
        return (getattr(people[0], attribute) or "") if people else ""

    return value


def _full(code: str, attribute: str, label: Sentence) -> Column:
    return _field(code, _of_person(attribute), personal=True, label=label)


def _prepare(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    people = Contact.objects.alive().here().order_by("-is_primary", "pk").defer("search_terms")
    rows = rows.select_related("owner", "branch").defer("search_terms").order_by("pk")
    return rows.prefetch_related(Prefetch("contacts", queryset=people, to_attr="people"))


CUSTOMERS = ExportTable(
    resource=ExportResource.CUSTOMERS,
    model=Customer,
    filterset=CustomerFilter,
    prepare=_prepare,
    columns=(
        _field("code", lambda row: row.code),
        _field("name", lambda row: row.name),
        _field("short_name", lambda row: row.short_name),
        _field("name_en", lambda row: row.name_en),
        _field("former_names", lambda row: "; ".join(row.former_names)),
        _field("kind", lambda row: row.get_kind_display()),
        _field("industry", lambda row: row.industry_text or row.get_industry_display()),
        _field("ownership", lambda row: row.get_ownership_display()),
        _field("enterprise_size", lambda row: row.get_enterprise_size_display()),
        _field("province", lambda row: region_name(row.province_code) if row.province_code else ""),
        _field("city", lambda row: region_name(row.city_code) if row.city_code else ""),
        _field("address", lambda row: row.address),
        _field("uscc", lambda row: row.uscc),
        _field("website", lambda row: row.website),
        _field("switchboard", lambda row: row.switchboard),
        _field("source", lambda row: row.get_source_display()),
        _field("tags", lambda row: "; ".join(row.tags)),
        _field("owner", lambda row: row.owner.username if row.owner else ""),
        Column("branch", _("Branch"), lambda row: row.branch.name),
        Column("tier", _("Tier"), lambda row: row.get_tier_display()),
        Column("stage", _("Stage"), lambda row: row.get_stage_display()),
        Column("last_contact", _("Last contact"), lambda row: day(row.last_contact_at)),
        Column("next_due", _("Next step due"), lambda row: day(row.next_follow_at)),
        _field("contact_name", _of_person("name")),
        _field("contact_title", _of_person("title")),
        Column("mobile_masked", _("Mobile (masked)"), _of_person("mobile_masked")),
        Column("phone_masked", _("Landline (masked)"), _of_person("phone_masked")),
        _full("contact_mobile", "mobile", _("Mobile, full number")),
        _full("contact_phone", "phone", _("Landline, full number")),
        _full("contact_wechat", "wechat", _("WeChat, in full")),
        _full("contact_email", "email", _("E-mail, in full")),
    ),
)
