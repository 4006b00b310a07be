"""What the apps above know about a customer, and their reasons to leave it where it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm.models import Customer, CustomerFacts, CustomerHold
from crm.models.facts import SOURCES


def record_facts(*, customer: Customer, source: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Bring down what an app above knows; a source writes only its own columns and stamps its as-of time.

    Raises LookupError for an unknown source or a column that is not the source's.
    """
    foreign = set(facts) - set(SOURCES[source])
    if foreign:
        raise LookupError(f"{source} may not write {sorted(foreign)}")
    CustomerFacts.objects.update_or_create(customer=customer, defaults={**facts, f"{source}_at": now})


def hold(*, customer: Customer, kind: str, ref: str, now: datetime, until: datetime | None = None) -> None:
    """Keep a customer from being recycled or merged while `ref` is open; holding again only moves the end."""
    CustomerHold.objects.update_or_create(customer=customer, kind=kind, ref=ref, defaults={"until": until})


def release(*, customer: Customer, kind: str, ref: str) -> int:
    """Withdraw a hold; returns whether there was one."""
    removed, _kinds = CustomerHold.objects.filter(customer=customer, kind=kind, ref=ref).delete()
    return removed
