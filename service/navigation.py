"""Where service stands in the navigation, and its form that opens from everywhere."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_action, register_item

register_item(
    "service", "pumps", _("Installed pumps"), "pump", "service:pump_list", "service.view_pump", order=40
)
register_item(
    "service",
    "tickets",
    _("Tickets"),
    "ticket",
    "service:ticket_list",
    "service.view_ticket",
    order=41,
    task_kinds=("service.ticket_work", "service.ticket_offer", "service.report", "service.ticket_late"),
)
register_item(
    "service",
    "dispatch",
    _("Dispatch board"),
    "dispatch",
    "service:dispatch_board",
    "service.dispatch_ticket",
    order=42,
    task_kinds=("service.ticket_dispatch",),
)
register_action(
    "ticket", _("Register a call"), "phone", "service:ticket_add", "service.dispatch_ticket", key="c", order=5
)
