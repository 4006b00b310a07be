"""Conditions of the permission matrix that look at customers, and predicates about customer rows."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.conditions import register_column_condition, register_condition
from core.clock import db_now
from core.rules import Refusal, rule
from crm.choices import PARTY_DEPARTMENTS, Tier

EDIT_WINDOW = timedelta(hours=24)


def _is_party(user: Any, row: Any) -> bool:
    """Parties looked after by a department: suppliers, regulators, designers … and the people there."""
    return getattr(row, "customer", row).kind in PARTY_DEPARTMENTS


def _within_edit_window(user: Any, row: Any) -> bool:
    """A log may be corrected by its author for a day; afterwards it is evidence."""
    return row.author_id == user.pk and db_now() - row.created_at <= EDIT_WINDOW


register_condition("department_party", _is_party, Q(kind__in=list(PARTY_DEPARTMENTS)))
register_condition("within_edit_window", _within_edit_window)
register_column_condition("below_vip", "tier", Tier.PROFESSIONAL, Tier.STANDARD, Tier.NA)
register_condition("empty_record", lambda user, row: row.last_contact_at is None and not row.holds.exists())


@rule(
    "crm.add_activity",
    "crm.add_followup",
    "crm.add_promise",
    "crm.add_caredate",
    "crm.assign_customer",
    "crm.claim_customer",
)
def customer_is_live(user: Any, row: Any) -> bool | Refusal:
    """Old parties kept for history only take no new work."""
    customer = getattr(row, "customer", row)
    if getattr(customer, "historical", False):
        return Refusal(_("This record is kept for history only; nothing new is written on it."))
    return True


@rule("crm.change_customer", "crm.set_status_customer", "crm.set_credit_customer")
def customer_is_not_mirrored(user: Any, row: Any) -> bool | Refusal:
    """Our departments are parties only as a picture of the organisation."""
    if getattr(row, "unit_id", None) is not None:
        return Refusal(_("This is one of our departments; it is kept in the organisation, not here."))
    return True


@rule("crm.reveal_contact")
def contact_is_reachable(user: Any, row: Any) -> bool | Refusal:
    """Erased people have no numbers."""
    if row.contact_removed:
        return Refusal(_("This person's data was erased at their request."))
    return True
