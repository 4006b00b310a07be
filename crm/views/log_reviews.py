"""Pages of the review desk: the queue, one review with the logs side by side, opening one, the weekly draws."""

from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.audit import history
from core.clock import db_now
from core.errors import NotFound
from core.files import attachments_of
from core.flow import transitions_for
from core.querysets import get_visible
from core.rules import ask, require
from core.timeline import render_entries
from core.views import ScopedDetailView, ScopedFormView, ScopedListView, TransitionView
from crm.authenticity_words import explain
from crm.forms.log_reviews import DecideAppealForm, DecideReviewForm, OpenReviewForm
from crm.log_review_filters import REVIEW_VIEWS, LogReviewFilter, knows_causes
from crm.models import Activity, LogDraw, LogReview, VisitConfirmation
from crm.operations import add_log_review

REVIEW_ORDERINGS = {"due_at": ("due_at", "id"), "score": ("score", "id"), "-id": ("-id",)}
ALIKE = ("H1", "H6")  # signals that name another log of the author
OTHERS = 5


class LogReviewListView(ScopedListView):
    """The queue of the desk; authors see the reviews of their logs, managers those of their branch."""

    model = LogReview
    filterset_class = LogReviewFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = REVIEW_ORDERINGS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, rows = self.request.user, kwargs["rows"]
        logs = Activity.objects.visible_to(user).filter(pk__in=[row.activity_id for row in rows])
        return super().get_context_data(
            readable=set(logs.values_list("pk", flat=True)),
            knows_causes=knows_causes(user),
            is_desk=user.has_perm("crm.decide_logreview"),
            views=REVIEW_VIEWS,
            view=self.request.GET.get("view", ""),
            **kwargs,
        )


class LogReviewDetailView(ScopedDetailView):
    """One review: the log beside the earlier one it is like, the signals, what the customer said, finding, appeal."""

    model = LogReview

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = kwargs["row"], self.request.user
        logs = Activity.objects.visible_to(user)
        knows = knows_causes(user)
        readable = logs.filter(pk=row.activity_id).exists()
        lines = history(row).select_related("actor")[:30]
        return super().get_context_data(
            activity=row.activity if readable else None,
            reasons=[
                (explain(one, own=row.author_id == user.pk), one["points"]) for one in row.activity.signals
            ],
            alike=_alike(row.activity, logs),
            asked=VisitConfirmation.objects.visible_to(user).filter(activity=row.activity_id).first(),
            doubted=_doubted(row, logs) if knows else [],
            earlier=_earlier(row, user) if knows else [],
            knows_causes=knows,
            attachments=attachments_of(row.activity) if readable else [],
            late=row.is_overdue_at(kwargs["now"]),
            following=_following(row, user),
            history=render_entries(lines, user, root=row),
            **kwargs,
        )


def _alike(activity: Activity, logs: Any) -> list[tuple[str, Activity]]:
    """The author's other logs that the signals name, as far as the reader sees them: (signal, log)."""
    named = {
        one["data"]["other"]: one["code"]
        for one in activity.signals
        if one["code"] in ALIKE and (one.get("data") or {}).get("other")
    }
    rows = logs.filter(pk__in=named).for_list().order_by("pk")
    return [(named[row.pk], row) for row in rows]


def _doubted(row: LogReview, logs: Any) -> list[Activity]:
    """The author's latest other suspicious logs."""
    rows = logs.doubted().filter(author=row.author_id).exclude(pk=row.activity_id)
    return list(rows.for_list().order_by("-occurred_at", "-pk")[:OTHERS])


def _earlier(row: LogReview, user: Any) -> list[LogReview]:
    """The author's latest other reviews that came to a finding."""
    rows = LogReview.objects.visible_to(user).final().filter(author=row.author_id).exclude(pk=row.pk)
    return list(rows.for_list().order_by("-pk")[:OTHERS])


def _following(row: LogReview, user: Any) -> LogReview | None:
    """What waits for this person after a review: the next one by its day, from the first again after the last."""
    waiting = LogReview.objects.visible_to(user).in_hands_of(user).exclude(pk=row.pk)
    waiting = waiting.order_by("due_at", "pk")
    later = waiting.filter(Q(due_at__gt=row.due_at) | Q(due_at=row.due_at, pk__gt=row.pk))
    found: LogReview | None = later.first() or waiting.first()
    return found


class NextReviewMixin:
    """After a decision the next one in one's hands is opened, so that a desk is worked off without the list."""

    request: HttpRequest

    def get_success_url(self, row: Any) -> str:
        """The next review that waits for this person, else the list."""
        following = _following(row, self.request.user)
        return following.get_absolute_url() if following else f"{reverse('crm:logreview_list')}?view=mine"


class LogReviewDecideView(NextReviewMixin, TransitionView):
    """Say what was found."""

    model = LogReview
    verb = "decide"
    form_class = DecideReviewForm
    title = pgettext_lazy("log review", "Decide")
    submit_label = pgettext_lazy("log review", "Decide")


class LogReviewDecideAppealView(NextReviewMixin, TransitionView):
    """Uphold the finding or change it."""

    model = LogReview
    verb = "decide_appeal"
    form_class = DecideAppealForm
    title = pgettext_lazy("log review", "Answer the appeal")
    submit_label = pgettext_lazy("log review", "Answer the appeal")


class ActivityReviewView(ScopedFormView):
    """Have a log looked at, from its page."""

    model = Activity
    permission = "review_authenticity"
    form_class = OpenReviewForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Have this log reviewed")
    submit_label = gettext_lazy("Open a review")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"initial": self.get_initial()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> LogReview:
        return add_log_review(by=self.request.user, now=db_now(), activity=self.row, **form.cleaned_data)


def activity_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """The appeal against the finding about a log, by the log's address."""
    activity = get_visible(Activity, request.user, pk)
    require(request.user, "crm.appeal_activity", activity)
    row = review_of(activity, request.user)
    if row is None:
        raise NotFound()
    return redirect("crm:logreview_appeal", row.pk)


def review_of(activity: Activity, user: Any) -> LogReview | None:
    """The latest review of a log that the reader may see."""
    rows = LogReview.objects.visible_to(user).filter(activity=activity.pk)
    return rows.for_detail().order_by("-pk").first()


def review_card(activity: Activity, user: Any) -> dict[str, Any]:
    """What the page of a log says about its review."""
    row = review_of(activity, user)
    steps = {step.verb for step in transitions_for(row, user)} if row is not None else set()
    may_open = activity.score is not None and (row is None or not row.is_open)
    return {
        "review": row,
        "may_appeal": "appeal" in steps,
        "may_review": may_open and bool(ask(user, "crm.review_authenticity_activity", activity)),
    }


class LogDrawListView(ScopedListView):
    """The weekly draws: from how many logs how many were taken."""

    model = LogDraw
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",)}
