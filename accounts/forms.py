"""Input shapes of accounts, for pages and API alike: people, units, grants, delegations, tokens, profile."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Flag, Language, Role, TokenScope
from accounts.geography import provinces, region_name
from accounts.models import OrgUnit, User
from core.forms import ReasonForm, ScopedChoiceField, ScopedForm, ScopedModelForm, TransitionForm
from core.notify import notice_codes

PLACE = re.compile(r"%\(\w+\)s")
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TOKEN_DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("one year")))


def start_of_day(day: Any) -> datetime | None:
    """The instant a local day begins; None for none."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


class PersonChoiceField(ScopedChoiceField):
    """Picks a colleague who has an open account."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User, **kwargs)

    def narrow(self, user: Any) -> None:
        self.queryset = User.objects.visible_to(user).active().select_related("unit").order_by("username")

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.unit.name if obj.unit else obj.username}"


class UnitChoiceField(ScopedChoiceField):
    """Picks an active organisation unit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(OrgUnit, **kwargs)

    def narrow(self, user: Any) -> None:
        self.queryset = OrgUnit.objects.visible_to(user).active().order_by("code")

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.name}"


class UserForm(ScopedModelForm):
    """What an administrator says about a person; rights and the unit have their own steps."""

    manager = PersonChoiceField(label=_("Reports to"), required=False)

    class Meta:
        model = User
        fields: tuple[str, ...] = (
            "name_zh",
            "name_en",
            "job_title_zh",
            "job_title_en",
            "email",
            "phone",
            "manager",
            "language",
        )


class UserInviteForm(UserForm):
    """A new colleague: who, where, as what. The mail with the link to choose a password goes out at once."""

    unit = UnitChoiceField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Works as"), choices=Role.choices)

    class Meta(UserForm.Meta):
        fields = ("username", *UserForm.Meta.fields)

    field_order = (
        "username",
        "name_zh",
        "name_en",
        "unit",
        "role",
        "job_title_zh",
        "job_title_en",
        "email",
        "phone",
        "manager",
        "language",
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class UserMoveForm(ScopedForm):
    """The person works elsewhere from now on."""

    unit = UnitChoiceField(label=_("New unit"))
    role = forms.ChoiceField(label=_("Works as"), choices=Role.choices)


class UserDeactivateForm(ScopedForm):
    """Why an account is closed."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class OrgUnitForm(ScopedModelForm):
    """A unit's names, place, head and the executive in charge."""

    parent = UnitChoiceField(label=_("Parent unit"), required=False)
    head = PersonChoiceField(label=_("Head of unit"), required=False)
    executive = PersonChoiceField(label=_("Executive in charge"), required=False)

    class Meta:
        model = OrgUnit
        fields = (
            "code",
            "name_zh",
            "name_en",
            "kind",
            "parent",
            "head",
            "executive",
            "calendar_code",
            "active",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        above = cleaned.get("parent")
        while above is not None and self.instance.pk is not None:
            if above.pk == self.instance.pk:
                self.add_error("parent", _("A unit cannot stand below itself."))
                break
            above = above.parent
        return cleaned


class ProvinceForm(ScopedForm):
    """A branch serves a province from a day on."""

    province_code = forms.ChoiceField(label=_("Province"))
    valid_from = forms.DateField(label=_("Since"), widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province_code"].choices = [(one.code, region_name(one.code)) for one in provinces()]  # type: ignore[attr-defined]

    def clean_valid_from(self) -> datetime | None:
        return start_of_day(self.cleaned_data["valid_from"])


class GrantForm(ScopedForm):
    """Propose a role for a person; a second person approves it."""

    user_id = PersonChoiceField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    scope_unit = UnitChoiceField(label=_("For the rows of"))
    flags = forms.MultipleChoiceField(
        label=_("Capabilities"), choices=Flag.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    valid_to = forms.DateField(label=_("Until (empty: open)"), required=False, widget=DATE)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean_valid_to(self) -> datetime | None:
        return start_of_day(self.cleaned_data.get("valid_to"))


class DelegationForm(ScopedForm):
    """Who acts for whom, until when and why."""

    from_user = PersonChoiceField(label=_("Absent person"))
    to_user = PersonChoiceField(label=_("Acting person"))
    start = forms.DateField(label=_("From (empty: now)"), required=False, widget=DATE)
    until = forms.DateField(label=_("Last day"), widget=DATE)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean_start(self) -> datetime | None:
        return start_of_day(self.cleaned_data.get("start"))

    def clean_until(self) -> datetime | None:
        return start_of_day(self.cleaned_data["until"] + timedelta(days=1))


class ProfileForm(ScopedModelForm):
    """What people decide for themselves."""

    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, widget=forms.RadioSelect(attrs={"class": "chips"})
    )
    muted_notices = forms.MultipleChoiceField(
        label=_("Notices I do not want"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ("language", "theme", "mail_notices", "daily_digest", "muted_notices")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (code, PLACE.sub("…", str(notice.sentence)))
            for code, notice in sorted(notice_codes().items())
            if not notice.always
        ]
        self.fields["muted_notices"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["muted_notices"]


class PasswordForm(ScopedForm):
    """The old password once, the new one once: it can be looked at, so nobody types it blindly twice."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("This is not your present password."))
        return str(self.cleaned_data["old"])

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.user)
        return str(self.cleaned_data["new"])


class TokenForm(ScopedForm):
    """A key for a program."""

    name = forms.CharField(label=_("What it is for"), max_length=60)
    scope = forms.ChoiceField(label=_("It may"), choices=TokenScope.choices, initial=TokenScope.READ)
    days = forms.TypedChoiceField(label=_("Valid for"), choices=TOKEN_DAYS, coerce=int, initial=90)


GRANT_FORMS = {"approve": TransitionForm, "refuse": ReasonForm, "withdraw": ReasonForm}
GRANT_LABELS = {
    "approve": _("Approve the grant"),
    "refuse": _("Refuse the grant"),
    "withdraw": _("Withdraw the grant"),
}
