"""Input of customers and of who answers for them."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import OrgUnit, User
from core.clock import db_now
from core.forms import (
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
    ScopedMultipleChoiceField,
)
from core.rules import ask
from crm.assignment_classes import Load
from crm.choices import CustomerKind, CustomerStatus, DecisionRole, Tier
from crm.forms.duplicates import refuse_known_party, watch
from crm.forms.fields import (
    CHIPS,
    CustomerPick,
    WordsField,
    check_phone,
    city_choices,
    province_choices,
)
from crm.identifiers import USCC_FORMAT, check_uscc, normal_uscc
from crm.models import Customer
from crm.operations import STATUS_RIGHTS, parent_problem
from crm.operations.loads import load_caps, load_words, loads_of

DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
PARTY_KINDS = [one for one in CustomerKind.choices if one[0] != CustomerKind.INTERNAL_DEPT]


class CustomerForm(ScopedModelForm):
    """The columns people maintain; owner, tier, stage and contact dates change only by their own steps."""

    province_code = forms.ChoiceField(label=_("Province"), choices=province_choices, required=False)
    city_code = forms.ChoiceField(
        label=_("City"), choices=city_choices, required=False, help_text=_("The city settles the province.")
    )
    kinds = forms.MultipleChoiceField(
        label=_("Also"),
        choices=PARTY_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
    )
    parent = ScopedChoiceField(
        Customer,
        label=_("Parent company"),
        required=False,
        widget=CustomerPick,
        help_text=_("A branch office or subsidiary is linked to its parent; it is no duplicate."),
    )
    former_names = WordsField(label=_("Former names"), each=100, most=10)

    watched = watch("name", "uscc", "province_code", "city_code", "switchboard", "website")

    class Meta:
        model = Customer
        fields = (
            "name",
            "short_name",
            "kind",
            "kinds",
            "industry",
            "province_code",
            "city_code",
            "district",
            "address",
            "uscc",
            "ownership",
            "enterprise_size",
            "name_en",
            "former_names",
            "switchboard",
            "website",
            "email_domain",
            "source",
            "is_group",
            "parent",
            "invoice_title",
            "tax_no",
            "bank_name",
            "bank_account",
            "competitors",
            "preferences",
            "notes",
        )
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("notes", "preferences", "competitors")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [one for one in kind.choices if one[0] != CustomerKind.INTERNAL_DEPT]
        self.fields["parent"].widget.chosen = self.instance.parent  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return self.cleaned_data["name"].strip()

    def clean_uscc(self) -> str:
        code = normal_uscc(self.cleaned_data["uscc"])
        if code and check_uscc(code) == USCC_FORMAT:
            raise forms.ValidationError(
                _("Not a social credit code: 18 digits and capital letters, without I, O, S, V and Z.")
            )
        return code

    def clean_email_domain(self) -> str:
        """What stands after the @ of the company's mail; public providers tell nothing about a company."""
        domain = self.cleaned_data["email_domain"].strip().lower().rpartition("@")[2]
        if domain and not DOMAIN.fullmatch(domain):
            raise forms.ValidationError(_("Not a domain; write it like example.com."))
        return domain

    def clean_parent(self) -> Customer | None:
        parent = self.cleaned_data["parent"]
        problem = parent_problem(self.instance, parent) if self.instance.pk else ""
        if problem:
            raise forms.ValidationError(problem)
        return parent

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "kinds" in data:
            data["kinds"] = [kind for kind in data["kinds"] if kind != data.get("kind")]
        city, province = data.get("city_code", ""), data.get("province_code", "")
        if city and not province:
            data["province_code"] = city[:2]
        elif city and city[:2] != province:
            self.add_error("city_code", _("Choose a city of this province."))
        self.known = refuse_known_party(self, data)
        return data


FILLS: dict[str, tuple[str, ...]] = {
    "uscc": ("uscc",),
    "address": ("province_code", "city_code", "district", "address"),
    "industry": ("industry",),
    "kind": ("kind", "kinds"),
    "size": ("enterprise_size", "ownership"),
    "invoice": ("invoice_title", "tax_no", "bank_name", "bank_account"),
    "source": ("source",),
    "competitors": ("competitors",),
    "needs": ("preferences", "notes"),
}
"""The columns behind each part of the completeness that a short form can fill."""


class CustomerFillForm(CustomerForm):
    """Only the columns of one part, so that one tap fills what lacks."""

    def __init__(self, *args: Any, part: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(FILLS[part]):
            del self.fields[name]


class StatusForm(ScopedForm):
    """Dormant, lost, blacklisted or active again, and why."""

    status = forms.ChoiceField(
        label=_("Status"), choices=CustomerStatus.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 10 characters."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status: Any = self.fields["status"]
        status.choices = [
            (code, label)
            for code, label in CustomerStatus.choices
            if code != row.status and ask(self.user, STATUS_RIGHTS[CustomerStatus(code)], row)
        ]


class CreditForm(ScopedForm):
    """What finance allows the customer to owe."""

    credit_limit = forms.DecimalField(
        label=_("Credit limit (¥)"), max_digits=14, decimal_places=2, min_value=0, required=False
    )
    credit_days = forms.IntegerField(label=_("Credit days"), min_value=0, max_value=730, required=False)
    credit_hold = forms.BooleanField(label=_("Credit hold"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


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
    watched = f"{CustomerForm.watched}, {watch('contact_name', 'contact_mobile')}"
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


class OwnerField(ScopedChoiceField):
    """A person to own customers, shown with what they carry already: 林知远 · 87/120 customers · 3/15 key accounts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User, **kwargs)
        self.loads: dict[int, Load] = {}
        self.caps: Any = {}

    def offer(self, people: Any) -> None:
        """Choose among these people; their loads are read once for all of them."""
        now = db_now()
        self.queryset = people
        self.loads = loads_of(people.values_list("pk", flat=True), now)
        self.caps = load_caps(now)

    def label_from_instance(self, obj: Any) -> str:
        load = self.loads.get(obj.pk, Load())
        full = (
            {"warn": _("nearly full"), "block": _("full")}.get(load.worst(self.caps), "") if self.caps else ""
        )
        parts = [obj.name, load_words(load, self.caps) if self.caps else "", str(full)]
        return " · ".join(part for part in parts if part)


class AssignManyForm(ScopedForm):
    """Several customers for one person."""

    customers = ScopedMultipleChoiceField(Customer, label=_("Customers"), widget=forms.MultipleHiddenInput)
    owner = OwnerField(label=_("Owner"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Needed when the customer has an owner already."),
    )
    preview = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(assignable(self.user))  # type: ignore[attr-defined]


class AssignForm(ScopedForm):
    """Who becomes the owner, and why when somebody was."""

    owner = OwnerField(label=_("Owner"))
    mentor = ScopedChoiceField(
        User,
        label=_("Mentor"),
        required=False,
        help_text=_("For a key account given to somebody with less than two years of sales."),
    )
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
        people = people.order_by("username")
        self.fields["owner"].offer(people)  # type: ignore[attr-defined]
        self.fields["mentor"].queryset = people  # type: ignore[attr-defined]
        if row is not None and row.tier != Tier.VIP:
            del self.fields["mentor"]
