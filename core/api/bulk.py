"""The same thing done to many rows, for programs: rehearsed first, then done."""

from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet, as_form_data
from core.bulk import MOST_ROWS, Line, carry_out, pick, rehearse
from core.clock import db_now
from core.errors import NotFound, RuleBroken
from core.lists import list_of
from core.rules import require


class BulkMixin(ScopedViewSet):
    """Adds POST `/bulk/` with `action`, `ids` (at most 300), the action's own values and `dry_run`."""

    list_code = ""

    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """What becomes of each row: before, after, or why it is refused. With `dry_run` nothing is changed."""
        given = dict(request.data)
        code, ids, dry = given.pop("action", ""), given.pop("ids", []), bool(given.pop("dry_run", False))
        chosen = next((one for one in list_of(self.list_code).bulk if one.code == code), None)
        if chosen is None:
            raise NotFound()
        require(request.user, chosen.permission)
        if not isinstance(ids, list) or not all(isinstance(one, int) for one in ids) or len(ids) > MOST_ROWS:
            raise RuleBroken(errors={"ids": [f"1–{MOST_ROWS}"]})
        form = chosen.form_class(as_form_data(given), user=request.user)
        if not form.is_valid():
            raise RuleBroken(
                code="invalid", errors={name: list(found) for name, found in form.errors.items()}
            )
        rows, now, user = pick(self.get_queryset(), ids), db_now(), request.user
        if dry:
            return Response(
                {"run": None, "results": _told(rehearse(chosen, rows, form.cleaned_data, by=user, now=now))}
            )
        run, lines = carry_out(chosen, rows, form.cleaned_data, by=user, now=now, list_code=self.list_code)
        return Response({"run": run.pk, "results": _told(lines)})


def _told(lines: list[Line]) -> list[dict[str, Any]]:
    return [
        {"id": line.row.pk, "before": line.before, "after": line.after, "refusal": str(line.refusal)}
        for line in lines
    ]
