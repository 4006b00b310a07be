"""Input of the pool: giving back, extending, asking another branch, and the table of rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReasonForm, ScopedForm, TransitionForm
from crm.pool_rules import MAX_DAYS, SEGMENTS, VIP

REASON = forms.Textarea(attrs={"rows": 2})


class ClaimForm(ScopedForm):
    """Nothing is asked: the page says what follows from claiming."""


class ReturnForm(ScopedForm):
    """Why a customer is given back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=REASON,
        help_text=_("Whoever takes the customer next reads it: what was tried, and why it led nowhere."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ExtendForm(ScopedForm):
    """Why an owner may keep a customer longer."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=REASON)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CrossClaimForm(ScopedForm):
    """The number of a customer in another branch's pool, and why one can serve it better."""

    code = forms.CharField(
        label=_("Customer no."),
        max_length=24,
        help_text=_("As the duplicate warning or a colleague of that branch names it."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=REASON)


CROSS_CLAIM_FORMS: dict[str, Any] = {
    "consent": TransitionForm,
    "refuse": ReasonForm,
    "cancel": TransitionForm,
}
CROSS_CLAIM_LABELS = {"consent": _("Agree"), "refuse": _("Refuse"), "cancel": _("Withdraw")}
POOL_RULE_FORMS: dict[str, Any] = {"approve": TransitionForm, "refuse": ReasonForm}
POOL_RULE_LABELS = {"approve": _("Approve"), "refuse": _("Refuse")}

SEGMENT_WORDS = {
    "prospect": _("Prospect"),
    "standard": _("Standard tier"),
    "professional": _("Professional tier"),
    "vip": _("VIP"),
}
LIMIT_WORDS = {
    "contact": _("No two-way contact"),
    "opportunity": _("No opportunity"),
    "deal": _("No deal"),
    "notices": _("Notices before"),
    "alert_manager": _("Alarm to the branch manager"),
    "alert_executive": _("Alarm to the executives"),
}
NUMBER = ("contact", "opportunity", "deal")


class PoolRuleForm(ScopedForm):
    """The whole table of rules, a field a cell (`prospect_contact`), and why it changes."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=REASON)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        values: dict[str, Any] = {}
        for segment, limit in CELLS:
            words = data.pop(f"{segment}_{limit}", None)
            if limit == "notices":
                words = self._days(f"{segment}_{limit}", words or "")
            values.setdefault(segment, {})[limit] = words
        return {"values": values, "reason": data.get("reason", "")}

    def _days(self, name: str, words: str) -> list[int]:
        parts = words.replace("，", ",").replace("、", ",").split(",")
        try:
            return [int(part) for part in parts if part.strip()]
        except ValueError:
            self.add_error(name, _("Numbers with commas between: 14, 7, 1."))
            return []


CELLS = [(segment, limit) for segment in SEGMENTS for limit in (*NUMBER, "notices")]
CELLS += [(VIP, limit) for limit in ("alert_manager", "alert_executive")]
for _segment, _limit in CELLS:
    _label = LIMIT_WORDS[_limit]
    PoolRuleForm.base_fields[f"{_segment}_{_limit}"] = (
        forms.CharField(label=_label, max_length=40)
        if _limit == "notices"
        else forms.IntegerField(label=_label, min_value=1, max_value=MAX_DAYS)
    )


def initial_of(rules: Any) -> dict[str, Any]:
    """A table of rules as the form's first values."""
    return {
        f"{segment}_{limit}": ", ".join(map(str, rules[segment][limit]))
        if limit == "notices"
        else rules[segment][limit]
        for segment, limit in CELLS
    }
