"""The API of the boards: the same numbers as the pages, each with the query of the list that opens its rows."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from crm import boards
from crm.board_choices import NO_PHONE, PRIVATE_FLAGS, UNVERIFIED
from crm.views.boards import dimension_of, reader_of

CUSTOMERS, CONTACTS, ACTIVITIES = "/api/v1/customers/", "/api/v1/contacts/", "/api/v1/activities/"
RIGHTS = {
    "privatisation": "crm.view_privatisation",
    "composition": "crm.view_customerfacts",
    "quality": "crm.view_customerfacts",
}


class BoardNumberSerializer(serializers.Serializer):
    """A number, its share of the whole, and where its rows are listed."""

    code = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    rows = serializers.CharField()


class BoardLineSerializer(serializers.Serializer):
    """A line: a branch, a person, a tier or a value, with its numbers."""

    label = serializers.CharField()
    id = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()
    rows = serializers.CharField()
    numbers = BoardNumberSerializer(many=True)


class CustomerBoardSerializer(serializers.Serializer):
    """A board of the customers the caller sees."""

    code = serializers.CharField()
    counted_at = serializers.DateTimeField(allow_null=True)
    totals = BoardNumberSerializer(many=True)
    lines = BoardLineSerializer(many=True)


@extend_schema_serializer(many=False)
class BoardNamesSerializer(serializers.Serializer):
    """The boards the caller may open."""

    results = serializers.ListField(child=serializers.CharField())


class CustomerBoardViewSet(ViewSet):
    """Boards of customers as a whole: `privatisation`, `composition`, `quality`; counted every night."""

    lookup_field = "code"
    lookup_value_regex = r"[a-z]+"

    @extend_schema(operation_id="customer_boards_list", responses=BoardNamesSerializer)
    def list(self, request: Request) -> Response:
        """Which boards the caller may open; 403 for whom there is none."""
        require(request.user, RIGHTS["composition"])
        return Response({"results": [name for name, code in RIGHTS.items() if request.user.has_perm(code)]})

    @extend_schema(
        parameters=[
            OpenApiParameter("branch", int),
            OpenApiParameter("tier", str),
            OpenApiParameter("by", str, enum=[str(by) for by in boards.COMPOSED_BY]),
        ],
        responses=CustomerBoardSerializer,
    )
    def retrieve(self, request: Request, code: str = "") -> Response:
        """One board, by branch, or by the people of one `branch`; `tier` for privatisation, `by` for composition."""
        if code not in RIGHTS:
            raise NotFound()
        require(request.user, RIGHTS[code])
        reader, _places = reader_of(request.user, request.query_params, of_tier=code == "privatisation")
        build = {"privatisation": _privatisation, "composition": _composition, "quality": _quality}[code]
        run = boards.last_run()
        return Response({"code": code, "counted_at": run.counted_at, **build(reader, request, run)})


def _number(code: str, number: boards.Number, path: str = CUSTOMERS) -> dict[str, Any]:
    rows = f"{path}?{number.query}" if number.query else ""
    return {"code": code, "count": number.value, "share": number.share, "rows": rows}


def _line(line: boards.Line, numbers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "label": str(line.label),
        "id": getattr(line.label, "pk", None),
        "count": line.every.value,
        "rows": f"{CUSTOMERS}?{line.every.query}",
        "numbers": numbers,
    }


def _privatisation(reader: boards.Reader, request: Request, run: Any) -> dict[str, Any]:
    board = boards.private_board(reader, db_now())
    return {
        "totals": [_number(sign.flag, sign.number) for sign in board.signs],
        "lines": [
            _line(line, [_number(*pair) for pair in zip(PRIVATE_FLAGS, line.cells, strict=True)])
            for line in board.lines
        ],
    }


def _composition(reader: boards.Reader, request: Request, run: Any) -> dict[str, Any]:
    made = boards.composition(reader, dimension_of(request.query_params))
    return {
        "totals": [_number(*pair) for pair in zip(boards.TIERS, made.totals.cells, strict=True)],
        "lines": [
            _line(line, [_number(*pair) for pair in zip(boards.TIERS, line.cells, strict=True)])
            for line in made.lines
        ],
    }


def _quality(reader: boards.Reader, request: Request, run: Any) -> dict[str, Any]:
    found = boards.quality(reader, db_now(), run)
    totals = [
        _number("short", found.short),
        _number(NO_PHONE, found.no_phone, CONTACTS),
        _number(UNVERIFIED, found.unverified, CONTACTS),
        *(_number(f"lacks_{line.extra['code']}", line.every) for line in found.gaps),
    ]
    return {
        "totals": totals,
        "lines": [
            _line(
                line,
                [
                    _number("short", line.extra["short"]),
                    _number(NO_PHONE, line.extra[NO_PHONE], CONTACTS),
                    _number(UNVERIFIED, line.extra[UNVERIFIED], CONTACTS),
                    *([_number("doubted", line.extra["doubted"], ACTIVITIES)] if found.may_score else []),
                ],
            )
            for line in found.lines
        ],
    }


ROUTES = [("customer-boards", CustomerBoardViewSet)]
