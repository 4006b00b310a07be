"""Input of promises and of what becomes of them."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import ReasonForm, ScopedChoiceField, ScopedForm, ScopedModelForm, TransitionForm
from crm.forms.fields import CHIP_DATE, DateInput, checked_day
from crm.models import Activity, Customer, Promise

EVIDENCE = 20  # the newest logs offered as evidence


class PromiseForm(ScopedForm):
    """What is promised, by when, and who must keep it (by default oneself)."""

    customer = ScopedChoiceField(Customer, widget=forms.HiddenInput)
    text = forms.CharField(label=_("What we promise"), max_length=200)
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput(attrs=CHIP_DATE))
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    owner = ScopedChoiceField(User, label=_("Owed by"), required=False, empty_label=_("Me"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["owner"]
        people.queryset = people.queryset.active().filter(unit=getattr(self.user, "branch", None))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = checked_day(self, data)
        return data


class PromiseUpdateForm(ScopedModelForm):
    """The words of a promise; its day changes only with the customer's consent, by `redate`."""

    class Meta:
        model = Promise
        fields = ("text",)


class LogChoiceField(ScopedChoiceField):
    """Logs by day and words."""

    def label_from_instance(self, activity: Any) -> str:
        return f"{activity.occurred_at:%m-%d} {Truncator(str(activity)).chars(40)}"


class KeepForm(TransitionForm):
    """The log that shows it, or words."""

    evidence = LogChoiceField(
        Activity, label=_("The log that shows it"), required=False, empty_label=_("none of these")
    )
    reason = forms.CharField(label=_("How it was kept"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is not None:
            logs: Any = self.fields["evidence"]
            newest = logs.queryset.filter(customer=self.row.customer_id).order_by("-occurred_at", "-pk")  # type: ignore[attr-defined]
            logs.queryset = Activity.objects.visible_to(self.user).filter(
                pk__in=list(newest.values_list("pk", flat=True)[:EVIDENCE])
            )
            logs.queryset = logs.queryset.order_by("-occurred_at", "-pk")


class RedateForm(TransitionForm):
    """The new day and with whom it was agreed."""

    due_on = forms.DateField(label=_("New day"), required=False, widget=DateInput())
    due_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Agreed with whom, and why"), max_length=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["due_at"] = checked_day(self, data)
        return data


PROMISE_FORMS = {
    "keep": KeepForm,
    "fail": ReasonForm,
    "withdraw": ReasonForm,
    "redate": RedateForm,
    "tell": TransitionForm,
}
PROMISE_LABELS = {
    "keep": _("Kept"),
    "fail": _("Broken"),
    "withdraw": _("Withdraw"),
    "redate": _("Move the day"),
    "tell": _("Customer told"),
}
