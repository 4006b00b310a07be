"""Surveys in the API: questionnaires, invitations, responses and recoveries, with every step."""

from typing import Any

from django.http import HttpRequest
from rest_framework.decorators import action

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from surveys import operations
from surveys.api.serializers import (
    InvitationSerializer,
    QuestionnaireDetailSerializer,
    QuestionnaireSerializer,
    RecoverySerializer,
    ResponseDetailSerializer,
    ResponseSerializer,
)
from surveys.filters import InvitationFilter, RecoveryFilter, ResponseFilter
from surveys.forms import INVITATION_FORMS, RECOVERY_FORMS, ComplainForm
from surveys.models import Invitation, Questionnaire, Recovery, Response


class QuestionnaireViewSet(ScopedViewSet):
    """调查问卷 questionnaires."""

    model = Questionnaire
    serializer_class = QuestionnaireSerializer
    detail_serializer_class = QuestionnaireDetailSerializer


class InvitationViewSet(ScopedViewSet):
    """调查邀请 invitations."""

    model = Invitation
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter
    transition_forms = INVITATION_FORMS


class ResponseViewSet(ScopedViewSet):
    """调查答卷 responses; written only by answering an invitation."""

    model = Response
    serializer_class = ResponseSerializer
    detail_serializer_class = ResponseDetailSerializer
    filterset_class = ResponseFilter
    orderings = {"-received": ("-received_at", "-id"), "received": ("received_at", "id")}


class RecoveryViewSet(ScopedViewSet):
    """低分补救 recoveries."""

    model = Recovery
    serializer_class = RecoverySerializer
    filterset_class = RecoveryFilter
    transition_forms = RECOVERY_FORMS

    @action(detail=True, methods=["post"])
    def complain(self, request: HttpRequest, pk: str | None = None) -> Any:
        """Treat the low answer as a complaint."""
        row = self.get_queryset().filter(pk=pk).first()
        if row is None:
            raise NotFound()
        require(request.user, self.code("complain"), row)
        form = self.checked_form(ComplainForm, request.data)  # type: ignore[attr-defined]

        def run() -> Recovery:
            operations.treat_as_complaint(by=request.user, now=db_now(), recovery=row, **form.cleaned_data)
            return row

        return self.answer_once(request, run)  # type: ignore[arg-type]


ROUTES = [
    ("questionnaires", QuestionnaireViewSet),
    ("invitations", InvitationViewSet),
    ("responses", ResponseViewSet),
    ("recoveries", RecoveryViewSet),
]
