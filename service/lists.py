"""The list of tickets: its columns."""

from django.utils.translation import gettext_lazy as _

from core.lists import ListSpec, columns_from, register_list
from service.filters import TicketFilter
from service.models import Ticket

register_list(
    ListSpec(
        code="service.ticket",
        label=_("Tickets"),
        model=Ticket,
        url_name="service:ticket_list",
        permission="service.view_ticket",
        filterset=TicketFilter,
        columns=columns_from(
            (
                ("fault", _("Fault")),
                ("state", _("State")),
                ("engineer", _("Engineer")),
                ("manager", _("Project manager")),
                ("promise", _("Next promise")),
                ("received", _("Received")),
            ),
            first=4,
        ),
    )
)
