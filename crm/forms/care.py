"""Input of care: the rhythm of contact, days to remember."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ScopedForm, ScopedModelForm
from crm.models import CareDate


class RhythmForm(ScopedForm):
    """How often this customer wants to hear from us; empty is as often as its class is promised."""

    every_days = forms.IntegerField(
        label=_("Contact every … days"),
        min_value=1,
        max_value=365,
        required=False,
        help_text=_("Empty: as its class."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CareDateForm(ScopedModelForm):
    """A day of the year that matters to the customer as a company."""

    class Meta:
        model = CareDate
        fields = ("kind", "month", "day", "label")


class CareDateRemoveForm(ScopedForm):
    """Asked before a day is forgotten."""
