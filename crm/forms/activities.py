"""Input of contact logs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import db_now
from core.forms import (
    ManyFilesField,
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
)
from crm.choices import CHANNELS, ActivityOutcome, ActivityType, Direction, LogFile
from crm.forms.fields import CHIP_DATE, CHIPS, TEXT, ContactChips, DateInput
from crm.models import Activity, Contact, Customer, FollowUp
from crm.planning import due_on


class ActivityForm(ScopedForm):
    """One contact with its next step.

    People pick a `channel` chip and a day; programs may give `type`, `direction`, `outcome` and `next_at` instead.
    An empty next step is taken from the text.
    """

    customer = ScopedChoiceField(Customer, widget=forms.HiddenInput)
    follow_up = ScopedChoiceField(FollowUp, required=False, widget=forms.HiddenInput)
    contacts = ContactChips(
        Contact, label=_("Contacts"), required=False, widget=forms.CheckboxSelectMultiple(attrs=CHIPS)
    )
    new_contact = forms.CharField(label=_("New contact"), max_length=40, required=False)
    channel = forms.ChoiceField(
        label=_("How and with what result"),
        choices=[(one.code, one.label) for one in CHANNELS],
        required=False,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    type = forms.ChoiceField(choices=ActivityType.choices, required=False, widget=forms.HiddenInput)
    direction = forms.ChoiceField(choices=Direction.choices, required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(choices=ActivityOutcome.choices, required=False, widget=forms.HiddenInput)
    summary = forms.CharField(label=_("What was said"), max_length=5000, widget=TEXT)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(label=_("When"), required=False, widget=DateInput(attrs=CHIP_DATE))
    next_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    occurred_at = forms.DateTimeField(
        label=_("Happened at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    duration_minutes = forms.IntegerField(
        label=_("How long (minutes)"), min_value=1, max_value=1440, required=False
    )
    late_reason = forms.CharField(label=_("Why late, or at an odd hour"), max_length=200, required=False)
    promise = forms.CharField(label=_("What we promised"), max_length=200, required=False)
    promised_on = forms.DateField(label=_("By when"), required=False, widget=DateInput())
    promised_for = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    files = ManyFilesField(label=_("Photos, recordings, papers"), required=False)
    file_kind = forms.ChoiceField(
        label=_("What the files are"),
        choices=[("", _("Photo or paper")), *LogFile.choices],
        required=False,
    )
    form_open_ms = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, for_customer: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_customer is not None:
            people: Any = self.fields["contacts"]
            people.queryset = (
                people.queryset.here().filter(customer=for_customer).order_by("-is_primary", "pk")
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.pop("channel", "")
        channel = next((one for one in CHANNELS if one.code == code), None)
        if channel is not None:
            data.update(type=channel.type, direction=channel.direction, outcome=channel.outcome)
        elif not (data.get("type") and data.get("outcome")):
            self.add_error("channel", _("Choose how the contact was made."))
        data["direction"] = data.get("direction") or Direction.OUT
        day = data.pop("next_on", None)
        data["next_at"] = data.get("next_at") or (due_on(day) if day else None)
        if not data.get("next_at") and not self.errors:
            self.add_error("next_on", _("Choose the day of the next step."))
        self._check_people(data)
        self._check_promise(data)
        return data

    def _check_promise(self, data: dict[str, Any]) -> None:
        """A promise is for the day named, else for the day of the next step."""
        day = data.pop("promised_on", None)
        data["promised_for"] = data.get("promised_for") or (due_on(day) if day else data.get("next_at"))
        if data.get("promise") and data["promised_for"] and data["promised_for"] <= db_now():
            self.add_error("promised_on", _("Choose a day that has not passed."))

    def _check_people(self, data: dict[str, Any]) -> None:
        customer, people = data.get("customer"), data.get("contacts") or []
        if customer is not None and any(person.customer_id != customer.pk for person in people):
            self.add_error("contacts", _("Choose contacts of this customer."))
        planned = data.get("follow_up")
        if customer is not None and planned is not None and planned.customer_id != customer.pk:
            self.add_error(None, _("The follow-up belongs to another customer."))


class ActivityUpdateForm(ScopedModelForm):
    """The words of a log, correctable by its author for a day."""

    class Meta:
        model = Activity
        fields = ("summary", "next_step")
        widgets = {"summary": TEXT}


class CheckInForm(ScopedForm):
    """Where the device says it is."""

    latitude = forms.DecimalField(max_digits=9, decimal_places=6, widget=forms.HiddenInput)
    longitude = forms.DecimalField(max_digits=9, decimal_places=6, widget=forms.HiddenInput)
    accuracy = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
