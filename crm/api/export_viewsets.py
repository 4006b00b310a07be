"""The API of exports: ask for a list, have it approved, read its password once, fetch it for a day."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.rules import require
from crm.exports.asking import request_export
from crm.exports.choices import ExportResource
from crm.exports.fetching import reveal_password
from crm.exports.tables import offered, only_asks, table_of
from crm.forms.exports import ExportForm
from crm.models import Export
from crm.views.exports import EXPORT_FORMS, file_of


class ExportSerializer(serializers.ModelSerializer[Any]):
    """One list that was asked for; never its password."""

    class Meta:
        model = Export
        fields = (
            "id", "version", "code", "state", "owner", "branch", "resource", "query", "columns", "unmasked", "format", "reason",
            "rows", "approved_by", "answered_at", "refusal", "stopped_by", "file_rows", "file_size", "sha256", "created_at",
            "ready_at", "link_until", "revealed_at", "downloaded_at",
        )  # fmt: skip


class ExportViewSet(ScopedViewSet):
    """POST `resource`, `query` (the list's own filters), `columns` (codes; none: all but full numbers), `format` and `reason`.

    Once `state` is ready, `reveal` gives the password of the file a single time and `download` the file for a day.
    """

    model = Export
    serializer_class = ExportSerializer
    create_form_class = ExportForm
    transition_forms: ClassVar[dict[str, Any]] = EXPORT_FORMS

    def perform_create(self, form: Any) -> Export:
        given = dict(form.cleaned_data)
        file_format = given.pop("format")
        return request_export(by=self.request.user, now=db_now(), file_format=file_format, **given)

    @action(detail=False, methods=["get"], url_path="columns", url_name="columns")
    def columns(self, request: Request) -> Response:
        """The columns one may ask for, of `?resource=customers`, `contacts` or `activities`; `personal` ones need approval."""
        require(request.user, self.code("add"))
        table = table_of(request.query_params.get("resource") or ExportResource.CUSTOMERS)
        only_asks(table, request.user)
        return Response(
            [
                {"code": one.code, "label": str(one.words), "personal": one.personal}
                for one in offered(table, request.user)
            ]
        )

    @action(detail=True, methods=["post"], url_path="reveal", url_name="reveal")
    def reveal(self, request: Request, pk: str | None = None) -> Response:
        """The password of the file, once; asked again it is refused (409)."""
        password = reveal_password(self.get_object(), by=request.user, now=db_now())
        return Response({"password": password}, headers={"Cache-Control": "private, no-store"})

    @action(detail=True, methods=["post"], url_path="download", url_name="download")
    def download(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The file itself, locked by its password; logged, hence a POST."""
        return file_of(self.get_object(), request.user)


ROUTES = [("exports", ExportViewSet)]
