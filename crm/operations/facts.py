"""What the apps above know about a customer, and their reasons to leave it where it is."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from crm.models import Assessment, Customer, CustomerFacts, CustomerHold
from crm.models.facts import SOURCES


def record_facts(*, customer: Customer, source: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Bring down what an app above knows; a source writes only its own columns and stamps its as-of time.

    Raises LookupError for an unknown source or a column that is not the source's.
    """
    foreign = set(facts) - set(SOURCES[source])
    if foreign:
        raise LookupError(f"{source} may not write {sorted(foreign)}")
    row, _made = CustomerFacts.objects.get_or_create(customer=customer)
    moved = any(getattr(row, name) != value for name, value in facts.items())
    CustomerFacts.objects.filter(customer=customer).update(**facts, **{f"{source}_at": now})
    if moved:
        assess_again([customer.pk], now=now)


def assess_again(customers: Iterable[int], *, now: datetime) -> None:
    """Mark customers (by id) whose tier, risk, stage, strength or value may have changed; the sweep takes them next."""
    Assessment.objects.filter(customer__in=list(customers)).update(stale_since=now)


def hold(*, customer: Customer, kind: str, ref: str, now: datetime, until: datetime | None = None) -> None:
    """Keep a customer from being recycled or merged while `ref` is open; holding again only moves the end."""
    CustomerHold.objects.update_or_create(customer=customer, kind=kind, ref=ref, defaults={"until": until})


def release(*, customer: Customer, kind: str, ref: str) -> int:
    """Withdraw a hold; returns whether there was one."""
    removed, _kinds = CustomerHold.objects.filter(customer=customer, kind=kind, ref=ref).delete()
    return removed
