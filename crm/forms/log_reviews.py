"""Input of the review desk: why a log is looked at, what was found, what the author says, what the appeal came to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from accounts.duties import holders
from accounts.models import User
from core.clock import db_now
from core.forms import ReasonForm, ScopedChoiceField, ScopedForm, TransitionForm
from crm.forms.fields import CHIPS, TEXT
from crm.log_review_choices import SEVERITY, Finding, ReviewEvidence
from crm.log_review_desk import why_not_review
from crm.models import Activity


class OpenReviewForm(ScopedForm):
    """Why a log is to be looked at."""

    note = forms.CharField(
        label=_("What is to be looked at"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class LogReviewCreateForm(OpenReviewForm):
    """The same for the API, which names the log in the form."""

    activity = ScopedChoiceField(Activity, widget=forms.HiddenInput)


class AssignReviewForm(ReasonForm):
    """Who looks instead, and why."""

    reviewer = forms.ModelChoiceField(label=_("Reviewer"), queryset=User.objects.none())
    field_order = ("reviewer", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Any = self.row
        now = db_now()
        people = {one.pk: one for role in (Role.CO, Role.SV) for one in holders(role, now)}
        fit = [
            pk
            for pk, one in people.items()
            if row is None or (pk != row.reviewer_id and why_not_review(one, row.author) is None)
        ]
        self.fields["reviewer"].queryset = User.objects.filter(pk__in=fit).order_by("username")  # type: ignore[attr-defined]


class DecideReviewForm(TransitionForm):
    """What was found, on what it rests, and why."""

    finding = forms.ChoiceField(
        label=pgettext_lazy("log review", "Finding"),
        choices=Finding.choices,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    evidence = forms.MultipleChoiceField(
        label=_("It rests on"),
        choices=ReviewEvidence.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
        help_text=_("A score or alike texts alone prove nothing."),
    )
    words = forms.CharField(
        label=pgettext_lazy("log review", "Reasons"),
        max_length=2000,
        widget=TEXT,
        help_text=_("The author reads this."),
    )


class AppealForm(TransitionForm):
    """Why the finding is wrong."""

    words = forms.CharField(
        label=_("Why the finding is wrong"),
        max_length=2000,
        widget=TEXT,
        help_text=_("Somebody who did not make the finding reads this and decides."),
    )


class DecideAppealForm(TransitionForm):
    """The finding that stands in the end: the same, or a milder one."""

    finding = forms.ChoiceField(
        label=pgettext_lazy("log review", "Finding that stands"),
        choices=Finding.choices,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    words = forms.CharField(
        label=_("Answer to the appeal"), max_length=2000, widget=TEXT, help_text=_("The author reads this.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Any = self.row
        if row is not None and row.finding:
            hardest = SEVERITY.index(Finding(row.finding))
            self.fields["finding"].choices = [(one.value, one.label) for one in SEVERITY[: hardest + 1]]  # type: ignore[attr-defined]


REVIEW_FORMS = {
    "assign": AssignReviewForm,
    "decide": DecideReviewForm,
    "appeal": AppealForm,
    "decide_appeal": DecideAppealForm,
}
REVIEW_LABELS = {
    "take": pgettext_lazy("log review", "Take over"),
    "assign": pgettext_lazy("log review", "Pass on"),
    "decide": pgettext_lazy("log review", "Decide"),
    "accept": pgettext_lazy("log review", "Accept the finding"),
    "appeal": pgettext_lazy("log review", "Appeal"),
    "decide_appeal": pgettext_lazy("log review", "Answer the appeal"),
    "close": pgettext_lazy("log review", "Make final"),
    "lapse": pgettext_lazy("log review", "Let lapse"),
}
