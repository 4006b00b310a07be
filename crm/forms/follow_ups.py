"""Input of next steps and of what becomes of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from accounts.models import User
from core.clock import db_now
from core.forms import (
    ReasonForm,
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
    TransitionForm,
)
from crm.choices import FollowUpKind
from crm.forms.fields import CHIP_DATE, CHIPS, DateInput, checked_day
from crm.models import Customer, FollowUp, Site
from crm.planning import due_on


class FollowUpForm(ScopedForm):
    """A next step planned without a log."""

    customer = ScopedChoiceField(Customer, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Next step"), max_length=200)
    due_on = forms.DateField(label=_("When"), required=False, widget=DateInput(attrs=CHIP_DATE))
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Sort"),
        required=False,
        choices=[(one.value, one.label) for one in (FollowUpKind.STEP, FollowUpKind.VISIT)],
        initial=FollowUpKind.STEP,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    site = ScopedChoiceField(Site, label=_("Place of the visit"), required=False, empty_label=_("none"))

    def __init__(self, *args: Any, for_customer: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_customer is not None:
            places: Any = self.fields["site"]
            places.queryset = places.queryset.filter(customer=for_customer).order_by("name")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = checked_day(self, data)
        data["kind"] = data.get("kind") or FollowUpKind.STEP
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


class FinishForm(ScopedForm):
    """Done; and, if a day is chosen, what comes next."""

    next_on = forms.DateField(label=_("Next step on"), required=False, widget=DateInput(attrs=CHIP_DATE))
    next_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    next_step = forms.CharField(
        label=_("Next step"), max_length=200, required=False, help_text=_("Empty: the same again.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.pop("next_on", None)
        data["next_at"] = data.get("next_at") or (due_on(day) if day else None)
        if data["next_at"] is not None and data["next_at"] <= db_now():
            self.add_error("next_on", _("Choose a day that has not passed."))
        if data.get("next_step") and data["next_at"] is None:
            self.add_error("next_on", _("Choose the day of the next step."))
        return data


class RescheduleForm(TransitionForm):
    """Another day; a reason only for an overdue one."""

    due_on = forms.DateField(label=_("New day"), required=False, widget=DateInput())
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("Needed when it is overdue.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = checked_day(self, data)
        return data


class NudgeForm(TransitionForm):
    """A word to the owner."""

    note = forms.CharField(label=_("A word to the owner"), max_length=200, required=False)


class HandOverForm(TransitionForm):
    """Which colleague takes it, and why."""

    to = ScopedChoiceField(User, label=_("To whom"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.holding(Role.PM, Role.BM, now=db_now())
        if self.row is not None:
            people = people.filter(unit=self.row.customer.branch).exclude(pk=self.row.owner_id)  # type: ignore[attr-defined]
        self.fields["to"].queryset = people.order_by("username")  # type: ignore[attr-defined]


FOLLOW_UP_FORMS = {
    "complete": CompleteForm,
    "snooze": SnoozeForm,
    "reschedule": RescheduleForm,
    "nudge": NudgeForm,
    "hand_over": HandOverForm,
    "cancel": ReasonForm,
}


FOLLOW_UP_LABELS = {
    "complete": _("Done"),
    "snooze": _("Postpone"),
    "reschedule": pgettext_lazy("follow-up", "Move"),
    "nudge": _("Nudge"),
    "hand_over": _("Hand over"),
    "cancel": _("Cancel the follow-up"),
}
