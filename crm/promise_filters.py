"""Filters of the promise ledger, one definition for page and API."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import db_now
from core.filters import ScopedFilterSet
from crm.choices import PromiseState
from crm.filters import owners
from crm.models import Customer, Promise

PROMISE_VIEWS = (
    ("mine", _("Owed by me")),
    ("overdue", _("Overdue")),
    ("", _("All open")),
    ("judged", _("Due in 12 months")),
    ("broken", _("Broken")),
)


class PromiseFilter(ScopedFilterSet):
    """Promises by text, person, state and day."""

    search = django_filters.CharFilter(method="by_text", label=_("Search"))
    view = django_filters.ChoiceFilter(
        method="by_view", choices=PROMISE_VIEWS, label=_("Show"), widget=forms.HiddenInput
    )
    state = django_filters.ChoiceFilter(
        choices=PromiseState.choices, label=_("State"), empty_label=_("All states")
    )
    owner = django_filters.ModelChoiceFilter(queryset=owners, label=_("Owner"), empty_label=_("All owners"))
    customer = django_filters.NumberFilter(label=_("Customer"), widget=forms.HiddenInput)
    due_from = django_filters.IsoDateTimeFilter(
        field_name="due_at", lookup_expr="gte", widget=forms.HiddenInput
    )
    due_before = django_filters.IsoDateTimeFilter(
        field_name="due_at", lookup_expr="lt", widget=forms.HiddenInput
    )

    class Meta:
        model = Promise
        fields: tuple[str, ...] = ()

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        """The customer's name, or words of the promise."""
        customers = Customer.objects.alive().matching_names(value).values("pk")
        return rows.filter(customer__in=customers) | rows.filter(text__icontains=value.strip())

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        now = db_now()
        if value == "mine":
            return rows.filter(owner=self.request.user)
        if value == "overdue":
            return rows.overdue(now)
        if value == "judged":
            return rows.judged(now)
        return rows.filter(state=PromiseState.BROKEN) if value == "broken" else rows
