"""Input of people and places."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import (
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
)
from crm.choices import DecisionRole, RevealReason
from crm.forms.duplicates import refuse_known_person, watch
from crm.forms.fields import CHIPS, DateInput, check_phone, province_choices
from crm.models import Contact, Customer, Site


class ContactForm(ScopedModelForm):
    """A person at the customer. A number left as shown (masked) stays as it is."""

    watched = watch("name", "mobile", "phone", "email")

    class Meta:
        model = Contact
        fields = (
            "name",
            "title",
            "dept",
            "mobile",
            "phone",
            "wechat",
            "email",
            "decision_role",
            "attitude",
            "influence",
            "is_primary",
            "reports_to",
            "left_at",
            "do_not_contact",
        )
        widgets = {"left_at": DateInput(), "attitude": forms.RadioSelect(attrs=CHIPS)}

    def __init__(self, *args: Any, customer: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer or (self.instance.customer if self.instance.pk else None)
        colleagues = Contact.objects.alive().filter(customer=self.customer).exclude(pk=self.instance.pk)
        self.fields["reports_to"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["influence"].required = False
        self.fields["decision_role"].required = False
        self.fields["attitude"].required = False
        if self.instance.pk:
            for name in PERSONAL:
                self.initial[name] = getattr(self.instance, f"{name}_masked")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in PERSONAL:
            if self.instance.pk and data.get(name) == getattr(self.instance, f"{name}_masked"):
                data[name] = getattr(self.instance, name)
        for name in ("mobile", "phone"):
            try:
                data[name] = check_phone(data.get(name, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
        data["influence"] = data.get("influence") or 3
        data["decision_role"] = data.get("decision_role") or DecisionRole.UNKNOWN
        data["attitude"] = data.get("attitude") or "unknown"
        self.known = refuse_known_person(self, data)
        return data


PERSONAL = ("mobile", "phone", "wechat", "email")


class ContactCreateForm(ContactForm):
    """A new person; the API names the customer in the form, the page in its address."""

    customer = ScopedChoiceField(Customer, widget=forms.HiddenInput)


class RevealForm(ScopedForm):
    """Why the full number is needed; it is kept in the audit."""

    reason = forms.ChoiceField(
        label=_("What for"), choices=RevealReason.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )


class SiteForm(ScopedModelForm):
    """A place of the customer."""

    province_code = forms.ChoiceField(label=_("Province"), choices=province_choices, required=False)

    class Meta:
        model = Site
        fields = ("name", "province_code", "city", "address", "travel_km", "notes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["travel_km"].required = False

    def clean_travel_km(self) -> int:
        return self.cleaned_data["travel_km"] or 0


class SiteCreateForm(SiteForm):
    """A new place; see `ContactCreateForm`."""

    customer = ScopedChoiceField(Customer, widget=forms.HiddenInput)
