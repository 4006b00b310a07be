"""The API of the review desk: reviews of contact logs with finding and appeal, and the weekly draws."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from crm import operations
from crm.authenticity_words import explain
from crm.forms.log_reviews import REVIEW_FORMS, AppealForm, LogReviewCreateForm, OpenReviewForm
from crm.log_review_filters import LogReviewFilter, knows_causes
from crm.models import LogDraw, LogReview
from crm.views.log_reviews import REVIEW_ORDERINGS, review_of


class LogReviewSerializer(serializers.ModelSerializer[Any]):
    """A review of a log. `cause`, `note` and `draw` are told to the desk, executives and audit only."""

    author_name = serializers.CharField(source="author.name")
    reviewer_name = serializers.CharField(source="reviewer.name", default=None)
    band = serializers.CharField(read_only=True)

    class Meta:
        model = LogReview
        fields = (
            "id", "version", "activity", "author", "author_name", "cause", "note", "draw", "score", "band", "state", "opened_at",
            "due_at", "reviewer", "reviewer_name", "finding", "first_finding", "evidence", "words", "decided_by",
            "decided_at", "appealed_at", "appeal_words", "judge", "appeal_result", "appeal_answer", "answered_at",
            "closed_at",
        )  # fmt: skip

    def to_representation(self, row: LogReview) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(row)
        if not knows_causes(self.context["request"].user):
            shown |= {"cause": "", "note": "", "draw": None}
        return shown


class LogReviewDetailSerializer(LogReviewSerializer):
    """With the signals of the log as they are now."""

    reasons = serializers.SerializerMethodField()

    class Meta(LogReviewSerializer.Meta):
        fields = (*LogReviewSerializer.Meta.fields, "reasons")  # type: ignore[assignment]

    def get_reasons(self, row: LogReview) -> list[dict[str, Any]]:
        """Each signal: code, points, data and its sentence."""
        own = row.author_id == self.context["request"].user.pk
        return [{**one, "sentence": str(explain(one, own=own))} for one in row.activity.signals]


class LogReviewViewSet(ScopedViewSet):
    """Reviews of contact logs; without `view`, `state`, `finding` or `activity` those under way. POST opens one by hand."""

    model = LogReview
    serializer_class = LogReviewSerializer
    detail_serializer_class = LogReviewDetailSerializer
    filterset_class = LogReviewFilter
    create_form_class = LogReviewCreateForm
    transition_forms: ClassVar[dict[str, Any]] = REVIEW_FORMS
    orderings: ClassVar[dict[str, tuple[str, ...]]] = REVIEW_ORDERINGS

    def perform_create(self, form: Any) -> LogReview:
        return operations.add_log_review(by=self.request.user, now=db_now(), **form.cleaned_data)


class ReviewActions(ScopedViewSet):
    """What is done about the review of a log, by the log's address."""

    @action(detail=True, methods=["post"])
    def review_authenticity(self, request: Request, pk: str | None = None) -> Response:
        """Have the log looked at by a person, with the reason."""
        row = self.get_object()
        require(request.user, "crm.review_authenticity_activity", row)
        values = self.checked_form(OpenReviewForm, request.data).cleaned_data

        def run() -> Any:
            operations.add_log_review(by=request.user, now=db_now(), activity=row, **values)
            return row

        return self.answer_once(request, run)

    @action(detail=True, methods=["post"])
    def appeal(self, request: Request, pk: str | None = None) -> Response:
        """The author appeals against the finding about the log."""
        row = self.get_object()
        require(request.user, "crm.appeal_activity", row)
        values = self.checked_form(AppealForm, request.data).cleaned_data
        review = review_of(row, request.user)
        if review is None:
            raise NotFound()

        def run() -> Any:
            review.appeal(by=request.user, **values)
            return row

        return self.answer_once(request, run)


class LogDrawSerializer(serializers.ModelSerializer[Any]):
    """A weekly draw: `strata` is band → [of how many, drawn]."""

    class Meta:
        model = LogDraw
        fields = ("id", "week", "drawn_at", "share", "strata")


class LogDrawViewSet(ScopedViewSet):
    """The weekly draws of logs to review."""

    model = LogDraw
    serializer_class = LogDrawSerializer


ROUTES = [("log-reviews", LogReviewViewSet), ("log-draws", LogDrawViewSet)]
