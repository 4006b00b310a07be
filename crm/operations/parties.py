"""What a customer is to us: its columns, whether we still do business, its credit, and our departments as parties."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import UnitKind
from accounts.models import OrgUnit
from core import audit
from core.edits import save_versioned
from core.errors import NotFound, RuleBroken, StaleVersion
from core.numbering import next_code
from core.rules import require
from crm.choices import CustomerKind, CustomerStatus, Tier
from crm.models import Customer, CustomerFacts
from crm.operations.completeness import refresh_completeness

STATUS_RIGHTS = {
    CustomerStatus.ACTIVE: "crm.reactivate_customer",
    CustomerStatus.DORMANT: "crm.mark_dormant_customer",
    CustomerStatus.LOST: "crm.mark_lost_customer",
    CustomerStatus.BLACKLIST: "crm.blacklist_customer",
}
"""The right that each new status asks; leaving the blacklist asks the right to put on it."""

GROUP_DEPTH = 6


def change_customer(*, by: Any, now: datetime, form: Any, version: Any) -> Customer:
    """Write a checked form over a customer's own columns and count its completeness again."""
    with transaction.atomic():
        customer = save_versioned(form, version=version, by=by)
        refresh_completeness([customer.pk], now=now)
    customer.refresh_from_db(fields=["completeness", "completeness_gaps", "completeness_at"])
    return customer


def parent_problem(customer: Customer, parent: Customer | None) -> Any:
    """Why `parent` cannot stand above the customer: it is below it, or the group would grow too deep; "" if it can."""
    above, steps = parent, 0
    while above is not None:
        if above.pk == customer.pk:
            return _("This company belongs to the customer itself.")
        steps += 1
        if steps > GROUP_DEPTH:
            return _("A group has at most %(levels)s levels.") % {"levels": GROUP_DEPTH}
        above = above.parent
    return ""


def locked_customer(by: Any, customer: Customer, version: int | None) -> Customer:
    """The customer under lock in the caller's scope; 404 when hidden, 409 when the version is stale."""
    row = Customer.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=customer.pk).first()
    if row is None:
        raise NotFound()
    if version is not None and version != row.version:
        raise StaleVersion(data={"version": row.version})
    return row


def set_status(
    *, by: Any, now: datetime, customer: Customer, status: str, reason: str, version: int | None = None
) -> Customer:
    """Mark a customer dormant, lost, blacklisted or active again, with a reason of at least 10 characters.

    Each status asks its own right (`STATUS_RIGHTS`); only who may blacklist may lift it. Refuses the status the
    customer has already.
    """
    wanted = CustomerStatus(status)
    with transaction.atomic():
        row = locked_customer(by, customer, version)
        require(by, STATUS_RIGHTS[wanted], row)
        if row.status == CustomerStatus.BLACKLIST:
            require(by, STATUS_RIGHTS[CustomerStatus.BLACKLIST], row)
        if row.status == wanted:
            raise RuleBroken(errors={"status": [_("The customer has this status already.")]})
        if len(reason.strip()) < 10:
            raise RuleBroken(errors={"reason": [_("Say why in at least 10 characters.")]})
        before, row.status, row.status_since = row.status, wanted, now
        row.version += 1
        row.save(update_fields=["status", "status_since", "version", "updated_at"])
        audit.record(
            "crm.set_status_customer", row, by=by, now=now, from_state=before, to_state=wanted, reason=reason
        )
    return row


def set_credit(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    credit_limit: Decimal | None,
    credit_days: int | None,
    credit_hold: bool,
    reason: str = "",
    version: int | None = None,
) -> Customer:
    """Set limit (CNY), days and hold; finance only. A hold, and lifting one, needs a reason."""
    with transaction.atomic():
        row = locked_customer(by, customer, version)
        require(by, "crm.set_credit_customer", row)
        if credit_hold != row.credit_hold and not reason.strip():
            raise RuleBroken(
                errors={"reason": [_("Say why the hold changes; the project manager reads it.")]}
            )
        row.credit_limit, row.credit_days, row.credit_hold = credit_limit, credit_days, credit_hold
        row.version += 1
        row.save(update_fields=["credit_limit", "credit_days", "credit_hold", "version", "updated_at"])
        data = {
            "limit": None if credit_limit is None else str(credit_limit),
            "days": credit_days,
            "hold": credit_hold,
        }
        audit.record("crm.set_credit_customer", row, by=by, now=now, reason=reason, data=data)
    return row


def mirror_departments(*, now: datetime) -> int:
    """Keep each department of ours as a party of kind `internal_dept`, so that requests and ratings can point at it.

    New departments get a row, renamed ones their new name, closed ones go dormant. Nobody edits these rows.
    """
    changed = 0
    home = OrgUnit.objects.filter(kind=UnitKind.HQ).order_by("code").first()
    keeper = OrgUnit.objects.filter(code="CRO").first()
    if home is None:
        return 0
    for unit in OrgUnit.objects.filter(kind=UnitKind.DEPARTMENT).order_by("code"):
        row = Customer.objects.filter(unit=unit).first()
        if row is None and unit.active:
            _mirror(unit, home, keeper, now)
            changed += 1
        elif row is not None:
            changed += _follow(row, unit, now)
    return changed


def _mirror(unit: OrgUnit, home: OrgUnit, keeper: OrgUnit | None, now: datetime) -> None:
    with transaction.atomic():
        row = Customer.objects.create(
            code=next_code("KH", branch_code=home.code, now=now),
            name=unit.name_zh,
            name_en=unit.name_en,
            kind=CustomerKind.INTERNAL_DEPT,
            branch=home,
            department=keeper,
            unit=unit,
            tier=Tier.NA,
        )
        CustomerFacts.objects.create(customer=row)
        audit.record("crm.add_customer", row, by=None, now=now, data={"unit": unit.pk})


def _follow(row: Customer, unit: OrgUnit, now: datetime) -> int:
    """Carry a department's name and closing over to its mirror; 1 when something changed."""
    status = CustomerStatus.ACTIVE if unit.active else CustomerStatus.DORMANT
    if (row.name, row.name_en, row.status) == (unit.name_zh, unit.name_en, status):
        return 0
    with transaction.atomic():
        row.name, row.name_en, row.status = unit.name_zh, unit.name_en, status
        row.version = models.F("version") + 1  # type: ignore[assignment]
        row.save()
        audit.record("crm.change_customer", row, by=None, now=now, data={"columns": ["name", "status"]})
    return 1
