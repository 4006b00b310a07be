"""What projects contribute when a customer changes hands: open projects with their next step, and their move."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.handover_choices import ItemKind
from crm.handover_moves import let_read_history, move_open
from crm.handover_parts import Found, Part, register_part
from crm.models import Customer
from projects.models import Project


def find(handover: Any, customer: Customer, now: datetime) -> Iterator[Found]:
    """Open projects; one with a next step that is not late needs no more words."""
    for row in Project.objects.ongoing().filter(customer=customer).order_by("pk"):
        late = row.stage_due_at is not None and row.stage_due_at < now
        yield Found(ItemKind.WORK, row, ready=bool(row.next_step) and not late)


def take_over(handover: Any, customer: Customer, *, by: Any, now: datetime) -> int:
    """Open projects go to the new project manager, ended ones stay with whoever ran them."""
    rows = Project.objects.filter(customer=customer)
    open_ids = Project.objects.ongoing().filter(customer=customer).values("pk")
    let_read_history(rows.exclude(pk__in=open_ids), handover, by=by, now=now)
    return move_open(
        rows.filter(pk__in=list(open_ids.values_list("pk", flat=True))), handover, by=by, now=now
    )


register_part(Part("projects", _("Projects"), find, take_over))
