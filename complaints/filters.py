"""Filters of cases, shared by list, desk and API."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import OrgUnit
from complaints.choices import FINISHED_STATES, Category, ComplaintState, Severity
from complaints.matrix import CELLS, in_cell
from complaints.models import Complaint
from core.clock import db_now
from core.fields import search_terms_filter
from core.filters import ScopedFilterSet
from crm.models import Customer


def units(request: Any) -> QuerySet[OrgUnit]:
    """The departments to filter by."""
    return OrgUnit.objects.visible_to(request.user) if request else OrgUnit.objects.none()


def customers(request: Any) -> QuerySet[Customer]:
    """The customers to filter by."""
    return Customer.objects.visible_to(request.user) if request else Customer.objects.none()


class ComplaintFilter(ScopedFilterSet):
    """`group` names a situation; `clock` with `department` is one cell of the desk's matrix."""

    search = django_filters.CharFilter(method="by_search", label=_("Search"))
    group = django_filters.ChoiceFilter(
        method="by_group",
        label=_("Situation"),
        empty_label=_("All situations"),
        choices=[
            ("open", pgettext_lazy("state", "Open")),
            ("overdue", _("Past a clock")),
            ("grave", "S1–S2"),
            ("mine", _("Mine")),
            ("internal", _("Internal")),
            ("anonymous", _("Anonymous")),
            ("closed", _("Finished")),
        ],
    )
    clock = django_filters.ChoiceFilter(
        method="by_clock", label=_("Clock"), choices=[(cell.code, cell.label) for cell in CELLS]
    )
    department = django_filters.ModelChoiceFilter(
        field_name="lead_department", queryset=units, label=_("Department"), empty_label=_("All departments")
    )
    severity = django_filters.ChoiceFilter(
        choices=Severity.choices, label=_("Severity"), empty_label=_("All severities")
    )
    state = django_filters.ChoiceFilter(
        choices=ComplaintState.choices, label=_("State"), empty_label=_("All states")
    )
    category = django_filters.ChoiceFilter(
        choices=Category.choices, label=_("Category"), empty_label=_("All categories")
    )
    customer = django_filters.ModelChoiceFilter(
        queryset=customers, label=_("Customer"), widget=forms.HiddenInput
    )

    class Meta:
        model = Complaint
        fields: list[str] = []

    def by_search(self, rows: Any, name: str, value: str) -> Any:
        """By case number, or by the customer's name."""
        by_code = search_terms_filter(rows, "search_terms", value)
        found = Customer.objects.visible_to(self.request.user).filter(search_terms__matches=value)
        return by_code | rows.filter(customer__in=found)

    def by_group(self, rows: Any, name: str, value: str) -> Any:
        """One situation."""
        if value == "open":
            return rows.open()
        if value == "overdue":
            return rows.overdue(db_now())
        if value == "mine":
            user = self.request.user.pk
            return rows.open().filter(handler_id=user) | rows.open().filter(supervisor_id=user)
        columns = {
            "grave": {"severity__in": ["s1", "s2"]},
            "internal": {"internal": True},
            "anonymous": {"anonymous": True},
            "closed": {"state__in": FINISHED_STATES},
        }[value]
        return rows.filter(**columns) if value == "closed" else rows.open().filter(**columns)

    def by_clock(self, rows: Any, name: str, value: str) -> Any:
        """The cases whose worst clock stands in one column of the matrix."""
        return in_cell(rows, value, db_now())
