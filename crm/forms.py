"""Input of the customer floor, the same for pages and API: customers, contacts, sites, logs, follow-ups, assignment."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.geography import cities_of, provinces, region_name
from accounts.models import OrgUnit, User
from core.clock import db_now
from core.forms import (
    ReasonForm,
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
    ScopedMultipleChoiceField,
    TransitionForm,
)
from core.phones import parse_phone
from crm.choices import CHANNELS, ActivityOutcome, ActivityType, DecisionRole, Direction, RevealReason
from crm.identifiers import USCC_FORMAT, check_uscc
from crm.models import Activity, Contact, Customer, FollowUp, Site
from crm.name_keys import name_key
from crm.planning import MAX_SNOOZE, due_on

CHIPS = {"class": "chips"}
TEXT = forms.Textarea(attrs={"rows": 4})


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


CHIP_DATE = {"class": "input chip-date"}


def province_choices() -> list[tuple[str, str]]:
    """Provinces in the order of their codes, in the reader's language."""
    return [("", "—"), *((row.code, region_name(row.code)) for row in provinces())]


def city_choices() -> list[tuple[str, Any]]:
    """Cities under their provinces, so that one choice settles both."""
    groups = [
        (
            region_name(province.code),
            [(city.code, region_name(city.code)) for city in cities_of(province.code)],
        )
        for province in provinces()
    ]
    return [("", "—"), *groups]


def check_phone(value: str) -> str:
    """A mobile, landline or service number as we store it. Raises ValidationError for anything else."""
    if value and parse_phone(value) is None:
        raise forms.ValidationError(
            _("Not a phone number: 11 digits for a mobile, area code and number for a landline.")
        )
    return value


class CustomerForm(ScopedModelForm):
    """The columns people maintain; owner, tier, stage and contact dates change only by their own steps."""

    province_code = forms.ChoiceField(label=_("Province"), choices=province_choices, required=False)
    city_code = forms.ChoiceField(
        label=_("City"), choices=city_choices, required=False, help_text=_("The city settles the province.")
    )
    parent = ScopedChoiceField(Customer, label=_("Parent company"), required=False, widget=forms.NumberInput)

    class Meta:
        model = Customer
        fields = (
            "name",
            "short_name",
            "kind",
            "industry",
            "province_code",
            "city_code",
            "address",
            "uscc",
            "ownership",
            "enterprise_size",
            "name_en",
            "switchboard",
            "website",
            "source",
            "parent",
            "notes",
        )
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        same = (
            Customer.objects.alive().filter(name_keys__contains=[name_key(name)]).exclude(pk=self.instance.pk)
        )
        if same.exists():
            raise forms.ValidationError(
                _("A customer of this name exists already. Search for it, or ask its branch.")
            )
        return name

    def clean_uscc(self) -> str:
        code = self.cleaned_data["uscc"].strip().upper()
        if code and check_uscc(code) == USCC_FORMAT:
            raise forms.ValidationError(
                _("Not a social credit code: 18 digits and capital letters, without I, O, S, V and Z.")
            )
        if code and Customer.objects.alive().filter(uscc=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("A customer with this credit code exists already."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        city, province = data.get("city_code", ""), data.get("province_code", "")
        if city and not province:
            data["province_code"] = city[:2]
        elif city and city[:2] != province:
            self.add_error("city_code", _("Choose a city of this province."))
        return data


class CustomerCreateForm(CustomerForm):
    """A new customer with its first contact, so that the first log needs no second form."""

    branch = ScopedChoiceField(
        OrgUnit, label=_("Branch"), required=False, help_text=_("Left empty, the province decides.")
    )
    owner = ScopedChoiceField(
        User, label=_("Owner"), required=False, help_text=_("Left empty, the territory decides, or you.")
    )
    contact_name = forms.CharField(label=_("First contact"), max_length=40, required=False)
    contact_title = forms.CharField(label=_("Contact's title"), max_length=40, required=False)
    contact_mobile = forms.CharField(label=_("Contact's mobile"), max_length=30, required=False)
    contact_role = forms.ChoiceField(label=_("Decision role"), choices=DecisionRole.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = OrgUnit.objects.filter(  # type: ignore[attr-defined]
            pk__in=self.user.authority().branch_ids, kind__in=["branch", "hq"]
        )
        self.fields["owner"].queryset = assignable(self.user)  # type: ignore[attr-defined]
        self.fields["industry"].required = False
        self.fields["contact_role"].initial = DecisionRole.UNKNOWN

    def clean_contact_mobile(self) -> str:
        return check_phone(self.cleaned_data["contact_mobile"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("contact_mobile") and not data.get("contact_name"):
            self.add_error("contact_name", _("Whose number is it?"))
        return data

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of `create_customer`."""
        data = dict(self.cleaned_data)
        person = {name: data.pop(f"contact_{name}") for name in ("name", "title", "mobile", "role")}
        person["decision_role"] = person.pop("role") or DecisionRole.UNKNOWN
        return {**data, "contacts": [person] if person["name"] else []}


def assignable(user: Any) -> Any:
    """The project managers the user may make owners: those of the user's branches, or of all."""
    rows = User.objects.holding(Role.PM, Role.BM, now=db_now())
    authority = user.authority()
    if not any(hold.everywhere or hold.role == Role.EX for hold in authority.holds):
        rows = rows.filter(unit__in=authority.branch_ids)
    return rows.order_by("unit__code", "username")


class AssignForm(ScopedForm):
    """Who becomes the owner, and why when somebody was."""

    owner = ScopedChoiceField(User, label=_("Owner"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when the customer has an owner already."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.holding(Role.PM, Role.BM, now=db_now())
        if row is not None:
            people = people.filter(unit=row.branch).exclude(pk=row.owner_id)
        self.fields["owner"].queryset = people.order_by("username")  # type: ignore[attr-defined]


class ContactForm(ScopedModelForm):
    """A person at the customer. A number left as shown (masked) stays as it is."""

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


class ContactChips(ScopedMultipleChoiceField):
    """Contacts as chips: name and title."""

    def label_from_instance(self, contact: Any) -> str:
        return f"{contact.name} {contact.title}".strip()


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
        return data

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


def _checked_day(form: Any, data: dict[str, Any]) -> datetime | None:
    """The due time from `due_at` or `due_on`; an error on the form when neither is given or it has passed."""
    day = data.pop("due_on", None)
    due_at = data.get("due_at") or (due_on(day) if day else None)
    if due_at is None or not db_now() < due_at <= db_now() + timedelta(days=MAX_SNOOZE):
        form.add_error(
            "due_on" if "due_on" in form.fields else "due_at",
            _("Choose a day from tomorrow on, at most half a year ahead."),
        )
    return due_at


class FollowUpForm(ScopedForm):
    """A next step planned without a log."""

    customer = ScopedChoiceField(Customer, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Next step"), max_length=200)
    due_on = forms.DateField(label=_("When"), required=False, widget=DateInput(attrs=CHIP_DATE))
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = _checked_day(self, data)
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
        data["due_at"] = _checked_day(self, data)
        return data


FOLLOW_UP_FORMS = {"complete": CompleteForm, "snooze": SnoozeForm, "cancel": ReasonForm}
FOLLOW_UP_LABELS = {"complete": _("Done"), "snooze": _("Postpone"), "cancel": _("Cancel the follow-up")}
