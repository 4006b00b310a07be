"""The threads of records: what people said on a row, for whoever may see the row now."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.comments import MAX_LENGTH, add_comment, all_threads, visible_comment, visible_subject
from core.filters import ScopedFilterSet
from core.forms import ScopedForm
from core.mentions import named_by_sight
from core.models import Comment


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A message; names after @ in the text mean colleagues."""

    author_name = serializers.CharField(source="author.name")

    class Meta:
        model = Comment
        fields: ClassVar[list[str]] = [
            "id",
            "object_kind",
            "object_id",
            "author",
            "author_name",
            "text",
            "at",
        ]


class CommentDetailSerializer(CommentSerializer):
    """A message and, for who wrote it, the colleagues named in it who may not see the record and were not told."""

    not_told = serializers.SerializerMethodField()

    class Meta(CommentSerializer.Meta):
        fields: ClassVar[list[str]] = [*CommentSerializer.Meta.fields, "not_told"]

    def get_not_told(self, row: Comment) -> list[dict[str, Any]]:
        """Empty for everybody but the writer."""
        user = self.context["request"].user
        if row.author_id != user.pk:
            return []
        _seeing, others = named_by_sight(
            row.text, visible_subject(row.object_kind, row.object_id, user), user
        )
        return [{"id": one.pk, "name": one.name} for one in others]


class CommentForm(ScopedForm):
    """A message on a record."""

    object_kind = forms.CharField(max_length=60)
    object_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    text = forms.CharField(max_length=MAX_LENGTH)


class CommentFilter(ScopedFilterSet):
    """The record whose thread is read."""

    object_kind = django_filters.CharFilter(required=True, label=_("Kind of the record, like crm.customer"))
    object_id = django_filters.NumberFilter(
        required=True, label=_("Number of the record"), min_value=1, max_value=2**63 - 1
    )

    class Meta:
        model = Comment
        fields: tuple[str, ...] = ()


class CommentViewSet(ScopedViewSet):
    """The thread of one record, and new messages on it. Whoever may see the record reads and writes; nothing is rewritten."""

    model = Comment
    serializer_class = CommentSerializer
    detail_serializer_class = CommentDetailSerializer
    filterset_class = CommentFilter
    create_form_class = CommentForm
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"at": ("at", "pk"), "-at": ("-at", "-pk")}

    def demand(self, verb: str, row: models.Model | None = None) -> None:
        """The record the thread hangs on is asked, by `visible_subject`."""

    def get_queryset(self) -> models.QuerySet[Comment]:
        return all_threads()

    def filter_rows(self, rows: Any, params: QueryDict) -> Any:
        thread = super().filter_rows(rows, params)
        visible_subject(str(params["object_kind"]), int(str(params["object_id"])), self.request.user)
        return thread

    def get_object(self) -> Comment:
        return visible_comment(int(self.kwargs["pk"]), self.request.user)

    def perform_create(self, form: Any) -> Comment:
        user, values = self.request.user, form.cleaned_data
        subject = visible_subject(values["object_kind"], values["object_id"], user)
        return add_comment(by=user, now=db_now(), subject=subject, text=values["text"])
