"""What service contributes when a customer changes hands: open tickets, pumps in warranty, and their move."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.handover_choices import ItemKind
from crm.handover_moves import let_read_history, move_open
from crm.handover_parts import Found, Part, register_part
from crm.models import Customer
from service.models import Pump, Ticket


def find(handover: Any, customer: Customer, now: datetime) -> Iterator[Found]:
    """Open tickets, which tell everything themselves, and the number of pumps in warranty."""
    for row in Ticket.objects.open().filter(customer=customer).order_by("pk"):
        yield Found(ItemKind.WORK, row, ready=True)
    warranted = Pump.objects.filter(customer=customer, warranty_until__gte=timezone.localdate(now)).count()
    if warranted:
        yield Found(ItemKind.PUMPS, count=warranted, ready=True)


def take_over(handover: Any, customer: Customer, *, by: Any, now: datetime) -> int:
    """Pumps and open tickets go to the new project manager; finished tickets can be read."""
    Pump.objects.filter(customer=customer, owner=handover.owner).update(owner=handover.receiver)
    rows = Ticket.objects.filter(customer=customer)
    open_ids = list(Ticket.objects.open().filter(customer=customer).values_list("pk", flat=True))
    let_read_history(rows.exclude(pk__in=open_ids), handover, by=by, now=now)
    return move_open(rows.filter(pk__in=open_ids), handover, by=by, now=now)


register_part(Part("service", _("Pumps and tickets"), find, take_over))
