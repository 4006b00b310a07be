"""The API of projects: list, open, edit, every transition, and supplying evidence."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.errors import RuleBroken
from core.rules import require
from projects import operations
from projects.api.serializers import ProjectDetailSerializer, ProjectSerializer
from projects.filters import ProjectFilter
from projects.forms import TRANSITION_FORMS, PartyForm, ProjectForm, ProjectUpdateForm, evidence_form
from projects.gates import GATES
from projects.models import Project
from projects.views import ORDERINGS, sensible_steps


class ProjectViewSet(ScopedViewSet):
    """Projects from inquiry to lifetime service."""

    model = Project
    serializer_class = ProjectSerializer
    detail_serializer_class = ProjectDetailSerializer
    filterset_class = ProjectFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = ORDERINGS
    create_form_class = ProjectForm
    update_form_class = ProjectUpdateForm
    transition_forms = TRANSITION_FORMS

    def perform_create(self, form: Any) -> Project:
        return operations.create_project(by=self.request.user, now=db_now(), **form.cleaned_data)

    def available_actions(self, row: Any) -> list[str]:
        return [step.verb for step in sensible_steps(row, self.request.user)]

    @action(detail=True, methods=["post"], url_path="evidence", url_name="evidence")
    def evidence(self, request: Request, pk: str | None = None) -> Response:
        """Supply one item of the present gate: `item`, and `file` (multipart), `value`, or the record's fields."""
        row = self.get_object()
        require(request.user, "projects.add_gateevidence", row)
        given: Any = request.data
        sent = given.copy()
        sent.pop("file", None)
        item = given.get("item", "")
        sent.pop("item", None)
        try:
            wanted = GATES[row.gate].item(item)
        except KeyError as error:
            raise RuleBroken(errors={"item": [_("The present gate does not ask for this item.")]}) from error
        values = self.checked_form(evidence_form(wanted), sent).cleaned_data
        upload = values.pop("file", None)
        texts = {name: str(value) for name, value in values.items() if value is not None}
        return self.answer_once(request, lambda: self._supplied(row, item, upload, texts))

    @action(detail=True, methods=["post"], url_path="parties", url_name="parties")
    def parties(self, request: Request, pk: str | None = None) -> Response:
        """Give a company a part in the project."""
        row = self.get_object()
        require(request.user, "projects.change_project", row)
        values = self.checked_form(PartyForm, request.data).cleaned_data
        operations.name_party(by=request.user, now=db_now(), project=row, **values)
        return Response(self.represent(row))

    def _supplied(self, row: Project, item: str, upload: Any, values: dict[str, Any]) -> Project:
        operations.provide_evidence(
            by=self.request.user, now=db_now(), project=row, item=item, upload=upload, values=values
        )
        return row


ROUTES = [("projects", ProjectViewSet)]
