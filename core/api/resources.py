"""Resources of the ground floor: a person's notices, and the audit trail for those who read it."""

from typing import Any, ClassVar

import django_filters
from django import forms
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.threads import CommentViewSet
from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.filters import ScopedFilterSet
from core.forms import ScopedForm
from core.lists import remove_view, save_view
from core.models import AuditEntry, Notification, SavedView
from core.notify import render_notices


class NotificationSerializer(serializers.ModelSerializer):
    """A notice with its sentence in the reader's language."""

    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ["id", "code", "object_kind", "object_id", "sentence", "at", "read_at"]

    def get_sentence(self, row: Notification) -> str:
        """The notice as the reader may read it now."""
        rendered = render_notices([row], row.user)
        return rendered[0].sentence if rendered else ""


class NotificationViewSet(ScopedViewSet):
    """The caller's own notices."""

    model = Notification
    serializer_class = NotificationSerializer
    orderings = {"-at": ("-at", "-pk")}

    def demand(self, verb: str, row: Any = None) -> None:
        """One's own notices ask no right."""

    @action(detail=False, methods=["post"], url_path="read")
    def read(self, request: Request) -> Response:
        """Mark every notice of the caller as read."""
        return Response({"read": self.get_queryset().unread().update(read_at=db_now())})


class AuditEntrySerializer(serializers.ModelSerializer):
    """One audit entry: codes, ids and amounts; names are looked up by whoever may see the row."""

    class Meta:
        model = AuditEntry
        fields = [
            *(
                "seq",
                "at",
                "actor",
                "on_behalf_of",
                "code",
                "object_kind",
                "object_id",
                "root_kind",
                "root_id",
            ),
            *("from_state", "to_state", "reason", "evidence", "rule_version", "data"),
        ]


class AuditEntryViewSet(ScopedViewSet):
    """The audit trail, newest first, for the auditor."""

    model = AuditEntry
    serializer_class = AuditEntrySerializer
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-seq": ("-seq",)}


class SavedViewSerializer(serializers.ModelSerializer):
    """A kept filter of a list; `query` is what stands behind the ? of the list's page."""

    owner_name = serializers.CharField(source="owner.name")
    shared = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields = ["id", "list_code", "name", "query", "columns", "shared", "owner", "owner_name"]

    def get_shared(self, row: SavedView) -> bool:
        """Whether the owner's unit sees it."""
        return row.shared_unit_id is not None


class SavedViewForm(ScopedForm):
    """A view to keep."""

    list_code = forms.CharField(max_length=60)
    name = forms.CharField(max_length=40)
    query = forms.CharField(max_length=1000, required=False)
    columns = forms.CharField(max_length=400, required=False)
    shared = forms.BooleanField(required=False)

    def clean_columns(self) -> list[str]:
        """Codes divided by commas."""
        return [code for code in self.cleaned_data["columns"].split(",") if code]


class SavedViewFilter(ScopedFilterSet):
    """Views of one list."""

    list_code = django_filters.CharFilter()

    class Meta:
        model = SavedView
        fields: tuple[str, ...] = ()


class SavedViewViewSet(ScopedViewSet):
    """The caller's views of lists and those shared with the caller's unit; the same name again replaces one's own."""

    model = SavedView
    serializer_class = SavedViewSerializer
    filterset_class = SavedViewFilter
    create_form_class = SavedViewForm

    def list_rows(self) -> Any:
        return self.get_queryset().select_related("owner")

    def perform_create(self, form: Any) -> SavedView:
        return save_view(by=self.request.user, **form.cleaned_data)

    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str | None = None) -> Response:
        """Forget a view of one's own."""
        row = self.get_object()
        remove_view(row, by=request.user)
        return Response({"removed": int(pk or 0)})


ROUTES = [
    ("comments", CommentViewSet),
    ("saved-views", SavedViewViewSet),
    ("notifications", NotificationViewSet),
    ("audit-entries", AuditEntryViewSet),
]
