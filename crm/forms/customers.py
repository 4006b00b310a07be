"""Input of customers and of who answers for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import OrgUnit, User
from core.clock import db_now
from core.forms import (
    ScopedChoiceField,
    ScopedForm,
    ScopedModelForm,
)
from crm.choices import DecisionRole
from crm.forms.duplicates import refuse_known_party, watch
from crm.forms.fields import check_phone, city_choices, province_choices
from crm.identifiers import USCC_FORMAT, check_uscc, normal_uscc
from crm.models import Customer


class CustomerForm(ScopedModelForm):
    """The columns people maintain; owner, tier, stage and contact dates change only by their own steps."""

    province_code = forms.ChoiceField(label=_("Province"), choices=province_choices, required=False)
    city_code = forms.ChoiceField(
        label=_("City"), choices=city_choices, required=False, help_text=_("The city settles the province.")
    )
    parent = ScopedChoiceField(Customer, label=_("Parent company"), required=False, widget=forms.NumberInput)

    watched = watch("name", "uscc", "province_code", "city_code", "switchboard", "website")

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
        return self.cleaned_data["name"].strip()

    def clean_uscc(self) -> str:
        code = normal_uscc(self.cleaned_data["uscc"])
        if code and check_uscc(code) == USCC_FORMAT:
            raise forms.ValidationError(
                _("Not a social credit code: 18 digits and capital letters, without I, O, S, V and Z.")
            )
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        city, province = data.get("city_code", ""), data.get("province_code", "")
        if city and not province:
            data["province_code"] = city[:2]
        elif city and city[:2] != province:
            self.add_error("city_code", _("Choose a city of this province."))
        self.known = refuse_known_party(self, data)
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
