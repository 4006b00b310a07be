"""Filters of pumps, tickets and reports, shared by pages and API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from core.clock import db_now
from core.fields import search_terms_filter
from core.filters import ScopedFilterSet
from core.kept import Kept
from crm.models import Customer
from service.choices import (
    FINISHED_STATES,
    OPEN_STATES,
    QUEUE_STATES,
    WAITING_STATES,
    WORK_STATES,
    Priority,
    PumpStatus,
    ReportState,
    TicketState,
    TicketType,
)
from service.faults import SYMPTOM_CHOICES
from service.models import IntakeReport, Pump, ServiceReport, Ticket


def customers(request: Any) -> QuerySet[Customer]:
    """The customers to filter by."""
    return Customer.objects.visible_to(request.user) if request else Customer.objects.none()


def engineers(request: Any) -> QuerySet[User]:
    """The engineers to filter by, those of old tickets included."""
    return User.objects.visible_to(request.user).order_by("username") if request else User.objects.none()


class TicketFilter(ScopedFilterSet):
    """`group` names a work situation: queue, working, waiting, confirm, callback, open, closed, overdue, mine.

    Without a filter on the past, old tickets taken over from another system are left out.
    """

    search = django_filters.CharFilter(method="by_search", label=_("Search"))
    group = django_filters.ChoiceFilter(
        method="by_group",
        label=_("Situation"),
        empty_label=_("All situations"),
        choices=[
            ("open", pgettext_lazy("state", "Open")),
            ("mine", _("Mine")),
            ("queue", _("To dispatch")),
            ("working", _("Being worked on")),
            ("waiting", _("Waiting")),
            ("confirm", _("Customer to confirm")),
            ("callback", _("Call-back due")),
            ("overdue", _("Past a promised time")),
            ("closed", _("Closed")),
        ],
    )
    state = django_filters.ChoiceFilter(
        choices=TicketState.choices, label=_("State"), empty_label=_("All states")
    )
    priority = django_filters.ChoiceFilter(
        choices=Priority.choices, label=_("Priority"), empty_label=_("All priorities")
    )
    type = django_filters.ChoiceFilter(
        choices=TicketType.choices, label=_("Type"), empty_label=_("All types")
    )
    symptom = django_filters.ChoiceFilter(
        choices=SYMPTOM_CHOICES, label=_("Symptom"), empty_label=_("All symptoms")
    )
    engineer = django_filters.ModelChoiceFilter(
        queryset=engineers, label=_("Engineer"), widget=forms.HiddenInput
    )
    customer = django_filters.ModelChoiceFilter(
        queryset=customers, label=_("Customer"), widget=forms.HiddenInput
    )
    pump = django_filters.NumberFilter(field_name="pumps", label=_("Pump"), widget=forms.HiddenInput)
    year = django_filters.NumberFilter(method="by_year", label=_("Year"), widget=forms.HiddenInput)
    historical = django_filters.BooleanFilter(
        method="by_history", label=_("Old system"), widget=forms.HiddenInput
    )

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()

    @property
    def qs(self) -> Any:
        rows = super().qs
        asked = self.form.cleaned_data.get("historical") if self.is_bound and self.form.is_valid() else None
        return rows.live() if asked is None else rows

    def by_search(self, rows: Any, name: str, value: str) -> Any:
        """Ticket number, words of the description, customer, or a pump's serial number."""
        tickets = Ticket.objects.order_by()
        by_words = search_terms_filter(tickets, "search_terms", value)
        by_customer = tickets.filter(customer__in=Customer.objects.matching(value))
        pumps = search_terms_filter(Pump.objects.order_by(), "search_terms", value)
        by_pump = tickets.filter(pumps__in=pumps)
        found = by_words.values("pk").union(by_customer.values("pk"), by_pump.values("pk"))
        return rows.filter(pk__in=found)

    def by_group(self, rows: Any, name: str, value: str) -> Any:
        user = getattr(self.request, "user", None)
        return group_rows(rows, value, user, db_now() if value == "overdue" else None)

    def by_year(self, rows: Any, name: str, value: Any) -> Any:
        """Received in a calendar year of Shanghai."""
        return rows.filter(received_at__year=int(value))

    def by_history(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(historical=value)


GROUP_STATES: dict[str, tuple[str, ...]] = {
    "open": OPEN_STATES,
    "queue": QUEUE_STATES,
    "working": (TicketState.ASSIGNED, *WORK_STATES),
    "waiting": WAITING_STATES,
    "confirm": (TicketState.RESOLVED, TicketState.PENDING_CONFIRM),
    "callback": (TicketState.PENDING_CALLBACK,),
    "closed": FINISHED_STATES,
}


def group_rows(rows: Any, group: str, user: Any, now: datetime | None) -> Any:
    """The rows of one work situation; only "overdue" asks what time it is."""
    if group == "overdue":
        return rows.overdue(now)
    if group == "mine":
        return rows.open().filter(Q(engineer=user) | Q(owner=user))
    return rows.filter(state__in=GROUP_STATES[group])


def _counted(user: Any, now: datetime) -> Any:
    counts = {code: Count("state", filter=Q(state__in=GROUP_STATES[code])) for code in COUNTED[:-1]}
    # grouped by a constant: one row with all counts
    seen = Ticket.objects.visible_to(user)
    late = seen.overdue(now).order_by().values(all=Value(1)).annotate(total=Count("*"))
    tickets = seen.open().order_by().values(all=Value(1)).annotate(**counts)
    return tickets.annotate(overdue=Coalesce(Subquery(late.values("total")), 0)).values(*COUNTED)


COUNTED = ("queue", "working", "waiting", "confirm", "callback", "overdue")
_COUNTS = Kept(_counted, datetime)


def count_groups(user: Any, now: datetime) -> dict[str, int]:
    """How many open tickets that the user sees stand in each work situation, in one query."""
    return _COUNTS.first(user, now) or dict.fromkeys(COUNTED, 0)


class PumpFilter(ScopedFilterSet):
    """By serial, model, position; status; customer."""

    search = django_filters.CharFilter(method="by_search", label=_("Search"))
    status = django_filters.ChoiceFilter(
        choices=PumpStatus.choices, label=_("Status"), empty_label=_("All statuses")
    )
    customer = django_filters.ModelChoiceFilter(
        queryset=customers, label=_("Customer"), widget=forms.HiddenInput
    )

    class Meta:
        model = Pump
        fields: tuple[str, ...] = ()

    def by_search(self, rows: Any, name: str, value: str) -> Any:
        """Any part of serial number, position or model, or the customer."""
        pumps = Pump.objects.order_by()
        by_words = search_terms_filter(pumps, "search_terms", value)
        by_customer = pumps.filter(customer__in=Customer.objects.matching(value))
        return rows.filter(pk__in=by_words.values("pk").union(by_customer.values("pk")))


class ServiceReportFilter(ScopedFilterSet):
    """By state and ticket."""

    state = django_filters.ChoiceFilter(
        choices=ReportState.choices, label=_("State"), empty_label=_("All states")
    )
    ticket = django_filters.NumberFilter(label=_("Ticket"), widget=forms.HiddenInput)

    class Meta:
        model = ServiceReport
        fields: tuple[str, ...] = ()


class IntakeReportFilter(ScopedFilterSet):
    """By state."""

    state = django_filters.ChoiceFilter(
        choices=IntakeReport._meta.get_field("state").choices, label=_("State"), empty_label=_("All states")
    )

    class Meta:
        model = IntakeReport
        fields: tuple[str, ...] = ()
