"""What a calendar is asked for: the view, the day, and whose."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import ScopedChoiceField, ScopedForm
from crm.calendar_days import EARLIEST, LATEST, VIEWS

WHOSE = (("mine", _("Mine")), ("team", _("Team")))
LONGEST = 92


class CalendarForm(ScopedForm):
    """The address of a calendar page; whatever is left out has a default."""

    view = forms.ChoiceField(choices=[(view, view) for view in VIEWS], required=False)
    day = forms.DateField(required=False)
    whose = forms.ChoiceField(choices=WHOSE, required=False)
    person = ScopedChoiceField(User, label=_("Colleague"), required=False, empty_label=_("Everybody"))

    def clean_day(self) -> Any:
        """A day a calendar has."""
        day = self.cleaned_data["day"]
        return day if day is None or EARLIEST <= day <= LATEST else None


class AgendaForm(ScopedForm):
    """The days another program asks for: `from` up to, not including, `to`."""

    whose = forms.ChoiceField(choices=WHOSE, required=False)
    person = ScopedChoiceField(User, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.DateField()
        self.fields["to"] = forms.DateField()

    def clean(self) -> dict[str, Any]:
        """At least a day, at most three months."""
        values = super().clean() or {}
        first, end = values.get("from"), values.get("to")
        if first and end and not 0 < (end - first).days <= LONGEST:
            self.add_error("to", _("Ask for 1 to 92 days."))
        return values
