"""The API of numbers: every metric's meaning, its values per subject and month, and the rows behind each."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from core.clock import db_now
from core.errors import NotFound, RuleBroken
from core.keyset import paginate
from core.rules import require
from kpi.api.serializers import MetricBoardSerializer, MetricRowsSerializer, MetricSerializer
from kpi.boards import VIEW, build_board, rows_behind, subjects
from kpi.metrics import COLUMNS, METRICS, PM, Metric
from kpi.periods import Period, month_named, month_of

PAGE = 200
ASKED = [
    OpenApiParameter("by", str, enum=list(COLUMNS)),
    OpenApiParameter("month", str, description=gettext_lazy("2026-11; the running month without it.")),
]
BEHIND = [*ASKED, OpenApiParameter("subject", int), OpenApiParameter("cursor", str)]


class MetricViewSet(ViewSet):
    """Metrics over the rows the caller sees; values are strings, shares as fractions."""

    lookup_field = "code"
    lookup_value_regex = r"[a-z_]+"

    @extend_schema(operation_id="metrics_list", parameters=ASKED, responses=MetricBoardSerializer)
    def list(self, request: Request) -> Response:
        """All values of one kind of subject (`by`: pm, engineer, department) in one month (`month`: 2026-11)."""
        require(request.user, VIEW)
        by, period = _asked(request)
        board = build_board(request.user, by, period, db_now())
        return Response(
            {
                "by": by,
                "month": period.code,
                "computed_at": board.computed_at,
                "results": [
                    {**_described(metric), "values": _values(board, index)}
                    for index, metric in enumerate(board.columns)
                ],
            }
        )

    @extend_schema(responses=MetricSerializer)
    def retrieve(self, request: Request, code: str = "") -> Response:
        """What a metric means."""
        require(request.user, VIEW)
        return Response(_described(_metric(code)))

    @extend_schema(parameters=BEHIND, responses=MetricRowsSerializer)
    @action(detail=True, methods=["get"], url_path="rows", url_name="rows")
    def rows(self, request: Request, code: str = "") -> Response:
        """Ids of the very rows behind a value (`subject` left out: of all subjects the caller sees)."""
        require(request.user, VIEW)
        metric = _metric(code)
        by, period = _asked(request)
        if by not in metric.who:
            raise NotFound()
        subject = request.query_params.get("subject", "")
        if subject and not (subject.isdecimal() and subjects(request.user, by).filter(pk=subject).exists()):
            raise NotFound()
        found = rows_behind(metric, request.user, by, period, int(subject) if subject else None)
        cursor = request.query_params.get("cursor")
        page = paginate(found, (f"-{metric.moment}", "-pk"), ordering=code, cursor=cursor, limit=PAGE)
        kind = found.model._meta.label_lower
        results = [{"kind": kind, "id": row.pk, "at": getattr(row, metric.moment)} for row in page.rows]
        return Response(
            {"next": page.next, "previous": page.previous, "count": found.count(), "results": results}
        )


def _metric(code: str) -> Metric:
    if code not in METRICS:
        raise NotFound()
    return METRICS[code]


def _asked(request: Request) -> tuple[str, Period]:
    by, month, now = request.query_params.get("by", PM), request.query_params.get("month", ""), db_now()
    if by not in COLUMNS:
        raise RuleBroken(errors={"by": [_("One of: %(names)s") % {"names": ", ".join(COLUMNS)}]})
    period = month_named(month, now) if month else month_of(now)
    if period is None:
        raise RuleBroken(errors={"month": [_("A month like 2026-11 that has begun.")]})
    return by, period


def _described(metric: Metric) -> dict[str, Any]:
    return {
        "code": metric.code,
        "label": str(metric.label),
        "meaning": str(metric.meaning),
        "unit": metric.unit,
        "better": metric.better,
        "target": str(metric.target),
        "subjects": sorted(metric.who),
    }


def _values(board: Any, index: int) -> list[dict[str, Any]]:
    return [
        {
            "subject": line.subject.pk,
            "name": str(line.subject),
            "value": None if line.cells[index].now.value is None else str(line.cells[index].now.value),
            "rows": line.cells[index].now.rows,
            "hits": line.cells[index].now.hits,
        }
        for line in board.lines
    ]


ROUTES = [("metrics", MetricViewSet)]
