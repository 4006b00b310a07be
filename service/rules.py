"""Who of those the matrix lets in may do this to *this* ticket: the engineer himself, and separation of duties."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.flow import transitions_of
from core.rules import Refusal, rule
from service.desk import worked_on
from service.models import Ticket

ENGINEER_VERBS = ("take", "decline", "travel", "arrive", "restore", "resolve")


@rule(*(f"service.{verb}_ticket" for verb in ENGINEER_VERBS))
def only_the_assigned_engineer(user: Any, ticket: Any) -> bool | Refusal:
    """The work belongs to the engineer it was given to, or who stands in for that engineer."""
    if ticket.engineer_id in user.authority().principals:
        return True
    name = ticket.engineer or _("nobody")
    return Refusal(_("This ticket is with %(name)s.") % {"name": name}, code="not_assigned")


@rule("service.call_back_ticket")
def called_back_by_another_person(user: Any, ticket: Any) -> bool | Refusal:
    """SoD-4: never the engineer nor the project manager of the ticket."""
    if user.pk == ticket.owner_id or user.pk in worked_on(ticket):
        return Refusal(
            _("The engineer or project manager of a ticket does not make its call-back; ask a dispatcher."),
            code="separation_of_duties",
        )
    return True


@rule("service.approve_servicereport", "service.send_back_servicereport")
def report_judged_by_another_person(user: Any, report: Any) -> bool | Refusal:
    """Nobody approves a report he wrote."""
    if user.pk == report.engineer_id:
        return Refusal(_("Somebody else approves your report."), code="separation_of_duties")
    return True


@rule("service.submit_servicereport", "service.change_servicereport")
def report_belongs_to_its_author(user: Any, report: Any) -> bool | Refusal:
    """Only the author hands a report in."""
    return report.engineer_id in user.authority().principals


@rule(*(f"service.{verb}_ticket" for verb in (*transitions_of(Ticket), "change")))
def old_tickets_stay_as_they_were(user: Any, ticket: Any) -> bool | Refusal:
    """History taken over from another system is read only."""
    if ticket.historical:
        return Refusal(_("This ticket comes from the old system and cannot be changed."), code="historical")
    return True
