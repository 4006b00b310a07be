"""Who a ticket was offered to, how it was answered, and the times of the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from core.models import Row
from service.choices import Answer
from service.querysets import TicketAssignmentQuerySet

if TYPE_CHECKING:
    from service.models.tickets import Ticket


class TicketAssignment(Row):
    """One offer of a ticket to an engineer and how it was answered; at most one is open."""

    ticket = models.ForeignKey("service.Ticket", on_delete=models.CASCADE, related_name="assignments")
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.OFFERED)
    offered_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    planned_start = models.DateTimeField(null=True)
    planned_end = models.DateTimeField(null=True)
    travelled_at = models.DateTimeField(null=True)
    eta = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    accuracy = models.PositiveIntegerField(null=True)
    blurred = models.BooleanField(default=False, editable=False)
    reason = models.CharField(max_length=500, blank=True)

    objects = TicketAssignmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["offered_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(answer__in=[Answer.OFFERED, Answer.TAKEN]),
                name="one_open_assignment",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["engineer", "planned_start"], name="assignment_engineer_day"),
            models.Index(
                fields=["arrived_at"],
                name="assignment_exact",
                condition=models.Q(blurred=False, latitude__isnull=False),
            ),
        ]

    @property
    def scope_parent(self) -> Ticket:
        return self.ticket
