"""Rows of service: installed pumps, tickets and their clocks, assignments, reports, call-backs, intake, old history."""

from service.models.assignments import TicketAssignment
from service.models.clocks import TicketClock, TicketEscalation, TicketPause
from service.models.history import TicketEvent
from service.models.intake import IntakeReport
from service.models.pumps import Pump
from service.models.reports import CallBack, ServiceReport
from service.models.tickets import Ticket

__all__ = [
    "CallBack",
    "IntakeReport",
    "Pump",
    "ServiceReport",
    "Ticket",
    "TicketAssignment",
    "TicketClock",
    "TicketEscalation",
    "TicketEvent",
    "TicketPause",
]
