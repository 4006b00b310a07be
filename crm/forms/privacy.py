"""Input of privacy: what a person agrees to, takes back and asks for."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import ScopedChoiceField, ScopedForm, TransitionForm
from crm.forms.fields import CHIPS, DateInput
from crm.models import Contact
from crm.privacy_choices import ConsentMethod, Purpose, RequestKind, RequestRefusal, VerifiedVia

SAID_NO = [one for one in ConsentMethod.choices if one[0] != ConsentMethod.NOTICE]


class ConsentForm(ScopedForm):
    """A person's yes to one purpose, how it was given, and what shows it."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Purpose.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    method = forms.ChoiceField(
        label=_("How"), choices=ConsentMethod.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    given_on = forms.DateField(label=pgettext_lazy("consent", "Given on"), required=False, widget=DateInput)
    text_version = forms.CharField(
        label=_("Version of the text"), max_length=20, required=False, help_text=_("Empty: the one in use.")
    )
    proof = forms.CharField(
        label=_("Proof"),
        max_length=200,
        required=False,
        help_text=_("Where it can be seen: the letter, the message, who heard it."),
    )
    proof_file = forms.FileField(label=_("File that shows it"), required=False)

    def arguments(self) -> dict[str, Any]:
        """What the operation wants: the day as an instant, today as this very moment."""
        data = dict(self.cleaned_data)
        day = data.pop("given_on")
        if day is not None and day != timezone.localdate():
            data["at"] = timezone.make_aware(datetime.combine(day, time(12)))
        return data

    def add_refusal(self, refusal: Any) -> None:
        """The operation's `at` is this form's day."""
        if "at" in refusal.errors:
            refusal.errors["given_on"] = refusal.errors.pop("at")
        super().add_refusal(refusal)


class ConsentCreateForm(ConsentForm):
    """The same for the API, which names the person in the form."""

    contact = ScopedChoiceField(Contact, widget=forms.HiddenInput)


class WithdrawForm(ScopedForm):
    """A person's no to one purpose."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Purpose.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    method = forms.ChoiceField(
        label=_("How"), choices=SAID_NO, required=False, widget=forms.RadioSelect(attrs=CHIPS)
    )

    def arguments(self) -> dict[str, Any]:
        """What the operation wants; said by word of mouth unless another way is named."""
        data = dict(self.cleaned_data)
        data["method"] = data["method"] or ConsentMethod.SPOKEN
        return data


class HoldForm(ScopedForm):
    """Why a person's data must be kept whatever they ask; empty lifts it."""

    legal_hold = forms.CharField(
        label=_("Kept because of"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "The law or the claim. While it stands, the person's data are not deleted, whatever they ask."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("legal_hold"):
            self.fields["legal_hold"].help_text = _("Empty lifts the hold; the data may be deleted then.")


class PrivacyRequestForm(ScopedForm):
    """What a person asks for, and when they asked."""

    kind = forms.ChoiceField(
        label=_("Asks for"), choices=RequestKind.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    words = forms.CharField(
        label=_("In the person's words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    received_on = forms.DateField(
        label=pgettext_lazy("privacy request", "Received on"), required=False, widget=DateInput
    )

    def arguments(self) -> dict[str, Any]:
        """What the operation wants: the day as an instant, today as this very moment."""
        data = dict(self.cleaned_data)
        day = data.pop("received_on")
        if day is not None and day != timezone.localdate():
            data["received_at"] = timezone.make_aware(datetime.combine(day, time(12)))
        return data


class PrivacyRequestCreateForm(PrivacyRequestForm):
    """The same for the API, which names the person in the form."""

    contact = ScopedChoiceField(Contact, widget=forms.HiddenInput)


class VerifyRequestForm(TransitionForm):
    """How we made sure who is asking."""

    verified_via = forms.ChoiceField(
        label=_("How we made sure"), choices=VerifiedVia.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )


class FinishRequestForm(TransitionForm):
    """What the person was answered."""

    answer = forms.CharField(
        label=_("Answer to the person"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class RefuseRequestForm(FinishRequestForm):
    """Why it is not met, and what the person was told."""

    refused_for = forms.ChoiceField(label=_("Because"), choices=RequestRefusal.choices)
    field_order = ("refused_for", "answer")


REQUEST_FORMS = {"verify": VerifyRequestForm, "finish": FinishRequestForm, "refuse": RefuseRequestForm}
REQUEST_LABELS = {
    "verify": _("Identity verified"),
    "start": pgettext_lazy("privacy request", "Begin"),
    "finish": pgettext_lazy("privacy request", "Answered"),
    "refuse": pgettext_lazy("privacy request", "Refuse"),
}
