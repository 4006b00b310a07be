"""Tickets, pumps and service reports as resources; every transition is a route of its own."""

from __future__ import annotations

from typing import Any

from core.api.viewsets import ScopedViewSet
from service import operations
from service.api.serializers import (
    PumpSerializer,
    ServiceReportSerializer,
    TicketDetailSerializer,
    TicketSerializer,
)
from service.filters import PumpFilter, ServiceReportFilter, TicketFilter
from service.forms import (
    REPORT_FORMS,
    TICKET_FORMS,
    PumpChangeForm,
    PumpForm,
    ReportCreateForm,
    TicketChangeForm,
    TicketForm,
)
from service.models import Pump, ServiceReport, Ticket


class TicketViewSet(ScopedViewSet):
    """Tickets in queue order; creating one answers with priority, due times and their reasons."""

    model = Ticket
    serializer_class = TicketSerializer
    detail_serializer_class = TicketDetailSerializer
    filterset_class = TicketFilter
    orderings = {
        "-id": ("-id",),
        "queue": ("priority", "tier_rank", "response_due_at", "id"),
        "-received": ("-received_at", "-id"),
        "resolve": ("resolve_due_at", "id"),
    }
    create_form_class = TicketForm
    update_form_class = TicketChangeForm
    transition_forms = TICKET_FORMS

    def perform_create(self, form: TicketForm) -> Ticket:
        return operations.register_ticket(by=self.request.user, **form.cleaned_data)


class PumpViewSet(ScopedViewSet):
    """Installed pumps."""

    model = Pump
    serializer_class = PumpSerializer
    filterset_class = PumpFilter
    orderings = {"-id": ("-id",), "serial": ("serial", "id"), "model": ("model", "id")}
    create_form_class = PumpForm
    update_form_class = PumpChangeForm

    def perform_create(self, form: PumpForm) -> Pump:
        return operations.add_pump(by=self.request.user, **form.cleaned_data)


class ServiceReportViewSet(ScopedViewSet):
    """Service reports; creating one hands it in, and takes the customer's confirmation further."""

    model = ServiceReport
    serializer_class = ServiceReportSerializer
    filterset_class = ServiceReportFilter
    orderings = {"-id": ("-id",)}
    create_form_class = ReportCreateForm
    transition_forms = REPORT_FORMS

    def perform_create(self, form: ReportCreateForm) -> ServiceReport:
        return operations.write_report(
            by=self.request.user,
            ticket=form.cleaned_data["ticket"],
            photos=form.cleaned_data["photos"],
            signature=form.cleaned_data["signature"],
            columns=form.columns(),
        )


ROUTES: list[tuple[str, Any]] = [
    ("tickets", TicketViewSet),
    ("pumps", PumpViewSet),
    ("service-reports", ServiceReportViewSet),
]
