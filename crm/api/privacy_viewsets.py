"""The API of privacy: consents, what a person may be contacted for, requests about data, erasures."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.models import AuditEntry
from core.rules import require
from crm import access_log, operations
from crm.consents import standings
from crm.forms.bulk import NothingForm
from crm.forms.privacy import (
    REQUEST_FORMS,
    ConsentCreateForm,
    HoldForm,
    PrivacyRequestCreateForm,
    WithdrawForm,
)
from crm.models import Consent, Erasure, PrivacyRequest
from crm.privacy_filters import AccessLogFilter, ConsentFilter, PrivacyRequestFilter


class ConsentSerializer(serializers.ModelSerializer[Any]):
    """One word of a person about one purpose."""

    class Meta:
        model = Consent
        fields = (
            "id", "contact", "purpose", "method", "text_version", "at", "proof", "recorded_by", "withdrawn_at",
            "withdrawn_by", "withdrawn_via", "created_at",
        )  # fmt: skip


class ConsentViewSet(ScopedViewSet):
    """What people agreed to. Added and withdrawn (`contacts/{id}/withdraw_consent/`), never changed."""

    model = Consent
    serializer_class = ConsentSerializer
    filterset_class = ConsentFilter
    create_form_class = ConsentCreateForm

    def perform_create(self, form: Any) -> Consent:
        return operations.record_consent(by=self.request.user, now=db_now(), **form.arguments())


class ConsentActions(ScopedViewSet):
    """What a person may be contacted for, and their no."""

    @action(detail=True, methods=["get"])
    def may_contact(self, request: Request, pk: str | None = None) -> Response:
        """The verdict per purpose now; `reason` is empty when the person may be contacted for it."""
        row = self.get_object()
        require(request.user, "crm.view_consent", row)
        found = standings(row, now=db_now())
        return Response(
            {
                one.purpose.value: {"allowed": bool(one.verdict), "reason": str(one.verdict.reason)}
                for one in found
            }
        )

    @action(detail=True, methods=["post"])
    def withdraw_consent(self, request: Request, pk: str | None = None) -> Response:
        """The person's no to one purpose; effective at once."""
        row = self.get_object()
        require(request.user, "crm.withdraw_consent", row)
        values = self.checked_form(WithdrawForm, request.data).arguments()

        def run() -> Any:
            operations.withdraw_consent(by=request.user, now=db_now(), contact=row, **values)
            return row

        return self.answer_once(request, run)

    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str | None = None) -> Response:
        """Anonymise somebody without contact or business for years (`contacts/?presence=outlived`)."""
        row = self.get_object()
        require(request.user, "crm.retire_contact", row)
        self.checked_form(NothingForm, request.data)
        return self.answer_once(
            request, lambda: operations.retire_contact(by=request.user, now=db_now(), contact=row)
        )

    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str | None = None) -> Response:
        """Keep the person's data because of a law or claim; an empty `legal_hold` lifts it."""
        row = self.get_object()
        require(request.user, "crm.hold_contact", row)
        values = self.checked_form(HoldForm, request.data).cleaned_data
        return self.answer_once(
            request, lambda: operations.hold_contact(by=request.user, now=db_now(), contact=row, **values)
        )


class PrivacyRequestSerializer(serializers.ModelSerializer[Any]):
    """What a person asks about their data, and how far it is."""

    class Meta:
        model = PrivacyRequest
        fields = (
            "id", "version", "code", "contact", "kind", "state", "words", "owner", "branch", "received_at", "due_at",
            "verified_via", "verified_by", "verified_at", "made_at", "refused_for", "answer", "closed_at",
        )  # fmt: skip


class PrivacyRequestViewSet(ScopedViewSet):
    """Requests of people about their data; `start` lets the worker make the copy or erase the person."""

    model = PrivacyRequest
    serializer_class = PrivacyRequestSerializer
    filterset_class = PrivacyRequestFilter
    create_form_class = PrivacyRequestCreateForm
    transition_forms: ClassVar[dict[str, Any]] = REQUEST_FORMS
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"due_at": ("due_at", "id"), "-id": ("-id",)}

    def perform_create(self, form: Any) -> PrivacyRequest:
        return operations.add_privacy_request(by=self.request.user, now=db_now(), **form.arguments())


class ErasureSerializer(serializers.ModelSerializer[Any]):
    """One person erased: numbers only."""

    class Meta:
        model = Erasure
        fields = ("id", "contact", "request", "by", "at", "rows", "files", "by_hand")


class ErasureViewSet(ScopedViewSet):
    """The list of people erased, which a restored copy replays."""

    model = Erasure
    serializer_class = ErasureSerializer


class AccessLogSerializer(serializers.ModelSerializer[Any]):
    """One line of the access log: codes and ids."""

    class Meta:
        model = AuditEntry
        fields = ("seq", "at", "actor", "code", "object_kind", "object_id", "reason", "data")


class AccessLogViewSet(ScopedViewSet):
    """Openings of numbers, exports, copies and erasures, newest first."""

    model = AuditEntry
    serializer_class = AccessLogSerializer
    filterset_class = AccessLogFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-at": ("-at", "-seq")}

    def code(self, verb: str) -> str:
        return "crm.view_accesslog"

    def get_queryset(self) -> Any:
        require(self.request.user, "crm.view_accesslog")
        return access_log.entries()


ROUTES = [
    ("access-log", AccessLogViewSet),
    ("consents", ConsentViewSet),
    ("privacy-requests", PrivacyRequestViewSet),
    ("erasures", ErasureViewSet),
]
