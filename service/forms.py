"""Input of service, shared by pages and API."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from accounts.models import User
from core.clock import db_now
from core.forms import (
    ManyFilesField,
    ManyFilesInput,
    ReasonForm,
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
    ScopedMultipleChoiceField,
    TransitionForm,
)
from crm.models import Contact, Customer, Site
from service.choices import CauseClass, Channel, ConfirmMethod, Impact, Priority, TicketType
from service.faults import ACTION_CHOICES, READINGS, SAFETY_CHOICES, SYMPTOM_CHOICES
from service.models import Pump, Ticket

CHIPS = {"class": "chips"}
NO_CHOICE = ("", "—")


def chips(**attrs: str) -> forms.RadioSelect:
    """Radio buttons drawn as chips."""
    return forms.RadioSelect(attrs=CHIPS | attrs)


def many_chips() -> forms.CheckboxSelectMultiple:
    """Check boxes drawn as chips."""
    return forms.CheckboxSelectMultiple(attrs=CHIPS)


# --- tickets ----------------------------------------------------------------------------------------------------------


class TicketForm(ScopedForm):
    """Registering a request; the fewest words that let us decide what is promised."""

    customer = ScopedChoiceField(Customer, label=_("Customer"))
    contact = ScopedChoiceField(Contact, label=_("Contact"), required=False)
    pumps = ScopedMultipleChoiceField(Pump, label=_("Pumps"), required=False)
    site = ScopedChoiceField(Site, label=_("Site"), required=False)
    type = forms.ChoiceField(
        label=_("Type"), choices=TicketType, initial=TicketType.REPAIR, required=False, widget=chips()
    )
    symptom = forms.ChoiceField(label=_("Symptom"), choices=SYMPTOM_CHOICES, required=False, widget=chips())
    impact = forms.ChoiceField(label=_("Impact"), choices=Impact, widget=chips())
    safety_flag = forms.BooleanField(
        label=_("Injury, pollution, public water or a fire pump"), required=False
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    diagnosis = forms.CharField(
        label=_("First diagnosis told to the caller"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A first diagnosis is our response: it stops the response clock."),
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel, initial=Channel.PHONE, required=False)
    planned_on = forms.DateField(
        label=_("Agreed day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("For installation and maintenance."),
    )

    def clean_type(self) -> str:
        return self.cleaned_data["type"] or TicketType.REPAIR

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or Channel.PHONE


class TicketChangeForm(ScopedModelForm):
    """What a dispatcher may correct afterwards; priority and state have their own steps."""

    class Meta:
        model = Ticket
        fields = ("description", "symptom", "contact", "planned_on", "difficulty")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.visible_to(self.user).filter(customer=self.instance.customer_id)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]


class EngineerField(forms.ModelChoiceField):
    """One of the active after-sales engineers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), **kwargs)


class DispatchForm(TransitionForm):
    """Whom to offer the ticket to and when."""

    engineer = EngineerField(label=_("Engineer"))
    planned_start = forms.DateTimeField(
        label=_("From"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    planned_minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=15, max_value=10080, initial=120
    )
    note = forms.CharField(label=_("Note to the engineer"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["engineer"].queryset = User.objects.holding(Role.AE, now=db_now())  # type: ignore[attr-defined]


class DiagnosisForm(TransitionForm):
    """A step at which a first diagnosis may be recorded."""

    diagnosis = forms.CharField(
        label=_("First diagnosis"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is probably wrong and what the customer was told; it stops the response clock."),
    )


class RequiredDiagnosisForm(DiagnosisForm):
    """The step that is nothing but a diagnosis."""

    diagnosis = forms.CharField(
        label=_("First diagnosis"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PriorityForm(ReasonForm):
    """A new priority with the reason."""

    priority = forms.ChoiceField(label=_("Priority"), choices=Priority, widget=chips())
    field_order = ("priority", "reason")


class TravelForm(TransitionForm):
    """When the engineer expects to be there."""

    eta = forms.DateTimeField(
        label=_("There at"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )


class ArriveForm(TransitionForm):
    """A position, once, if the engineer gives it."""

    latitude = forms.FloatField(min_value=-90, max_value=90, required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(min_value=-180, max_value=180, required=False, widget=forms.HiddenInput)
    accuracy = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class WaitForm(ReasonForm):
    """A proven wait."""

    proof = forms.CharField(
        label=_("Proof"), required=False, max_length=200, help_text=_("Mail, order number, who said it when")
    )
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    field_order = ("reason", "proof", "expected_on")


class NoteForm(TransitionForm):
    """A step with an optional note."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConfirmForm(TransitionForm):
    """How the customer's confirmation reached us."""

    method = forms.ChoiceField(
        label=_("Proof"),
        choices=[choice for choice in ConfirmMethod.choices if choice[0] != ConfirmMethod.LINK],
        initial=ConfirmMethod.RECORDED_CALL,
        required=False,
        widget=chips(),
    )

    def clean_method(self) -> str:
        return self.cleaned_data["method"] or ConfirmMethod.RECORDED_CALL


class YesNoField(forms.TypedChoiceField):
    """Yes or no as chips, yes chosen; left out it means yes, unless it is required."""

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(
            choices=[("true", _("Yes")), ("false", _("No"))],
            coerce=lambda word: word == "true",
            empty_value=cast(Any, True),
            initial="true",
            required=required,
            widget=chips(),
            **kwargs,
        )


class CallBackForm(TransitionForm):
    """What the customer says to a second person."""

    reached = YesNoField(label=_("Customer reached"))
    fixed = YesNoField(
        label=_("The fault is gone"),
        required=True,
        help_text=_("A fault that is not gone reopens the ticket one priority higher."),
    )
    attitude = forms.TypedChoiceField(
        label=_("Engineer's manner, 1–5"),
        choices=[(str(n), str(n)) for n in range(1, 6)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=chips(),
    )
    cost_explained = YesNoField(label=_("Costs were explained"))
    visit_verified = YesNoField(label=_("The visit really took place"))
    open_points = forms.CharField(
        label=_("Still open"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class MergeForm(TransitionForm):
    """The ticket to join."""

    into = ScopedChoiceField(Ticket, label=_("Join to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is not None:
            field = self.fields["into"]
            field.queryset = (  # type: ignore[attr-defined]
                field.queryset.open().filter(customer=self.row.customer_id).exclude(pk=self.row.pk)  # type: ignore[attr-defined]
            )


TICKET_FORMS: dict[str, Any] = {
    "accept": DiagnosisForm,
    "diagnose": RequiredDiagnosisForm,
    "dispatch": DispatchForm,
    "take": DiagnosisForm,
    "decline": ReasonForm,
    "travel": TravelForm,
    "arrive": ArriveForm,
    "wait_parts": WaitForm,
    "wait_customer": WaitForm,
    "wait_window": WaitForm,
    "restore": NoteForm,
    "resolve": NoteForm,
    "confirm": ConfirmForm,
    "call_back": CallBackForm,
    "close": NoteForm,
    "cancel": ReasonForm,
    "reopen": ReasonForm,
    "change_priority": PriorityForm,
    "merge": MergeForm,
}

TICKET_LABELS: dict[str, Any] = {
    "accept": _("Accept"),
    "diagnose": _("Record diagnosis"),
    "dispatch": _("Dispatch"),
    "take": _("Take"),
    "decline": _("Decline"),
    "return_unanswered": _("Return unanswered"),
    "travel": _("Set out"),
    "arrive": _("Arrived"),
    "wait_parts": _("Wait for parts"),
    "wait_customer": _("Wait for customer"),
    "wait_window": _("Wait for window"),
    "resume": _("Go on"),
    "restore": _("Runs again"),
    "resolve": _("Resolved"),
    "ask_confirmation": _("Ask to confirm"),
    "confirm": _("Customer confirmed"),
    "call_back": _("Call back"),
    "close": _("Close ticket"),
    "cancel": _("Cancel ticket"),
    "reopen": _("Reopen"),
    "change_priority": _("Change priority"),
    "merge": _("Merge"),
}


# --- reports ----------------------------------------------------------------------------------------------------------


def _readings() -> dict[str, forms.Field]:
    """Measured values before and after the work, each optional."""
    return {
        f"{name}_{moment}": forms.DecimalField(
            label=format_lazy("{} {}, {}", label, word, unit), required=False, max_digits=9, decimal_places=2
        )
        for name, (label, unit) in READINGS.items()
        for moment, word in (("before", _("before")), ("after", _("after")))
    }


ReadingsForm: Any = type("ReadingsForm", (ScopedForm,), _readings())


class ServiceReportForm(ReadingsForm):
    """The engineer's report, mostly taps. `columns()` are the report's own values."""

    symptom = forms.ChoiceField(label=_("Symptom"), choices=SYMPTOM_CHOICES, widget=chips())
    cause_class = forms.ChoiceField(label=_("Cause"), choices=CauseClass, widget=chips())
    actions = forms.MultipleChoiceField(label=_("What was done"), choices=ACTION_CHOICES, widget=many_chips())
    hours = forms.DecimalField(label=_("Hours worked"), min_value=0, max_value=400, decimal_places=1)
    summary = forms.CharField(
        label=_("In words"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    parts_text = forms.CharField(label=_("Parts used"), required=False, max_length=1000)
    old_part_returned = forms.BooleanField(label=_("Old part taken back"), required=False)
    safety_checks = forms.MultipleChoiceField(
        label=pgettext_lazy("ticket", "Safety"), choices=SAFETY_CHOICES, required=False, widget=many_chips()
    )
    advice = forms.CharField(label=_("Advice to the customer"), required=False, max_length=1000)
    charges = forms.CharField(label=_("Charge items"), required=False, max_length=300)
    next_visit_on = forms.DateField(
        label=_("Next visit"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    photos = ManyFilesField(
        label=_("Photos"),
        required=False,
        widget=ManyFilesInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    signer_name = forms.CharField(
        label=_("Signed by (customer)"),
        required=False,
        max_length=60,
        help_text=_("The customer's name confirms that the fault is gone."),
    )
    signature = forms.FileField(label=_("Signature"), required=False)

    def columns(self) -> dict[str, Any]:
        """Values of the report's columns, measured values gathered."""
        given = dict(self.cleaned_data)
        readings: dict[str, dict[str, str]] = {}
        for name in READINGS:
            for moment in ("before", "after"):
                value = given.pop(f"{name}_{moment}", None)
                if value is not None:
                    readings.setdefault(moment, {})[name] = str(value)
        for name in ("photos", "signature", "ticket"):
            given.pop(name, None)
        return {**given, "readings": readings}


class ReportCreateForm(ServiceReportForm):
    """A report through the API names its ticket."""

    ticket = ScopedChoiceField(Ticket, label=_("Ticket"))


REPORT_FORMS: dict[str, Any] = {"send_back": ReasonForm}
REPORT_LABELS: dict[str, Any] = {
    "submit": _("Hand in"),
    "approve": _("Approve"),
    "send_back": _("Send back"),
}


# --- pumps and public reports -----------------------------------------------------------------------------------------


class PumpForm(ScopedModelForm):
    """An installed pump."""

    customer = ScopedChoiceField(Customer, label=_("Customer"))
    site = ScopedChoiceField(Site, label=_("Site"), required=False)

    class Meta:
        model = Pump
        fields = (
            "customer",
            "site",
            "serial",
            "model",
            "position",
            "flow",
            "head",
            "speed",
            "motor_kw",
            "made_on",
            "delivered_on",
            "accepted_on",
            "warranty_until",
            "running_hours",
            "standby",
            "criticality",
            "status",
        )
        widgets = {
            name: forms.DateInput(attrs={"type": "date"})
            for name in ("made_on", "delivered_on", "accepted_on", "warranty_until")
        }


class PumpChangeForm(PumpForm):
    """What changes in a pump's life; the customer does not."""

    customer = None  # type: ignore[assignment]

    class Meta(PumpForm.Meta):
        fields = tuple(name for name in PumpForm.Meta.fields if name != "customer")  # type: ignore[assignment]


class PublicReportForm(forms.Form):
    """A fault reported by anybody who stands before the pump; nothing is sent to us but these words."""

    symptom = forms.ChoiceField(label=_("What is wrong?"), choices=SYMPTOM_CHOICES, widget=chips())
    impact = forms.ChoiceField(label=_("How bad is it?"), choices=Impact, widget=chips())
    safety_flag = forms.BooleanField(
        label=_("People or the environment are in danger, or it is a fire or drinking-water pump"),
        required=False,
    )
    description = forms.CharField(
        label=_("Anything else we should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reporter_name = forms.CharField(label=_("Your name"), max_length=40)
    reporter_phone = forms.RegexField(
        r"^[+\d][\d\s-]{6,19}$",
        label=_("Your phone"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": _("A phone number, please, so that we can call you.")},
    )


INTAKE_FORMS: dict[str, Any] = {"refuse": ReasonForm}
INTAKE_LABELS: dict[str, Any] = {"accept": _("Make a ticket"), "refuse": _("Refuse")}
