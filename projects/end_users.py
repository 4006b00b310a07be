"""End-user coverage: whose open projects name nobody who will run the pumps, told down to the customers concerned."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count

from crm.models import Customer, CustomerFacts
from crm.operations import record_facts
from projects.choices import PartyRole
from projects.models import Project, ProjectParty

BETWEEN = (PartyRole.BUYER, PartyRole.DEALER, PartyRole.CONTRACTOR, PartyRole.DESIGNER)
"""Parts through which pumps reach an end user; who holds one should know for whom."""


def without_user(customers: Iterable[int] | None = None) -> dict[int, int]:
    """Ongoing projects without an end user among their parties, by the customers that stand between (None: all)."""
    named = ProjectParty.objects.filter(role=PartyRole.USER).values("project")
    blind = Project.objects.ongoing().exclude(pk__in=named)
    parts = ProjectParty.objects.filter(project__in=blind.values("pk"), role__in=BETWEEN)
    if customers is not None:
        parts = parts.filter(customer__in=list(customers))
    return dict(
        parts.order_by()
        .values("customer")
        .annotate(n=Count("project", distinct=True))
        .values_list("customer", "n")
    )


def tell_of_users(customers: Iterable[int], *, now: datetime) -> int:
    """Write the number on each of these customers (by id) where it moved; returns how many moved."""
    ids = set(customers)
    found = without_user(ids)
    known = dict(
        CustomerFacts.objects.filter(customer__in=ids).values_list("customer", "projects_without_user")
    )
    moved = [pk for pk in sorted(ids) if (known.get(pk) or 0) != found.get(pk, 0)]
    for row in Customer.objects.filter(pk__in=moved).defer("search_terms"):
        facts: dict[str, Any] = {"projects_without_user": found.get(row.pk, 0)}
        record_facts(customer=row, source="projects", facts=facts, now=now)
    return len(moved)


def tell_all_of_users(now: datetime) -> int:
    """Compare all: projects that ended, parties named by an import, and whatever a kill left half done."""
    told = CustomerFacts.objects.filter(projects_without_user__gt=0).values_list("customer", flat=True)
    return tell_of_users({*without_user(), *told}, now=now)
