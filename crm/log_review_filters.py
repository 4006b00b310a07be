"""Filters of the review desk, one definition for page and API."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import db_now
from core.filters import ScopedFilterSet
from crm.authenticity import BELIEVABLE, TRUSTED
from crm.log_review_choices import Finding, ReviewCause, ReviewState
from crm.models import LogReview

REVIEW_VIEWS = (
    ("", pgettext_lazy("log review", "Under way")),
    ("mine", pgettext_lazy("log review", "In my hands")),
    ("overdue", _("Overdue")),
    ("appealed", pgettext_lazy("log review", "Appeals")),
    ("all", pgettext_lazy("log review", "All")),
)
BANDS = (
    ("trusted", pgettext_lazy("authenticity", "Trusted")),
    ("check", _("To be checked")),
    ("suspicious", _("Suspicious")),
)


class LogReviewFilter(ScopedFilterSet):
    """Reviews by what is to be done, state, finding, band of the score, cause and people; without a view those under way."""

    view = django_filters.ChoiceFilter(
        method="by_view", choices=REVIEW_VIEWS[1:], label=_("Show"), widget=forms.HiddenInput
    )
    state = django_filters.ChoiceFilter(
        choices=ReviewState.choices, label=_("State"), empty_label=_("All states")
    )
    finding = django_filters.ChoiceFilter(
        choices=Finding.choices,
        label=pgettext_lazy("log review", "Finding"),
        empty_label=pgettext_lazy("log review", "Any finding"),
    )
    band = django_filters.ChoiceFilter(
        method="by_band", choices=BANDS, label=_("Authenticity"), empty_label=_("Any authenticity")
    )
    cause = django_filters.ChoiceFilter(
        choices=ReviewCause.choices,
        label=pgettext_lazy("log review", "Because"),
        empty_label=pgettext_lazy("log review", "Any cause"),
    )
    author = django_filters.NumberFilter(label=_("Author"), widget=forms.HiddenInput)
    reviewer = django_filters.NumberFilter(label=_("Reviewer"), widget=forms.HiddenInput)
    activity = django_filters.NumberFilter(label=_("Contact log"), widget=forms.HiddenInput)

    class Meta:
        model = LogReview
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not knows_causes(self.request.user):  # no author finds out by filtering why a log is looked at
            self.filters.pop("cause")

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        data = self.form.cleaned_data
        narrowed = any(data.get(name) for name in ("view", "state", "finding", "activity"))
        return rows if narrowed else rows.under_way()

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        if value == "mine":
            return rows.in_hands_of(self.request.user)
        if value == "overdue":
            return rows.overdue(db_now())
        return rows.appealed() if value == "appealed" else rows

    def by_band(self, rows: Any, name: str, value: str) -> Any:
        """Trusted, to be checked or suspicious when the review was opened."""
        if value == "trusted":
            return rows.filter(score__gte=TRUSTED)
        if value == "check":
            return rows.filter(score__gte=BELIEVABLE, score__lt=TRUSTED)
        return rows.filter(score__lt=BELIEVABLE)


def knows_causes(user: Any) -> bool:
    """Whether the reader may know why logs are looked at: the desk, executives and audit."""
    return bool(user.has_perm("crm.view_logdraw"))
