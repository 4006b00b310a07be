"""What complaints contribute when a customer changes hands: open cases, and their move."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from crm.handover_choices import ItemKind
from crm.handover_moves import let_read_history, move_open
from crm.handover_parts import Found, Part, register_part
from crm.models import Customer


def find(handover: Any, customer: Customer, now: datetime) -> Iterator[Found]:
    """Open cases the giver may see; each tells everything itself."""
    for row in Complaint.objects.open().filter(customer=customer, owner=handover.owner).order_by("pk"):
        yield Found(ItemKind.WORK, row, ready=True)


def take_over(handover: Any, customer: Customer, *, by: Any, now: datetime) -> int:
    """Open cases are followed by the new project manager; closed ones can be read."""
    rows = Complaint.objects.filter(customer=customer)
    open_ids = list(Complaint.objects.open().filter(customer=customer).values_list("pk", flat=True))
    let_read_history(rows.exclude(pk__in=open_ids), handover, by=by, now=now)
    return move_open(rows.filter(pk__in=open_ids), handover, by=by, now=now)


register_part(Part("complaints", _("Complaints"), find, take_over))
