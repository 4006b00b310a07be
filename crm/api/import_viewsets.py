"""The API of customer imports: upload, columns, check, start, rows, undo."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet, as_form_data
from core.clock import db_now
from core.errors import RuleBroken
from core.keyset import paginate
from core.rules import require
from crm.forms.imports import DecideForm, UploadForm
from crm.imports.choices import RowOutcome
from crm.imports.decide import decide_rows
from crm.imports.intake import take_upload
from crm.imports.profiles import offers
from crm.imports.report import report_rows
from crm.models import ImportBatch, ImportRow
from crm.views.imports import TRANSITION_FORMS


class ImportSerializer(serializers.ModelSerializer[Any]):
    """One import with its counts: created + updated + skipped + rejected = done."""

    class Meta:
        model = ImportBatch
        fields = (
            "id", "version", "code", "kind", "state", "owner", "branch", "file_name", "file_size", "sha256", "format", "encoding",
            "delimiter", "sheet", "headers", "mapping", "constants", "value_maps", "profile", "policy", "total", "done", "created_rows",
            "updated_rows", "waiting_rows", "skipped_rows", "rejected_rows", "pooled_rows", "approved_by", "created_at", "started_at",
            "finished_at", "undo_until",
        )  # fmt: skip


class ImportViewSet(ScopedViewSet):
    """POST a file; then `map_columns` (`columns`: one field code or "-" per column), `dry_run`, `start` or `submit`."""

    model = ImportBatch
    serializer_class = ImportSerializer
    create_form_class = UploadForm
    transition_forms: ClassVar[dict[str, Any]] = TRANSITION_FORMS

    def perform_create(self, form: Any) -> ImportBatch:
        upload = form.cleaned_data["file"]
        return take_upload(
            by=self.request.user,
            now=db_now(),
            file_name=upload.name,
            content=upload.read(),
            kind=form.cleaned_data["kind"],
        )

    @action(detail=True, methods=["post"], url_path="decide", url_name="decide")
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Decide about waiting rows: `decision` skip, fill or create; `numbers` of lines, without them the next thousand."""
        form = DecideForm(as_form_data(request.data), user=request.user)
        if not form.is_valid():
            raise RuleBroken(
                errors={name: [str(one) for one in found] for name, found in form.errors.items()}
            )
        tally = decide_rows(by=request.user, now=db_now(), batch=self.get_object(), **form.cleaned_data)
        return Response(tally)

    @action(detail=True, methods=["get"], url_path="profiles", url_name="profiles")
    def profiles(self, request: Request, pk: str | None = None) -> Response:
        """Profiles that fit the file, the best first; name one in `map_columns` as `profile`."""
        batch = self.get_object()
        require(request.user, self.code("view"), batch)
        return Response(
            [
                {"key": one.key, "name": one.name, "share": one.share, "mapping": one.mapping(batch.headers)}
                for one in offers(batch, request.user)
            ]
        )

    @action(detail=True, methods=["get"], url_path="rows", url_name="rows")
    def rows(self, request: Request, pk: str | None = None) -> Response:
        """What became of each line, by line number; `?outcome=rejected` narrows."""
        batch = self.get_object()
        require(request.user, self.code("view"), batch)
        lines = ImportRow.objects.visible_to(request.user).filter(batch=batch)
        outcome = request.query_params.get("outcome", "")
        if outcome:
            if outcome not in RowOutcome.values:
                raise RuleBroken(errors={"outcome": [", ".join(RowOutcome.values)]})
            lines = lines.filter(outcome=outcome)
        cursor = request.query_params.get("cursor")
        page = paginate(lines, ("number",), ordering="number", cursor=cursor, limit=200)
        results = [
            {
                "number": line.row.number,
                "outcome": line.row.outcome,
                "name": line.name,
                "customer": line.row.customer_id if line.url else None,
                "findings": [
                    {"level": one.level, "field": one.field, "sentence": one.sentence, "hint": one.hint}
                    for one in line.told
                ],
            }
            for line in report_rows(batch, page.rows, request.user)
        ]
        return Response({"next": page.next, "previous": page.previous, "results": results})


ROUTES = [("imports", ImportViewSet)]
