"""Input of complaints: registering, and what each step asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import OrgUnit, User
from complaints.choices import Category, Channel, Remedy, Severity, Upheld
from complaints.models import Complaint
from core.forms import ReasonForm, ScopedChoiceField, ScopedForm, ScopedMultipleChoiceField, TransitionForm
from crm.models import Contact, Customer
from projects.models import Project
from service.models import Ticket

SHORT = forms.Textarea(attrs={"rows": 2})
LONG = forms.Textarea(attrs={"rows": 4})


class DepartmentField(ScopedChoiceField):
    """A department or branch that can be complained about."""

    def __init__(self, **options: Any) -> None:
        super().__init__(OrgUnit, **options)

    def narrow(self, user: Any) -> None:
        self.queryset = OrgUnit.objects.visible_to(user).filter(active=True)


class PersonField(ScopedChoiceField):
    """An active colleague."""

    def __init__(self, **options: Any) -> None:
        super().__init__(User, **options)

    def narrow(self, user: Any) -> None:
        self.queryset = User.objects.visible_to(user).filter(is_active=True)


class ComplaintForm(ScopedForm):
    """登记投诉: what somebody holds against us, in a few fields; the graver facts are asked below."""

    customer = ScopedChoiceField(Customer, label=_("Customer"), widget=forms.HiddenInput)
    lead_department = DepartmentField(label=_("Against department"))
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    facts = forms.CharField(
        label=_("What happened"),
        max_length=4000,
        widget=LONG,
        help_text=_("Who, what, when, where, how much: in the complainant's words."),
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    contact = ScopedChoiceField(Contact, label=_("Contact"), required=False, widget=forms.HiddenInput)
    complainant = forms.CharField(
        label=_("Complainant"),
        max_length=40,
        required=False,
        help_text=_("Seen by supervision only."),
    )
    wanted = forms.CharField(label=_("What the complainant wants"), max_length=500, required=False)
    claim_amount = forms.DecimalField(
        label=_("Claim, CNY"), max_digits=14, decimal_places=2, min_value=0, required=False
    )
    production_stop_hours = forms.FloatField(
        label=_("Production stopped, hours"), min_value=0, max_value=100_000, required=False
    )
    public_water_hours = forms.FloatField(
        label=_("Public water interrupted, hours"), min_value=0, max_value=100_000, required=False
    )
    injury = forms.BooleanField(label=_("Injury, fire or pollution"), required=False)
    threatens_to_leave = forms.BooleanField(label=_("Threatens to change supplier"), required=False)
    internal = forms.BooleanField(label=_("Between colleagues (internal)"), required=False)
    anonymous = forms.BooleanField(label=_("Anonymous"), required=False)
    ticket = ScopedChoiceField(Ticket, required=False, widget=forms.HiddenInput)
    project = ScopedChoiceField(Project, required=False, widget=forms.HiddenInput)

    GRAVE = (
        *("claim_amount", "production_stop_hours", "public_water_hours"),
        *("injury", "threatens_to_leave", "internal", "anonymous"),
    )

    def clean(self) -> dict[str, Any]:
        """Numbers left empty mean none."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("claim_amount", "production_stop_hours", "public_water_hours"):
            cleaned[name] = cleaned.get(name) or 0
        return cleaned


class TriageForm(TransitionForm):
    """How grave, and who answers for it."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    lead_department = DepartmentField(label=_("Responsible department"))
    departments = ScopedMultipleChoiceField(OrgUnit, label=_("Also concerned"), required=False)
    supervisor = PersonField(label=_("Supervision officer"), required=False)
    handler = PersonField(label=_("Handler in the department"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=SHORT)

    def __init__(self, *args: Any, row: Complaint | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {
                "severity": row.severity,
                "lead_department": row.lead_department_id,
                **(kwargs.get("initial") or {}),
            }
        super().__init__(*args, row=row, **kwargs)


class AcknowledgeForm(TransitionForm):
    """How the complainant was told."""

    channel = forms.ChoiceField(label=_("Told by"), choices=Channel.choices)
    text = forms.CharField(label=_("What was said"), max_length=1000, required=False, widget=SHORT)


class InvestigateForm(TransitionForm):
    """Who investigates, and what was done at once."""

    handler = PersonField(label=_("Handler"), required=False)
    containment = forms.CharField(
        label=_("What was done to contain the damage"), max_length=2000, required=False, widget=SHORT
    )


class ProposeForm(TransitionForm):
    """Finding, remedy and answer the department proposes."""

    investigation = forms.CharField(label=_("What was found"), max_length=4000, widget=LONG)
    upheld = forms.ChoiceField(label=_("Finding"), choices=Upheld.choices)
    remedy = forms.ChoiceField(label=_("Remedy"), choices=Remedy.choices, initial=Remedy.NONE)
    reply = forms.CharField(label=_("Answer to the complainant"), max_length=4000, widget=LONG)
    containment = forms.CharField(label=_("Containment"), max_length=2000, required=False, widget=SHORT)


class ReviewForm(TransitionForm):
    """Supervision's verdict on the proposal."""

    passed = forms.TypedChoiceField(
        label=_("Verdict"),
        choices=[("yes", _("Agree")), ("no", _("Send back"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=SHORT)


class AnswerForm(TransitionForm):
    """The final answer to the complainant."""

    channel = forms.ChoiceField(label=_("Answered by"), choices=Channel.choices)
    reply = forms.CharField(label=_("Answer"), max_length=4000, required=False, widget=LONG)

    def __init__(self, *args: Any, row: Complaint | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {"reply": row.reply, **(kwargs.get("initial") or {})}
        super().__init__(*args, row=row, **kwargs)


class NoteForm(TransitionForm):
    """A step with an optional note."""

    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=SHORT)


class CloseForm(TransitionForm):
    """What was learned."""

    lessons = forms.CharField(label=_("What we learned"), max_length=2000, required=False, widget=LONG)


class DuplicateForm(TransitionForm):
    """The case this one repeats."""

    original = ScopedChoiceField(
        Complaint, label=_("The other case (its number's id)"), widget=forms.NumberInput
    )


class SeverityForm(ReasonForm):
    """Another severity, and why."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)


class ContainForm(ScopedForm):
    """How the damage was contained."""

    text = forms.CharField(label=_("What was done to contain the damage"), max_length=2000, widget=LONG)


class InterimForm(ScopedForm):
    """What the complainant was told meanwhile."""

    channel = forms.ChoiceField(label=_("Told by"), choices=Channel.choices)
    text = forms.CharField(label=_("What was said"), max_length=2000, widget=LONG)


class StepForm(ScopedForm):
    """A note to a line of the emergency plan."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False)


COMPLAINT_FORMS: dict[str, Any] = {
    "triage": TriageForm,
    "acknowledge": AcknowledgeForm,
    "investigate": InvestigateForm,
    "wait": ReasonForm,
    "propose": ProposeForm,
    "review": ReviewForm,
    "answer": AnswerForm,
    "accept_answer": NoteForm,
    "reject_answer": ReasonForm,
    "verify": NoteForm,
    "close": CloseForm,
    "close_unresolved": ReasonForm,
    "withdraw": ReasonForm,
    "mark_duplicate": DuplicateForm,
    "reopen": ReasonForm,
    "change_severity": SeverityForm,
}
COMPLAINT_LABELS: dict[str, Any] = {
    "triage": _("Grade and assign"),
    "acknowledge": _("Acknowledge"),
    "investigate": _("Investigate"),
    "wait": _("Wait for the complainant"),
    "resume": _("Go on"),
    "propose": _("Propose an answer"),
    "review": _("Review"),
    "answer": _("Give the answer"),
    "accept_answer": _("Answer accepted"),
    "reject_answer": _("Answer rejected"),
    "verify": _("Verify"),
    "close": _("Close the case"),
    "close_unresolved": _("Close unresolved"),
    "withdraw": _("Withdrawn by the complainant"),
    "mark_duplicate": _("Duplicate"),
    "reopen": _("Reopen the case"),
    "change_severity": _("Change the severity"),
}
