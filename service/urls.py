"""Addresses of service under /service/."""

from django.urls import path

from core.views import transition_paths
from service.forms import (
    INTAKE_FORMS,
    INTAKE_LABELS,
    REPORT_FORMS,
    REPORT_LABELS,
    TICKET_FORMS,
    TICKET_LABELS,
)
from service.models import IntakeReport, ServiceReport, Ticket
from service.views import board, pumps, reports, tickets

app_name = "service"
urlpatterns = [
    path("tickets/", tickets.TicketListView.as_view(), name="ticket_list"),
    path("tickets/add/", tickets.TicketCreateView.as_view(), name="ticket_add"),
    path("tickets/caller/", tickets.ticket_caller, name="ticket_caller"),
    path("tickets/preview/", tickets.ticket_preview, name="ticket_preview"),
    path("tickets/report/", reports.ticket_report, name="ticket_report"),
    path("tickets/<int:pk>/", tickets.TicketDetailView.as_view(), name="ticket_detail"),
    path("tickets/<int:pk>/edit/", tickets.TicketUpdateView.as_view(), name="ticket_edit"),
    path("tickets/<int:pk>/finish/", tickets.TicketFinishView.as_view(), name="ticket_finish"),
    *transition_paths(Ticket, "tickets", forms=TICKET_FORMS, labels=TICKET_LABELS),
    path("dispatch/", board.dispatch_board, name="dispatch_board"),
    path("dispatch/<int:pk>/pick/", board.dispatch_pick, name="dispatch_pick"),
    path("dispatch/<int:pk>/assign/", board.dispatch_assign, name="dispatch_assign"),
    path("pumps/", pumps.PumpListView.as_view(), name="pump_list"),
    path("pumps/add/", pumps.PumpCreateView.as_view(), name="pump_add"),
    path("pumps/<int:pk>/", pumps.PumpDetailView.as_view(), name="pump_detail"),
    path("pumps/<int:pk>/edit/", pumps.PumpUpdateView.as_view(), name="pump_edit"),
    path("pumps/<int:pk>/label/", pumps.pump_label, name="pump_label"),
    path("pumps/<int:pk>/revoke_code/", pumps.pump_revoke_code, name="pump_revoke_code"),
    path("reports/", reports.ServiceReportListView.as_view(), name="servicereport_list"),
    path("reports/<int:pk>/", reports.ServiceReportDetailView.as_view(), name="servicereport_detail"),
    *transition_paths(ServiceReport, "reports", forms=REPORT_FORMS, labels=REPORT_LABELS),
    path("intake/", reports.IntakeReportListView.as_view(), name="intakereport_list"),
    path("intake/<int:pk>/", reports.IntakeReportDetailView.as_view(), name="intakereport_detail"),
    *transition_paths(IntakeReport, "intake", forms=INTAKE_FORMS, labels=INTAKE_LABELS),
    path("customers/<int:pk>/panel/", tickets.customer_panel, name="customer_panel"),
]
