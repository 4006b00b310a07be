"""The API of privacy: consents, and what a person may be contacted for."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.rules import require
from crm import operations
from crm.consents import standings
from crm.forms.privacy import ConsentCreateForm, WithdrawForm
from crm.models import Consent
from crm.privacy_filters import ConsentFilter


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


ROUTES = [("consents", ConsentViewSet)]
