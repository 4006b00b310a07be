"""Filters of decisions by hand and retention plans, one definition for page and API."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.filters import ScopedFilterSet
from crm.choices import OverrideKind, OverrideState, PlanState
from crm.models import Override, RetentionPlan

OVERRIDE_VIEWS = (("", _("All")), ("waiting", _("To be decided")), ("in_force", _("In force")))
PLAN_VIEWS = (("", _("All")), ("open", pgettext_lazy("state", "Open")), ("mine", _("Mine")))


class OverrideFilter(ScopedFilterSet):
    """By kind, state and customer."""

    view = django_filters.ChoiceFilter(
        method="by_view", choices=OVERRIDE_VIEWS, label=_("Show"), widget=forms.HiddenInput
    )
    kind = django_filters.ChoiceFilter(
        choices=OverrideKind.choices, label=_("What"), empty_label=_("All kinds")
    )
    state = django_filters.ChoiceFilter(
        choices=OverrideState.choices, label=_("State"), empty_label=_("All states")
    )
    customer = django_filters.NumberFilter(label=_("Customer"), widget=forms.HiddenInput)

    class Meta:
        model = Override
        fields: tuple[str, ...] = ()

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        return rows.waiting() if value == "waiting" else rows.in_force()


class RetentionPlanFilter(ScopedFilterSet):
    """By state, owner and customer."""

    view = django_filters.ChoiceFilter(
        method="by_view", choices=PLAN_VIEWS, label=_("Show"), widget=forms.HiddenInput
    )
    state = django_filters.ChoiceFilter(
        choices=PlanState.choices, label=_("State"), empty_label=_("All states")
    )
    customer = django_filters.NumberFilter(label=_("Customer"), widget=forms.HiddenInput)

    class Meta:
        model = RetentionPlan
        fields: tuple[str, ...] = ()

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        return rows.filter(owner=self.request.user) if value == "mine" else rows.open()
