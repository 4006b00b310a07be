"""Who of those the matrix lets in may do this to *this* row of surveys."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.rules import Refusal, rule


@rule("surveys.answer_invitation")
def asked_by_an_outsider(user: Any, invitation: Any) -> bool | Refusal:
    """An answer taken by phone is written down by somebody outside the served team (§6.2)."""
    ticket = invitation.ticket
    if user.pk in (ticket.engineer_id, ticket.owner_id):
        return Refusal(
            _("You served this customer; somebody else writes the answer down."), code="separation_of_duties"
        )
    return True


@rule(*(f"surveys.{verb}_recovery" for verb in ("call", "propose", "close", "complain")))
def made_good_by_somebody_else(user: Any, recovery: Any) -> bool | Refusal:
    """Whoever the customer was unhappy with does not make it good alone: the manager does."""
    ticket = recovery.response.ticket
    if user.pk in (ticket.engineer_id, ticket.owner_id):
        return Refusal(
            _("You served this customer; your manager handles the low score."), code="separation_of_duties"
        )
    return True
