"""People taken out: a line a person, as an import of contacts reads it again."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from crm.exports.choices import ExportResource
from crm.exports.columns import Column, ExportTable, day, understood
from crm.filters import ContactFilter
from crm.imports.choices import ImportKind
from crm.models import Contact


def _field(code: str, value: Callable[[Contact], Any], **more: Any) -> Column:
    return understood(ImportKind.CONTACTS, code, value, **more)


def _full(code: str, attribute: str, label: Sentence) -> Column:
    return _field(code, lambda row: getattr(row, attribute) or "", personal=True, label=label)


def _yes(true: bool) -> str:
    return str(_("yes")) if true else ""


def _prepare(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    rows = rows.select_related("customer__owner", "customer__branch", "reports_to")
    return rows.defer("search_terms", "customer__search_terms").order_by("pk")


CONTACTS = ExportTable(
    resource=ExportResource.CONTACTS,
    model=Contact,
    filterset=ContactFilter,
    prepare=_prepare,
    via="customer",
    columns=(
        _field("name", lambda row: row.customer.name),
        _field("code", lambda row: row.customer.code),
        _field("uscc", lambda row: row.customer.uscc),
        _field("contact_name", lambda row: row.name),
        _field("contact_title", lambda row: row.title),
        _field("contact_dept", lambda row: row.dept),
        _field("contact_role", lambda row: row.get_decision_role_display()),
        Column("attitude", _("Attitude"), lambda row: row.get_attitude_display()),
        Column("influence", _("Influence (1–5)"), lambda row: row.influence),
        Column("primary", _("Primary contact"), lambda row: _yes(row.is_primary)),
        Column("reports_to", _("Reports to"), lambda row: row.reports_to.name if row.reports_to else ""),
        Column("no_contact", _("Does not want to be contacted"), lambda row: _yes(row.do_not_contact)),
        Column("left", _("Left on"), lambda row: row.left_at),
        Column("verified", _("Last verified"), lambda row: day(row.verified_at)),
        Column("last_contact", _("Last contact"), lambda row: day(row.last_contact_at)),
        Column("owner", _("Owner"), lambda row: row.customer.owner.name if row.customer.owner else ""),
        Column("branch", _("Branch"), lambda row: row.customer.branch.name),
        Column("tier", _("Tier"), lambda row: row.customer.get_tier_display()),
        Column("mobile_masked", _("Mobile (masked)"), lambda row: row.mobile_masked),
        Column("phone_masked", _("Landline (masked)"), lambda row: row.phone_masked),
        Column("wechat_masked", _("WeChat (masked)"), lambda row: row.wechat_masked),
        Column("email_masked", _("E-mail (masked)"), lambda row: row.email_masked),
        _full("contact_mobile", "mobile", _("Mobile, full number")),
        _full("contact_phone", "phone", _("Landline, full number")),
        _full("contact_wechat", "wechat", _("WeChat, in full")),
        _full("contact_email", "email", _("E-mail, in full")),
    ),
)
