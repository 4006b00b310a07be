"""Input shapes of projects, shared by pages and API."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import ReasonForm, ScopedChoiceField, ScopedForm, ScopedModelForm, TransitionForm
from crm.models import Customer
from projects.choices import LossReason, PartyRole, ProductClass, Source
from projects.gates import FIELD, FILE, GATES, Evidence
from projects.models import Project
from projects.records import CHOICE, DATE, NUMBER, RECORDS, Entry

DATE_INPUT = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
AMOUNT_INPUT = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "min": "0"})


class ProjectForm(ScopedForm):
    """An inquiry becomes an opportunity: the customer is known, so three fields are enough."""

    customer = ScopedChoiceField(Customer, label=_("Customer"), widget=forms.HiddenInput)
    title = forms.CharField(label=_("What is it about"), max_length=120)
    amount = forms.DecimalField(
        label=_("Expected amount (¥)"), min_value=0, max_digits=14, decimal_places=2, widget=AMOUNT_INPUT
    )
    expected_sign_on = forms.DateField(label=_("Expected signing"), required=False, widget=DATE_INPUT)
    product_class = forms.ChoiceField(
        label=_("Product class"), choices=ProductClass, initial=ProductClass.A, required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Source"), choices=Source, initial=Source.CUSTOMER, required=False)
    need = forms.CharField(
        label=_("What is needed"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_product_class(self) -> str:
        return self.cleaned_data["product_class"] or ProductClass.A

    def clean_source(self) -> str:
        return self.cleaned_data["source"] or Source.CUSTOMER


class ProjectUpdateForm(ScopedModelForm):
    """What the project manager may change at any time; stage, numbers and ownership are not among it."""

    class Meta:
        model = Project
        fields = ("title", "amount", "expected_sign_on", "product_class", "source", "need", "next_step")
        widgets = {
            "expected_sign_on": DATE_INPUT,
            "amount": AMOUNT_INPUT,
            "need": forms.Textarea(attrs={"rows": 3}),
            "product_class": forms.RadioSelect(attrs={"class": "chips"}),
        }


class PartyForm(ScopedForm):
    """A company's part in the project."""

    customer = ScopedChoiceField(Customer, label=_("Company"), widget=forms.HiddenInput)
    role = forms.ChoiceField(
        label=_("Part"),
        choices=[one for one in PartyRole.choices if one[0] != PartyRole.BUYER],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class SubmitGateForm(TransitionForm):
    """Submitting needs no words; a note may help the approver."""

    note = forms.CharField(
        label=_("Note to the approver"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ApproveGateForm(TransitionForm):
    """Approving; a remark is kept with the decision."""

    note = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReleaseForm(ReasonForm):
    """An exception: one named item may come later."""

    missing = forms.ChoiceField(label=_("Missing item"))
    due_on = forms.DateField(
        label=_("To be supplied by"), widget=DATE_INPUT, help_text=_("Within 10 working days")
    )
    field_order = ("version", "missing", "due_on", "reason")

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        items = GATES[row.gate].evidence if row is not None and row.gate in GATES else ()
        field: Any = self.fields["missing"]
        field.choices = [(item.code, item.label) for item in items]


class LoseForm(TransitionForm):
    """Why it was lost, to whom, and by how much."""

    loss_reason = forms.ChoiceField(label=_("Reason"), choices=LossReason)
    competitor = forms.CharField(
        label=_("Won by"), max_length=80, help_text=_("Write “unknown” if nobody knows")
    )
    price_gap = forms.DecimalField(
        label=_("Price gap (¥)"), required=False, max_digits=14, decimal_places=2, widget=forms.NumberInput()
    )
    reason = forms.CharField(
        label=_("What we learn"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SuspendForm(ReasonForm):
    """Resting needs a day on which somebody looks again."""

    review_on = forms.DateField(label=_("Review on"), widget=DATE_INPUT, help_text=_("At most 90 days away"))
    field_order = ("version", "review_on", "reason")


class ResumeForm(TransitionForm):
    """Going on."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000)


TRANSITION_FORMS: dict[str, Any] = {
    "submit_gate": SubmitGateForm,
    "approve_gate": ApproveGateForm,
    "return_gate": ReasonForm,
    "release_conditionally": ReleaseForm,
    "lose": LoseForm,
    "abandon": ReasonForm,
    "cancel": ReasonForm,
    "suspend": SuspendForm,
    "resume": ResumeForm,
}


def evidence_form(item: Evidence) -> type[ScopedForm]:
    """The form of one evidence item: a file, a measured value, or the fields of its record."""
    if item.type == FILE:
        fields: dict[str, forms.Field] = {
            "file": forms.FileField(label=_labelled(item.label, ""), allow_empty_file=True)
        }
    elif item.type == FIELD:
        fields = {
            "value": forms.DecimalField(
                label=_labelled(item.label, item.unit), max_digits=12, decimal_places=3
            )
        }
    else:
        fields = {entry.name: _field(entry) for entry in RECORDS[item.code]}
    return type(f"{item.code.title().replace('_', '')}Form", (ScopedForm,), fields)


def _field(entry: Entry) -> forms.Field:
    label = _labelled(entry.label, entry.unit)
    if entry.kind == NUMBER:
        return forms.DecimalField(
            label=label, min_value=0, max_digits=14, decimal_places=2, required=entry.required
        )
    if entry.kind == DATE:
        return forms.DateField(label=label, widget=DATE_INPUT, required=entry.required)
    if entry.kind == CHOICE:
        return forms.ChoiceField(
            label=label, choices=entry.choices, required=entry.required,
            widget=forms.RadioSelect(attrs={"class": "chips"}),
        )  # fmt: skip
    return forms.CharField(
        label=label, required=entry.required, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def _labelled(label: Any, unit: str) -> Any:
    return f"{label} ({unit})" if unit else label


def owners_of(user: Any) -> models.QuerySet[Any]:
    """The project managers whose projects this user sees, for filters."""
    owned = Project.objects.visible_to(user).order_by().values("owner")
    return User.objects.filter(pk__in=owned).order_by("username")
