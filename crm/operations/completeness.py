"""Keeping the stored completeness of customers true: score, gaps, and when they were counted."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from core.params import param
from crm.choices import DecisionRole
from crm.completeness import Known, Profile, completeness, gaps_of, is_measured, parts_of
from crm.models import Contact, Customer, Site
from crm.relations import user_gap

COUNTED_AGAIN_AFTER = timedelta(days=1)
"""Facts of the apps above and the age of verifications reach the stored score within a day."""

BATCH = 500
USERS_UNMET = "users"
"""Stands among the gaps without points: no end user of the account was met for the days of the parameter."""


def profile_of(customer: Customer, contacts: Iterable[Contact], *, has_site: bool) -> Profile:
    """What completeness looks at, from rows already read (`customer.facts` among them)."""
    facts = getattr(customer, "facts", None)
    invoice = (customer.invoice_title, customer.tax_no, customer.bank_name, customer.bank_account)
    return Profile(
        uscc=bool(customer.uscc),
        place=bool(customer.province_code and customer.city_code),
        address=bool(customer.address),
        industry=bool(customer.industry),
        kind=bool(customer.kind),
        size=bool(customer.enterprise_size),
        ownership=bool(customer.ownership),
        invoice=tuple(bool(part) for part in invoice),  # type: ignore[arg-type]
        contacts=[known_of(person) for person in contacts if person.is_here],
        site=has_site,
        pumps=bool(facts and facts.pumps_in_service),
        source=bool(customer.source),
        competitors=bool(customer.competitors),
        follow_up=customer.next_follow_at is not None,
        needs=bool(customer.tags or customer.notes or customer.preferences),
    )


def known_of(person: Contact) -> Known:
    """A contact as completeness sees it; entering a person counts as checking them once."""
    reachable = bool(person.mobile_masked or person.phone_masked)  # type: ignore[attr-defined]
    role = "" if person.decision_role == DecisionRole.UNKNOWN else person.decision_role
    return Known(role, person.is_primary, reachable, person.verified_at or person.created_at)


def refresh_completeness(customers: Iterable[int], *, now: datetime) -> int:
    """Count the completeness of these customers (by id) again, in a handful of statements; returns how many."""
    rows = list(Customer.objects.filter(pk__in=list(customers)).select_related("facts").defer("search_terms"))
    ids = [row.pk for row in rows]
    people = defaultdict(list)
    for person in Contact.objects.alive().here().filter(customer__in=ids).defer("search_terms"):
        people[person.customer_id].append(person)
    days = param("crm.users_unmet_days", at=now)
    placed = set(Site.objects.filter(customer__in=ids).values_list("customer", flat=True))
    for row in rows:
        row.completeness_at = now
        if is_measured(row.kind):
            profile = profile_of(row, people[row.pk], has_site=row.pk in placed)
            row.completeness = completeness(profile, now)
            row.completeness_gaps = gaps_of(parts_of(profile, now))
            if user_gap(row, people[row.pk], now, days) is not None:
                row.completeness_gaps.append(USERS_UNMET)
    Customer.objects.bulk_update(rows, ["completeness", "completeness_gaps", "completeness_at"], BATCH)
    return len(rows)


def count_due_completeness(now: datetime, *, limit: int = 2000) -> int:
    """Count those never counted and those counted more than a day ago, the longest waiting first."""
    old = Q(completeness_at__isnull=True) | Q(completeness_at__lt=now - COUNTED_AGAIN_AFTER)
    due = Customer.objects.alive().filter(old).order_by("completeness_at", "pk")
    return refresh_completeness(due.values_list("pk", flat=True)[:limit], now=now)
