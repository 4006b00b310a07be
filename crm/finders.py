"""What the search box finds on the customer floor: customers and contacts."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, F, Q, QuerySet, SmallIntegerField, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.search import normalise, query_terms
from core.search_registry import Badge, Hit, register_search
from crm.choices import CustomerStatus
from crm.models import Contact, Customer

CANDIDATES = 20_000
SEALED = ("mobile", "phone", "wechat", "email")


def found_first(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, their ids found before anything is sorted.

    The limit keeps PostgreSQL from merging the search into the sorted query, where it would walk the sort order and
    test every row against the words.
    """
    return rows.model._default_manager.filter(pk__in=rows.order_by().values("pk")[:CANDIDATES])


def find_customers(user: Any, typed: str, limit: int) -> Sequence[Hit]:
    """Customers by name (hanzi, pinyin, initials, former names), number and credit code; own ones first.

    Without words: those the user worked on last. A whole phone number finds its contacts' customers through
    `find_contacts`.
    """
    rows: Any = Customer.objects.visible_to(user)
    rows = found_first(rows.filter(search_terms__matches=typed)) if typed else rows.owned_by(user)
    mine = Q(owner=user)
    key = normalise(typed)
    rows = rows.annotate(
        is_mine=mine_first(mine), is_exact=mine_first(Q(name_keys__contains=[key]) if key else mine)
    )
    rows = rows.select_related("owner", "branch").defer("search_terms")
    rows = rows.order_by("-is_exact", "-is_mine", F("last_contact_at").desc(nulls_last=True), "-pk")
    return [_customer_hit(row) for row in rows[:limit]]


def mine_first(condition: Q) -> Any:
    """1 where the condition holds, else 0: for sorting."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=SmallIntegerField())


def _customer_hit(row: Customer) -> Hit:
    badges = []
    if row.status != CustomerStatus.ACTIVE:
        badges.append(Badge(row.get_status_display(), "warn"))
    if row.pool_status:
        badges.append(Badge(row.get_pool_status_display()))
    who = row.owner.name if row.owner else ""
    return Hit(
        title=row.name,
        subtitle=" · ".join(filter(None, [row.code, row.get_kind_display(), row.branch.name, who])),
        url=row.get_absolute_url(),
        tier=row.tier,
        badges=badges,
    )


def find_contacts(user: Any, typed: str, limit: int) -> Sequence[Hit]:
    """People by name, pinyin or initials, by a whole number in any spelling, or by its last four digits."""
    if not typed:
        return []
    query = query_terms(typed)
    if query.phone:
        wanted = Q(mobile=typed) | Q(phone=typed)
    elif query.last_four:
        wanted = Q(mobile_last4=query.last_four) | Q(phone_last4=query.last_four)
    else:
        wanted = Q(search_terms__matches=typed)
    rows = found_first(Contact.objects.visible_to(user).filter(wanted))
    rows = rows.annotate(is_mine=mine_first(Q(customer__owner=user)))
    rows = rows.select_related("customer").defer(*SEALED, "search_terms", "customer__search_terms")
    rows = rows.order_by("-is_mine", F("last_contact_at").desc(nulls_last=True), "-pk")
    return [
        Hit(
            title=row.name,
            subtitle=" · ".join(filter(None, [row.customer.called, row.title])),
            url=row.get_absolute_url(),
            tier=row.customer.tier,
            meta=row.mobile_masked or row.phone_masked,  # type: ignore[attr-defined]
        )
        for row in rows[:limit]
    ]


def _list_url(name: str) -> Any:
    return lambda typed: f"{reverse(name)}?{urlencode({'search': typed})}"


register_search(
    "customers",
    pgettext_lazy("navigation", "Customers"),
    "customer",
    find_customers,
    permission="crm.view_customer",
    list_url=_list_url("crm:customer_list"),
    order=10,
)
register_search(
    "contacts",
    _("Contacts"),
    "contacts",
    find_contacts,
    permission="crm.view_contact",
    list_url=_list_url("crm:contact_list"),
    order=20,
)
