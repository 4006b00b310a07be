"""What surveys contribute when a customer changes hands: unhappy answers still to be repaired, and links still out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.handover_choices import ItemKind
from crm.handover_moves import move_open
from crm.handover_parts import Found, Part, register_part
from crm.models import Customer
from surveys.models import Invitation, Recovery


def find(handover: Any, customer: Customer, now: datetime) -> Iterator[Found]:
    """Open recoveries; the old project manager adds what the customer expects."""
    for row in Recovery.objects.open().filter(customer=customer).order_by("pk"):
        yield Found(ItemKind.WORK, row)


def take_over(handover: Any, customer: Customer, *, by: Any, now: datetime) -> int:
    """Recoveries and links that are still out go to the new project manager."""
    live = Invitation.objects.filter(customer=customer, state__in=["planned", "sent"])
    moved = move_open(Recovery.objects.open().filter(customer=customer), handover, by=by, now=now)
    return moved + move_open(live, handover, by=by, now=now)


register_part(Part("surveys", _("Satisfaction"), find, take_over))
