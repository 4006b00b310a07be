"""Input of next steps and of what becomes of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import (
    ReasonForm,
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
    TransitionForm,
)
from crm.forms.fields import CHIP_DATE, DateInput, checked_day
from crm.models import Customer, FollowUp


class FollowUpForm(ScopedForm):
    """A next step planned without a log."""

    customer = ScopedChoiceField(Customer, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Next step"), max_length=200)
    due_on = forms.DateField(label=_("When"), required=False, widget=DateInput(attrs=CHIP_DATE))
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = checked_day(self, data)
        return data


class FollowUpUpdateForm(ScopedModelForm):
    """The words of a follow-up; its day changes by postponing, with a reason."""

    class Meta:
        model = FollowUp
        fields = ("text",)


class CompleteForm(TransitionForm):
    """A follow-up that is done."""


class SnoozeForm(TransitionForm):
    """The new day and why."""

    due_on = forms.DateField(label=_("New day"), required=False, widget=DateInput())
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = checked_day(self, data)
        return data


FOLLOW_UP_FORMS = {"complete": CompleteForm, "snooze": SnoozeForm, "cancel": ReasonForm}


FOLLOW_UP_LABELS = {"complete": _("Done"), "snooze": _("Postpone"), "cancel": _("Cancel the follow-up")}
