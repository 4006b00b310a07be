"""Events of tickets from an old system, kept as they were found."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from core.models import Row
from service.querysets import TicketChildQuerySet

if TYPE_CHECKING:
    from service.models.tickets import Ticket


class TicketEvent(Row):
    """One line of an old log: who did what when. `activity` is the old system's word, `row` its line in the file.

    Lines that repeat another to the letter are kept; order is (at, row).
    """

    ticket = models.ForeignKey("service.Ticket", on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    row = models.PositiveIntegerField()
    activity = models.CharField(max_length=80)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = TicketChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "row"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ticket", "at", "row"], name="event_ticket_at"),
            models.Index(fields=["agent", "at"], name="event_agent_at"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ticket", "row"], name="one_event_per_line"),
        ]

    @property
    def scope_parent(self) -> Ticket:
        return self.ticket
