"""Resources of the ground floor: a person's notices, and the audit trail for those who read it."""

from typing import ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.models import AuditEntry, Notification
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


ROUTES = [("notifications", NotificationViewSet), ("audit-entries", AuditEntryViewSet)]
