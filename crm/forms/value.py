"""Input of decisions by hand, sponsors and retention plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.duties import holders
from accounts.models import User
from core.clock import db_now
from core.forms import ReasonForm, ScopedChoiceField, TransitionForm
from crm.choices import OverrideKind, Stage, Strategic, Tier
from crm.forms.fields import DateInput
from crm.operations.overrides import LONGEST

CHOICES: dict[str, Any] = {
    OverrideKind.TIER: [one for one in Tier.choices if one[0] != Tier.NA],
    OverrideKind.STAGE: Stage.choices,
    OverrideKind.STRATEGIC: Strategic.choices,
}


class ExecutiveField(ScopedChoiceField):
    """Executives in office."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User, **kwargs)

    def narrow(self, user: Any) -> None:
        self.queryset = User.objects.filter(pk__in=[one.pk for one in holders(Role.EX, db_now())])


class OverrideForm(TransitionForm):
    """The value wanted, why, and for how many days; `kind` says of what."""

    kind = OverrideKind.TIER
    value = forms.ChoiceField(label=_("Set to"))
    days = forms.IntegerField(label=_("For how many days"), min_value=1, initial=90)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["value"].choices = CHOICES[self.kind]
        fields["days"].help_text = _("At most %(n)s.") % {"n": LONGEST[self.kind]}


class TierOverrideForm(OverrideForm):
    """Another tier."""


class StageOverrideForm(OverrideForm):
    """Another stage, locked for some days; hard signs of leaving ignore the lock."""

    kind = OverrideKind.STAGE


class StrategicForm(OverrideForm):
    """The strategic weight in the tier: the branch manager proposes, an executive approves."""

    kind = OverrideKind.STRATEGIC


class SponsorForm(TransitionForm):
    """The executive who stands for the customer."""

    sponsor = ExecutiveField(label=_("Executive sponsor"), required=False, empty_label=_("nobody"))


class PlanForm(TransitionForm):
    """Cause, offer, and for VIP the executive who visits."""

    root_cause = forms.CharField(
        label=_("Root cause"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    offer = forms.CharField(
        label=_("What we offer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    visitor = ExecutiveField(label=_("Executive who visits"), required=False, empty_label="—")
    visit_on = forms.DateField(label=_("Visit planned for"), required=False, widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is not None:
            for name in ("root_cause", "offer", "visitor", "visit_on"):
                self.initial.setdefault(name, getattr(self.row, name))


class PlanVisitForm(TransitionForm):
    """The day the executive was there."""

    visited_on = forms.DateField(label=_("Visited on"), widget=DateInput())


class PlanCloseForm(ReasonForm):
    """Whether it worked, and how one sees it."""

    effective = forms.TypedChoiceField(
        label=_("Outcome"),
        choices=[("true", _("It worked")), ("false", _("It did not work"))],
        coerce=lambda typed: typed == "true",
    )


class NoteForm(TransitionForm):
    """A word on the decision, if wanted."""

    reason = forms.CharField(label=_("Note"), max_length=500, required=False)


OVERRIDE_FORMS: dict[str, Any] = {
    "approve": NoteForm,
    "refuse": ReasonForm,
    "withdraw": NoteForm,
    "end": ReasonForm,
}
OVERRIDE_LABELS = {
    "approve": _("Approve"),
    "refuse": _("Refuse"),
    "withdraw": _("Withdraw"),
    "end": _("End now"),
}
PLAN_FORMS: dict[str, Any] = {
    "submit": PlanForm,
    "approve": NoteForm,
    "send_back": ReasonForm,
    "visit": PlanVisitForm,
    "close": PlanCloseForm,
}
PLAN_LABELS = {
    "submit": _("Write cause and offer"),
    "approve": _("Approve"),
    "send_back": _("Send back"),
    "visit": _("Visit took place"),
    "close": _("Close the plan"),
}
