"""Input of surveys: the customer's answers, the steps of a recovery, the words of a questionnaire."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import OrgUnit
from complaints.choices import Category
from complaints.forms import DepartmentField
from core.forms import ScopedForm, TransitionForm
from surveys.choices import KIND_OF, CauseCode, Fixed, Kind, QuestionCode
from surveys.models import Invitation, Questionnaire
from surveys.scoring import RANGES

SHORT = forms.Textarea(attrs={"rows": 2})
LONG = forms.Textarea(attrs={"rows": 4})
TEXT_LIMIT = 2000


def answer_field(code: str) -> forms.Field:
    """The field of one question by the kind of its code; every answer may be left out."""
    kind = KIND_OF.get(QuestionCode(code), Kind.SCALE5)
    if kind == Kind.TEXT:
        return forms.CharField(
            required=False, max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 4})
        )
    if kind == Kind.YESNO:
        return forms.ChoiceField(required=False, choices=Fixed.choices, widget=forms.RadioSelect)
    return forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(number, str(number)) for number in RANGES[kind]],
        widget=forms.RadioSelect,
    )


class BaseAnswerForm(TransitionForm):
    """The answers to one invitation: the questions of its questionnaire, in their words and order."""

    def __init__(self, *args: Any, row: Invitation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        asked = list(row.questionnaire.questions.all()) if row is not None else []
        for question in asked:
            self.fields[question.code].label = str(question)
        if row is not None:
            self.fields = {
                name: self.fields[name] for name in ("version", *(one.code for one in asked))
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """At least one question must be answered; blank texts count as none."""
        cleaned: dict[str, Any] = super().clean() or {}
        given = [value for name, value in cleaned.items() if name != "version" and value not in (None, "")]
        if not given and not self.errors:
            self.add_error(None, _("Please answer at least one question."))
        return cleaned


AnswerForm = type(
    "AnswerForm",
    (BaseAnswerForm,),
    {
        "__doc__": BaseAnswerForm.__doc__,
        "__module__": __name__,
        **{code: answer_field(code) for code in QuestionCode.values},
    },
)


class ExcludeForm(TransitionForm):
    """Why this customer is not asked."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=SHORT)


class SendForm(TransitionForm):
    """Handing the link over needs nothing but the click."""


class CallForm(TransitionForm):
    """What the customer said on the phone."""

    note = forms.CharField(label=_("What the customer said"), max_length=2000, widget=LONG)
    cause = forms.ChoiceField(
        label=_("Cause"), choices=[("", _("not clear yet")), *CauseCode.choices], required=False
    )


class ProposeForm(TransitionForm):
    """What we promise, and by when."""

    cause = forms.ChoiceField(label=_("Cause"), choices=CauseCode.choices)
    action = forms.CharField(label=_("What we do"), max_length=2000, widget=LONG)
    promised_on = forms.DateField(label=_("By"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {"cause": row.cause, **(kwargs.get("initial") or {})}
        super().__init__(*args, row=row, **kwargs)


class CloseForm(TransitionForm):
    """How the promise was kept."""

    note = forms.CharField(label=_("How it was kept"), max_length=1000, required=False, widget=SHORT)


class ComplainForm(ScopedForm):
    """A complaint made of a low answer, agreed with the customer."""

    lead_department = DepartmentField(label=_("Against department"))
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    facts = forms.CharField(label=_("What happened"), max_length=4000, widget=LONG)

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if "lead_department" not in self.initial:
            unit = OrgUnit.objects.visible_to(user).filter(code="ASD").first()
            self.initial["lead_department"] = unit and unit.pk


class QuestionnaireForm(ScopedForm):
    """The words of an edition in both languages: title, introduction, one pair per question."""

    title_zh = forms.CharField(label=_("Title, Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title, English"), max_length=120, required=False)
    intro_zh = forms.CharField(label=_("Introduction, Chinese"), max_length=500, required=False, widget=SHORT)
    intro_en = forms.CharField(label=_("Introduction, English"), max_length=500, required=False, widget=SHORT)

    def __init__(self, *args: Any, instance: Questionnaire, **kwargs: Any) -> None:
        texts = {"title": instance.title, "intro": instance.intro}
        questions = list(instance.questions.all())
        texts |= {question.code: question.text for question in questions}
        super().__init__(*args, **kwargs)
        for question in questions:
            label = question.get_code_display()
            self.fields[f"{question.code}_zh"] = forms.CharField(
                label=_("%(question)s, Chinese") % {"question": label}, max_length=200
            )
            self.fields[f"{question.code}_en"] = forms.CharField(
                label=_("%(question)s, English") % {"question": label}, max_length=200, required=False
            )
        for name, words in texts.items():
            self.initial[f"{name}_zh"] = words.get("zh-hans", "")
            self.initial[f"{name}_en"] = words.get("en", "")
        self.names = list(texts)

    def words(self) -> dict[str, dict[str, str]]:
        """The texts by name, then by language; empty ones left out."""
        given = self.cleaned_data
        return {
            name: {
                language: text
                for language, text in (("zh-hans", given[f"{name}_zh"]), ("en", given[f"{name}_en"]))
                if text
            }
            for name in self.names
        }


INVITATION_FORMS: dict[str, Any] = {"send": SendForm, "answer": AnswerForm, "exclude": ExcludeForm}
INVITATION_LABELS: dict[str, Any] = {
    "send": _("Hand the link over"),
    "answer": _("Enter an answer given by phone"),
    "expire": _("End the link"),
    "exclude": _("Do not ask"),
}
RECOVERY_FORMS: dict[str, Any] = {"call": CallForm, "propose": ProposeForm, "close": CloseForm}
RECOVERY_LABELS: dict[str, Any] = {
    "call": _("Record the call"),
    "propose": _("Promise"),
    "close": _("Promise kept, close"),
    "reask": _("Ask again"),
}
QUESTIONNAIRE_LABELS: dict[str, Any] = {"publish": _("Put into use"), "retire": _("Take out of use")}
