"""Filters of answers, invitations and recoveries, shared by pages and API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import OrgUnit, User
from core.clock import db_now
from core.fields import search_terms_filter
from core.filters import ScopedFilterSet
from crm.models import Customer
from service.models import Ticket
from surveys.choices import InvitationState, RecoveryState, SendChannel
from surveys.models import Invitation, Recovery, Response


def customers(request: Any) -> QuerySet[Customer]:
    """The customers to filter by."""
    return Customer.objects.visible_to(request.user) if request else Customer.objects.none()


def units(request: Any) -> QuerySet[OrgUnit]:
    """The branches to filter by."""
    return (
        OrgUnit.objects.visible_to(request.user).filter(kind="branch") if request else OrgUnit.objects.none()
    )


def people(request: Any) -> QuerySet[User]:
    """Colleagues to filter by."""
    return User.objects.visible_to(request.user).order_by("username") if request else User.objects.none()


class CustomerSearch(ScopedFilterSet):
    """What all lists here share: search by customer or ticket number, one customer, one branch."""

    ticket_path = "ticket"

    search = django_filters.CharFilter(method="by_search", label=_("Search"))
    branch = django_filters.ModelChoiceFilter(
        queryset=units, label=_("Branch"), empty_label=_("All branches")
    )
    customer = django_filters.ModelChoiceFilter(
        queryset=customers, label=_("Customer"), widget=forms.HiddenInput
    )

    def by_search(self, rows: Any, name: str, value: str) -> Any:
        """By ticket number, or by the customer's name."""
        user = self.request.user
        tickets = search_terms_filter(Ticket.objects.visible_to(user), "search_terms", value)
        found = Customer.objects.visible_to(user).filter(search_terms__matches=value)
        return rows.filter(**{f"{self.ticket_path}__in": tickets}) | rows.filter(customer__in=found)


class ResponseFilter(CustomerSearch):
    """`group` names a kind of answer, `days` how far back, `csat` one score."""

    group = django_filters.ChoiceFilter(
        method="by_group",
        label=_("Kind of answer"),
        empty_label=_("All answers"),
        choices=[
            ("low", _("Low")),
            ("open", _("Recovery open")),
            ("complaint", _("Became a complaint")),
            ("text", _("With a remark")),
            ("unsolved", _("Not solved")),
        ],
    )
    csat = django_filters.ChoiceFilter(
        choices=[(number, f"{number} / 5") for number in range(1, 6)],
        label=_("Score"),
        empty_label=_("All scores"),
    )
    days = django_filters.ChoiceFilter(
        method="by_days",
        label=_("Period"),
        empty_label=_("All time"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("12 months"))],
    )
    engineer = django_filters.ModelChoiceFilter(
        queryset=people, label=_("Engineer"), widget=forms.HiddenInput
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=people, label=_("Project manager"), widget=forms.HiddenInput
    )
    ticket = django_filters.NumberFilter(label=_("Ticket"), widget=forms.HiddenInput)

    class Meta:
        model = Response
        fields: list[str] = []

    def by_group(self, rows: Any, name: str, value: str) -> Any:
        """One kind of answer."""
        if value == "low":
            return rows.low()
        if value == "open":
            return rows.filter(recovery__in=Recovery.objects.visible_to(self.request.user).open())
        columns = {
            "complaint": {"recovery__complaint__isnull": False},
            "text": {"remark__gt": ""},
            "unsolved": {"fixed": "no"},
        }[value]
        return rows.filter(**columns)

    def by_days(self, rows: Any, name: str, value: str) -> Any:
        """Received within the last days."""
        return rows.filter(received_at__gte=db_now() - timedelta(days=int(value)))


class InvitationFilter(CustomerSearch):
    """`state`, and `group=hand_over` for the links somebody must hand over."""

    state = django_filters.ChoiceFilter(
        choices=InvitationState.choices, label=_("State"), empty_label=_("All states")
    )
    group = django_filters.ChoiceFilter(
        method="by_group",
        label=_("Situation"),
        empty_label=_("All situations"),
        choices=[("hand_over", _("Link to hand over")), ("again", _("Asked again"))],
    )
    channel = django_filters.ChoiceFilter(
        choices=SendChannel.choices, label=_("Channel"), empty_label=_("All channels")
    )
    ticket = django_filters.NumberFilter(label=_("Ticket"), widget=forms.HiddenInput)

    class Meta:
        model = Invitation
        fields: list[str] = []

    def by_group(self, rows: Any, name: str, value: str) -> Any:
        """One situation."""
        return rows.to_hand_over() if value == "hand_over" else rows.filter(recovery__isnull=False)


class RecoveryFilter(CustomerSearch):
    """`group` names a situation: open, overdue, mine, won back or not."""

    ticket_path = "response__ticket"

    group = django_filters.ChoiceFilter(
        method="by_group",
        label=_("Situation"),
        empty_label=_("All situations"),
        choices=[
            ("open", pgettext_lazy("state", "Open")),
            ("overdue", _("Call overdue")),
            ("mine", _("Mine")),
            ("won", _("Won back")),
            ("complaint", _("Became a complaint")),
        ],
    )
    state = django_filters.ChoiceFilter(
        choices=RecoveryState.choices, label=_("State"), empty_label=_("All states")
    )

    class Meta:
        model = Recovery
        fields: list[str] = []

    def by_group(self, rows: Any, name: str, value: str) -> Any:
        """One situation."""
        if value == "open":
            return rows.open()
        if value == "overdue":
            return rows.uncalled(db_now())
        columns = {
            "mine": {"owner": self.request.user},
            "won": {"recovered": True},
            "complaint": {"complaint__isnull": False},
        }[value]
        return rows.filter(**columns)
