"""What is asked once for many rows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import ScopedChoiceField, ScopedForm
from crm.choices import EnterpriseSize, Industry, Ownership, Source
from crm.forms.customers import assignable
from crm.forms.fields import DateInput, checked_day

KEEP = [("", _("leave as it is"))]


class ColumnsForm(ScopedForm):
    """Closed-list columns; what is left empty stays as it is."""

    industry = forms.ChoiceField(label=_("Industry"), choices=[*KEEP, *Industry.choices], required=False)
    source = forms.ChoiceField(label=_("Source"), choices=[*KEEP, *Source.choices], required=False)
    enterprise_size = forms.ChoiceField(
        label=_("Size"), choices=[*KEEP, *EnterpriseSize.choices], required=False
    )
    ownership = forms.ChoiceField(label=_("Ownership"), choices=[*KEEP, *Ownership.choices], required=False)

    def clean(self) -> dict[str, Any]:
        data = {name: value for name, value in (super().clean() or {}).items() if value}
        if not data and not self.errors:
            raise forms.ValidationError(_("Choose what to set."))
        return data


class NewOwnerForm(ScopedForm):
    """To whom the customers go, and why."""

    owner = ScopedChoiceField(User, label=_("New owner"))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = assignable(self.user)  # type: ignore[attr-defined]


class PlanForm(ScopedForm):
    """The same next step with many customers, on their owners' lists."""

    text = forms.CharField(label=_("Next step"), max_length=200)
    due_on = forms.DateField(label=_("When"), required=False, widget=DateInput())
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = checked_day(self, data)
        return data


class PostponeForm(ScopedForm):
    """A new day for many next steps, and why."""

    due_on = forms.DateField(label=_("New day"), required=False, widget=DateInput())
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = checked_day(self, data)
        return data


class NothingForm(ScopedForm):
    """Nothing to choose."""
