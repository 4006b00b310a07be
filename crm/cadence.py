"""How often whom: the longest pause between two-way contacts that a customer is promised.

Each class of customer has its cadence (§2.6), a dated parameter; a customer may have a rhythm of its own.
`Customer.contact_due_at` is derived from it: the last instant by which the next two-way contact must have
taken place. Past it the customer is neglected, whoever owns it and wherever it waits.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

from core.params import param
from core.workdays import add_calendar_days
from crm.choices import PROSPECT_KINDS, CareClass, CustomerKind, CustomerStatus, PoolStatus, Tier

CADENCE_PARAM = "crm.cadence_days"
UNPROMISED = (CustomerStatus.LOST, CustomerStatus.BLACKLIST)


def care_class(customer: Any) -> str:
    """The class whose cadence holds; "" for those who are promised nothing: history, lost ones, our own departments."""
    if customer.historical or customer.status in UNPROMISED or customer.kind == CustomerKind.INTERNAL_DEPT:
        return ""
    if customer.pool_status == PoolStatus.CARE:
        return CareClass.CARE
    if customer.tier != Tier.NA:
        return CareClass(customer.tier)
    return CareClass.PROSPECT if customer.kind in PROSPECT_KINDS else CareClass.PARTY


def cadences(at: datetime) -> dict[str, int]:
    """Days per class in force at an instant; 0 promises nothing."""
    return param(CADENCE_PARAM, at=at)


def cadence_days(customer: Any, at: datetime) -> int:
    """The longest pause in calendar days this customer is promised; 0 when nothing is."""
    promised = care_class(customer)
    if not promised:
        return 0
    return customer.contact_every_days or cadences(at).get(promised, 0)


def contact_due(customer: Any, at: datetime) -> datetime | None:
    """The end of the last day for the next two-way contact, counted from the last one or from taking up."""
    days = cadence_days(customer, at)
    return add_calendar_days(customer.last_verified_contact_at or customer.created_at, days) if days else None


PROMISED = Q(historical=False) & ~Q(status__in=UNPROMISED) & ~Q(kind=CustomerKind.INTERNAL_DEPT)
_NOT_CARE = ~Q(pool_status=PoolStatus.CARE)
CLASSES: dict[str, Q] = {
    CareClass.VIP: _NOT_CARE & Q(tier=Tier.VIP),
    CareClass.PROFESSIONAL: _NOT_CARE & Q(tier=Tier.PROFESSIONAL),
    CareClass.STANDARD: _NOT_CARE & Q(tier=Tier.STANDARD),
    CareClass.PROSPECT: _NOT_CARE & Q(tier=Tier.NA, kind__in=PROSPECT_KINDS),
    CareClass.CARE: Q(pool_status=PoolStatus.CARE),
    CareClass.PARTY: _NOT_CARE & Q(tier=Tier.NA) & ~Q(kind__in=PROSPECT_KINDS),
}
"""`care_class` as filters over customers that are promised something (`PROMISED`)."""
