"""A group of companies: the tree below its topmost parent, with figures rolled up over what the reader may see."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.querysets import without_private
from crm.models import Customer
from crm.operations.parties import GROUP_DEPTH

FIGURES = (
    "signed_amount_24m",
    "open_project_amount",
    "open_projects",
    "overdue_amount",
    "pumps_in_service",
    "open_tickets",
    "open_complaints",
)


@dataclass
class Company:
    """A company of the group: how deep it stands, whether it is the one looked at, its own figures and all below."""

    customer: Customer
    level: int
    own: dict[str, Any]
    total: dict[str, Any] = field(default_factory=dict)
    companies: int = 1


@dataclass
class Group:
    """The companies in tree order, the sums, and how many companies the reader may not see."""

    companies: list[Company]
    total: dict[str, Any]
    hidden: int


def group_of(customer: Customer, user: Any) -> Group:
    """The whole group around a customer. Companies of other branches are only counted, unless the reader sees them."""
    top = _top(customer)
    ids = _below(top)
    rows = (
        Customer.objects.visible_to(user)
        .filter(pk__in=ids)
        .select_related("owner", "branch", "facts")
        .defer("search_terms", *without_private("owner"))
    )
    seen = {row.pk: row for row in rows}
    below: dict[int | None, list[Customer]] = {}
    for row in sorted(seen.values(), key=lambda one: (not one.is_group, one.name)):
        boss = row.parent_id if row.parent_id in seen and row.pk != top else None
        below.setdefault(boss, []).append(row)
    companies = [company for root in below.get(None, []) for company in _walk(root, 0, below)]
    return Group(companies, _sum([company.own for company in companies]), len(ids) - len(seen))


def _top(customer: Customer) -> int:
    """The id of the topmost parent; the chain is short and without rings by `parent_problem`."""
    pk, parent = customer.pk, customer.parent_id
    for _level in range(GROUP_DEPTH + 1):
        if parent is None:
            break
        pk = parent
        parent = Customer.objects.filter(pk=pk).values_list("parent", flat=True).first()
    return pk


def _below(top: int) -> set[int]:
    """Ids of the topmost company and everything below it, one query a level."""
    found, level = {top}, [top]
    for _step in range(GROUP_DEPTH + 1):
        level = list(Customer.objects.alive().filter(parent__in=level).values_list("pk", flat=True))
        level = [pk for pk in level if pk not in found]
        if not level:
            break
        found.update(level)
    return found


def _walk(row: Customer, level: int, below: dict[int | None, list[Customer]]) -> Iterator[Company]:
    facts = getattr(row, "facts", None)
    company = Company(row, level, {name: getattr(facts, name, None) for name in FIGURES})
    parts = [list(_walk(child, level + 1, below)) for child in below.get(row.pk, [])]
    everyone = [one for part in parts for one in part]
    company.total = _sum([company.own, *(one.own for one in everyone)])
    company.companies = 1 + len(everyone)
    yield company
    yield from everyone


def _sum(figures: list[dict[str, Any]]) -> dict[str, Any]:
    """Sums per figure; None where nothing is known of any company."""
    totals: dict[str, Any] = {}
    for name in FIGURES:
        known = [one[name] for one in figures if one[name] is not None]
        totals[name] = sum(known, Decimal(0) if "amount" in name else 0) if known else None
    return totals
