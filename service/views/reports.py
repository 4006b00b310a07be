"""Service reports, public reports to be checked, and the report over old tickets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.files import attachments_of
from core.rules import require
from core.views import ScopedDetailView, ScopedListView
from service import history
from service.faults import ACTIONS, READINGS, SAFETY_CHECKS, symptom_label
from service.filters import IntakeReportFilter, ServiceReportFilter
from service.models import IntakeReport, ServiceReport, Ticket


class ServiceReportListView(ScopedListView):
    """Reports, newest first."""

    model = ServiceReport
    filterset_class = ServiceReportFilter
    orderings = {"-id": ("-id",)}


class ServiceReportDetailView(ScopedDetailView):
    """One report as the customer gets it, printable."""

    model = ServiceReport

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = kwargs["row"]
        readings = [
            (
                label,
                unit,
                report.readings.get("before", {}).get(name),
                report.readings.get("after", {}).get(name),
            )
            for name, (label, unit) in READINGS.items()
        ]
        return super().get_context_data(
            symptom=symptom_label(report.symptom),
            actions=[ACTIONS.get(code, code) for code in report.actions],
            safety=[SAFETY_CHECKS.get(code, code) for code in report.safety_checks],
            readings=[line for line in readings if line[2] or line[3]],
            attachments=attachments_of(report),
            **kwargs,
        )


class IntakeReportListView(ScopedListView):
    """Public reports, the oldest waiting first."""

    model = IntakeReport
    filterset_class = IntakeReportFilter
    orderings = {"-id": ("-id",), "received": ("received_at", "id")}


class IntakeReportDetailView(ScopedDetailView):
    """One public report; the dispatcher sees whom to call."""

    model = IntakeReport

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(symptom=symptom_label(kwargs["row"].symptom), **kwargs)


@require_GET
def ticket_report(request: HttpRequest) -> HttpResponse:
    """Tickets of the old system by year and agent; every number opens its rows."""
    require(request.user, "service.view_ticket")
    rows = Ticket.objects.visible_to(request.user)
    return render(request, "service/ticket_report.html", history.report(rows))
