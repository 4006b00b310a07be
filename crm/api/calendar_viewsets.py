"""The API of the calendar: what is open in some days, and one's own address for calendar programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from core.clock import db_now
from core.errors import RuleBroken
from core.rules import require
from crm.agenda import agenda
from crm.forms.calendar import WHOSE, AgendaForm
from crm.operations import close_calendar_feed, feed_of, open_calendar_feed
from crm.views.calendar import feed_address, whose_calendar

ASKED = [
    OpenApiParameter("from", str, required=True),
    OpenApiParameter("to", str, required=True),
    OpenApiParameter("whose", str, enum=[code for code, _label in WHOSE]),
    OpenApiParameter("person", int),
]


class EntrySerializer(serializers.Serializer[Any]):
    """One line of a calendar; `kind` says which resource `object_id` belongs to."""

    kind = serializers.CharField()
    object_id = serializers.IntegerField(source="row.pk")
    at = serializers.DateTimeField()
    day = serializers.DateField()
    title = serializers.CharField()
    party = serializers.CharField()
    tier = serializers.CharField()
    owner = serializers.IntegerField(source="owner.pk")
    is_late = serializers.BooleanField()
    url = serializers.CharField()


class AgendaSerializer(serializers.Serializer[Any]):
    """The lines of some days; `cut` says that there are more."""

    results = EntrySerializer(many=True, source="entries")
    cut = serializers.BooleanField()


class FeedSerializer(serializers.Serializer[Any]):
    """One's own address; empty while there is none."""

    address = serializers.CharField()
    last_read_at = serializers.DateTimeField(allow_null=True)


class CalendarViewSet(ViewSet):
    """GET `?from=2026-11-01&to=2026-12-01` (at most 92 days), `whose=team` and `person` for who leads a team."""

    @extend_schema(operation_id="calendar_list", parameters=ASKED, responses=AgendaSerializer)
    def list(self, request: Request) -> Response:
        """Open follow-ups, care contacts, promises and days of handovers, in order of time; `cut` says that there are more."""
        require(request.user, "crm.view_followup")
        form = AgendaForm(request.query_params, user=request.user)
        if not form.is_valid():
            raise RuleBroken(errors={name: list(found) for name, found in form.errors.items()})
        asked = form.cleaned_data
        owner = whose_calendar(request.user, asked["whose"], asked["person"])
        found = agenda(request.user, asked["from"], asked["to"], now=db_now(), owner=owner)
        return Response(AgendaSerializer(found).data)

    @extend_schema(request=None, responses=FeedSerializer)
    @action(detail=False, methods=["get", "post", "delete"])
    def feed(self, request: Request) -> Response:
        """One's own calendar address: read it, make a new one (POST), withdraw it (DELETE)."""
        require(request.user, "crm.view_calendarfeed")
        if request.method == "DELETE":
            close_calendar_feed(by=request.user, now=db_now())
            return Response(status=204)
        feed = (
            open_calendar_feed(by=request.user, now=db_now())
            if request.method == "POST"
            else feed_of(request.user)
        )
        body = {"address": feed_address(request, feed), "last_read_at": feed.last_read_at if feed else None}
        return Response(body, headers={"Cache-Control": "private, no-store"})


ROUTES = [("calendar", CalendarViewSet)]
