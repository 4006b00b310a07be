"""Input of people and places."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import (
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
)
from crm.choices import DecisionRole, RevealReason, TieStrength
from crm.forms.duplicates import refuse_known_person, watch
from crm.forms.fields import CHIPS, CustomerPick, DateInput, check_phone, province_choices
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
            "source",
            "birthday",
            "do_not_contact",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "attitude": forms.RadioSelect(attrs=CHIPS),
            "birthday": forms.TextInput(attrs={"placeholder": "05-20", "inputmode": "numeric"}),
        }

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

    def clean_birthday(self) -> str:
        """Month and day only; the year is nobody's business."""
        typed = self.cleaned_data["birthday"].strip().replace("/", "-").replace(".", "-")
        if not typed:
            return ""
        try:
            month, day = (int(part) for part in typed.split("-"))
            date(2000, month, day)
        except ValueError as error:
            raise forms.ValidationError(_("Month and day only, like 05-20.")) from error
        return f"{month:02d}-{day:02d}"

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


class PlaceForm(ScopedModelForm):
    """Where a person stands on the relationship map."""

    class Meta:
        model = Contact
        fields = ("reports_to", "decision_role", "attitude", "influence")
        widgets: ClassVar[dict[str, Any]] = {
            "decision_role": forms.RadioSelect(attrs=CHIPS),
            "attitude": forms.RadioSelect(attrs=CHIPS),
            "influence": forms.RadioSelect(attrs=CHIPS, choices=[(n, n) for n in range(1, 6)]),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Contact.objects.alive().here().filter(customer=self.instance.customer_id)
        self.fields["reports_to"].queryset = colleagues.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]


class LeaveForm(ScopedForm):
    """When the person left, and who took over."""

    left_on = forms.DateField(label=_("Left on"), widget=DateInput)
    successor = ScopedChoiceField(
        Contact, label=_("Successor"), required=False, empty_label=_("Not known yet")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Contact.objects.alive().here().filter(customer=row.customer_id).exclude(pk=row.pk)
        self.fields["successor"].queryset = colleagues  # type: ignore[attr-defined]


class MoveForm(ScopedForm):
    """To which customer the person went, as what and when."""

    customer = ScopedChoiceField(Customer, label=_("New employer"), widget=CustomerPick)
    title = forms.CharField(label=_("New title"), max_length=40, required=False)
    moved_on = forms.DateField(label=_("Since"), widget=DateInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AffiliationForm(ScopedForm):
    """Which other customer the person also works for."""

    customer = ScopedChoiceField(Customer, label=_("Customer"), widget=CustomerPick)
    title = forms.CharField(label=_("As what"), max_length=40, required=False)
    started_on = forms.DateField(label=_("Since"), required=False, widget=DateInput)


class AffiliationCreateForm(AffiliationForm):
    """The same for the API, which names the person in the form."""

    contact = ScopedChoiceField(Contact, widget=forms.HiddenInput)


class TieForm(ScopedForm):
    """Who of us knows the person, and how well."""

    user = ScopedChoiceField(User, label=_("Who of us"))
    strength = forms.TypedChoiceField(
        label=_("How well"),
        choices=[*TieStrength.choices, (0, _("Not any more"))],
        coerce=int,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    note = forms.CharField(label=_("How it came about"), max_length=120, required=False)


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
        fields = ("name", "province_code", "city", "address", "latitude", "longitude", "travel_km", "notes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["travel_km"].required = False

    def clean_travel_km(self) -> int:
        return self.cleaned_data["travel_km"] or 0


class SiteCreateForm(SiteForm):
    """A new place; see `ContactCreateForm`."""

    customer = ScopedChoiceField(Customer, widget=forms.HiddenInput)
