"""Filters of privacy, one definition for page and API."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import db_now
from core.filters import ScopedFilterSet
from core.models import AuditEntry
from crm.access_log import KINDS
from crm.forms.fields import DateInput
from crm.models import Consent, PrivacyRequest
from crm.privacy_choices import Purpose, RequestKind

LOG_KINDS = (
    ("reveal", _("Openings of numbers")),
    ("export", _("Exports and copies")),
    ("erasure", _("Erasures")),
)
REQUEST_VIEWS = (
    ("all", pgettext_lazy("privacy request", "All requests")),
    ("open", pgettext_lazy("privacy request", "Open ones")),
    ("overdue", pgettext_lazy("privacy request", "Late ones")),
)


class ConsentFilter(ScopedFilterSet):
    """What people agreed to by person, purpose and whether it still stands."""

    contact = django_filters.NumberFilter(label=_("Contact"))
    purpose = django_filters.ChoiceFilter(choices=Purpose.choices, label=_("Purpose"))
    standing = django_filters.BooleanFilter(
        field_name="withdrawn_at", lookup_expr="isnull", label=_("Still stands")
    )

    class Meta:
        model = Consent
        fields: tuple[str, ...] = ()


class PrivacyRequestFilter(ScopedFilterSet):
    """Requests by state and kind."""

    view = django_filters.ChoiceFilter(
        method="by_view", choices=REQUEST_VIEWS, label=_("View"), empty_label=None, null_label=None
    )
    kind = django_filters.ChoiceFilter(
        choices=RequestKind.choices,
        label=_("Asks for"),
        empty_label=pgettext_lazy("privacy request", "Any kind"),
    )
    contact = django_filters.NumberFilter(label=_("Contact"), widget=forms.HiddenInput)

    class Meta:
        model = PrivacyRequest
        fields: tuple[str, ...] = ()

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """Open ones, late ones or all."""
        if value == "overdue":
            return rows.overdue(db_now())
        return rows.open() if value == "open" else rows


class AccessLogFilter(ScopedFilterSet):
    """The access log by kind, person and days."""

    kind = django_filters.ChoiceFilter(
        method="by_kind", choices=LOG_KINDS, label=_("What happened"), empty_label=_("Everything")
    )
    actor = django_filters.NumberFilter(label=_("By"), widget=forms.HiddenInput)
    since = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("Since"), widget=DateInput
    )
    until = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("Until"), widget=DateInput
    )

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()

    def by_kind(self, rows: Any, name: str, value: str) -> Any:
        """Openings of numbers, what left the product, or erasures."""
        return rows.filter(code__in=KINDS[value])
