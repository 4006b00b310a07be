"""How project lists narrow: used by page and API alike."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import db_now
from core.filters import ScopedFilterSet
from core.search_fields import search_terms_filter
from crm.models import Customer
from projects.choices import ENDS, ORDER_STAGES, PRESALE_STAGES, ProductClass, ProjectState
from projects.forms import owners_of
from projects.models import Project

GROUPS = {
    "presale": (_("Opportunities (P01–P05)"), PRESALE_STAGES),
    "orders": (_("Orders (P06–P14)"), ORDER_STAGES),
    "ended": (pgettext_lazy("projects", "Ended"), ENDS),
}


def _state_choices() -> list[tuple[str, Any]]:
    groups = [(code, label) for code, (label, _states) in GROUPS.items()]
    return groups + [(state.value, _short(state)) for state in ProjectState]


def _short(state: ProjectState) -> str:
    return f"{state.short} {state.label}".strip()


class ProjectFilter(ScopedFilterSet):
    """Search by title, number, customer; stage or group of stages; owner; overdue stage."""

    search = django_filters.CharFilter(label=_("Search"), method="by_search")
    state = django_filters.ChoiceFilter(
        label=_("Stage"), choices=_state_choices, method="by_state", empty_label=_("All stages")
    )
    owner = django_filters.ModelChoiceFilter(
        label=_("Project manager"),
        queryset=lambda request: owners_of(request.user),
        empty_label=_("All managers"),
    )
    product_class = django_filters.ChoiceFilter(
        label=_("Product class"), choices=ProductClass.choices, empty_label=_("All classes")
    )
    overdue = django_filters.ChoiceFilter(
        label=_("Time"), choices=[("1", _("Stage overdue"))], method="by_overdue", empty_label=_("Any time")
    )
    customer = django_filters.NumberFilter(label=_("Customer"), method="by_customer", widget=HiddenInput)

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()

    def by_search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        own = search_terms_filter(Project.objects.order_by(), "search_terms", value).values("pk")
        customers = Customer.objects.visible_to(self.request.user).order_by()
        theirs = search_terms_filter(customers, "search_terms", value).values("pk")
        bought = Project.objects.order_by().filter(customer__in=theirs).values("pk")
        return rows.filter(pk__in=own.union(bought))

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        states = GROUPS[value][1] if value in GROUPS else (value,)
        return rows.filter(state__in=states)

    def by_overdue(self, rows: Any, name: str, value: str) -> Any:
        return rows.overdue(db_now())

    def by_customer(self, rows: Any, name: str, value: Any) -> Any:
        return rows.of_customer(int(value))
