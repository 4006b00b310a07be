"""Input of merging: who stays, whose value each field keeps, which people are the same; pairs; the licence."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReasonForm, ScopedChoiceField, ScopedForm, TransitionForm
from crm.merge_choices import BOTH, FIELDS, LOSER, SURVIVOR
from crm.models import Customer

SIDES = [(SURVIVOR, _("of the one that stays")), (LOSER, _("of the other")), (BOTH, _("both"))]
PAIR = re.compile(r"(\d{1,18})-(\d{1,18})")


class FoldField(forms.MultipleChoiceField):
    """People who are the same, each as `loser's-survivor's` ids."""

    def validate(self, value: list[str]) -> None:
        if any(not PAIR.fullmatch(one) for one in value):
            raise forms.ValidationError(_("Write each pair of people as two numbers: 12-34."))

    def clean(self, value: Any) -> list[tuple[int, int]]:
        pairs = [PAIR.fullmatch(one) for one in super().clean(value)]
        return [(int(found[1]), int(found[2])) for found in pairs if found]


class MergeChoicesForm(ScopedForm):
    """What a merge chooses: per field whose value is kept (left out: the default), and which people are the same."""

    fold = FoldField(label=_("The same people"), required=False)

    def chosen(self) -> dict[str, Any]:
        """The keyword arguments `choices` and `fold` of a merge."""
        data = self.cleaned_data
        choices = {field.code: data[field.code] for field in FIELDS if data.get(field.code)}
        return {"choices": choices, "fold": data["fold"]}


MergeChoicesForm.declared_fields.update(
    {
        field.code: forms.ChoiceField(
            label=field.label,
            choices=SIDES if field.joins else SIDES[:2],
            required=False,
            widget=forms.RadioSelect,
        )
        for field in FIELDS
    }
)


class MergeForm(MergeChoicesForm):
    """The merge of `loser` into the customer of the address."""

    loser = ScopedChoiceField(Customer, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    loser_version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ProposeMergeForm(ScopedForm):
    """The other customer, by number if it can be seen, else by the reference of the duplicate check; and why."""

    other = ScopedChoiceField(Customer, required=False, widget=forms.HiddenInput)
    ref = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why are they the same?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("other") and not data.get("ref"):
            self.add_error("other", _("Choose another customer."))
        return data


class ApproveMergeForm(TransitionForm, MergeChoicesForm):
    """The decision on a proposed merge: which way round, and the choices of the comparison."""

    swap = forms.BooleanField(label=_("The other one stays"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        return {"version": data.get("version"), "swap": data["swap"], **self.chosen()}


class LinkForm(TransitionForm):
    """Which of the two is the parent."""

    parent = forms.ModelChoiceField(
        label=_("Parent company"), queryset=Customer.objects.none(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is not None:
            two = (self.row.first_id, self.row.second_id)  # type: ignore[attr-defined]
            self.fields["parent"].queryset = Customer.objects.visible_to(self.user).filter(pk__in=two)  # type: ignore[attr-defined]


class DismissForm(TransitionForm):
    """Why they are two, if anything need be said."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class VerifyForm(ScopedForm):
    """The scans of the licence among the customer's files."""

    evidence = forms.MultipleChoiceField(label=_("Scan of the licence"), widget=forms.CheckboxSelectMultiple)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Customer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            from core.files import attachments_of

            files = attachments_of(row)
            self.fields["evidence"].choices = [(str(one.pk), one.file.name) for one in files]  # type: ignore[attr-defined]

    def clean_evidence(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["evidence"]]


MERGE_FORMS = {
    "approve": ApproveMergeForm,
    "refuse": ReasonForm,
    "withdraw": TransitionForm,
    "undo": TransitionForm,
}
MERGE_LABELS = {
    "approve": _("Merge"),
    "refuse": _("Refuse the merge"),
    "withdraw": _("Withdraw the proposal"),
    "undo": _("Take the merge back"),
}
PAIR_FORMS = {"dismiss": DismissForm, "link": LinkForm, "reopen": TransitionForm}
PAIR_LABELS = {"dismiss": _("Not the same"), "link": _("Link to the parent"), "reopen": _("Compare again")}
