"""The clocks of a ticket as rows: promises, waits that stop them, and the levels already announced."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kinds import RootBy
from core.models import Row
from service.choices import ClockKind, PauseKind
from service.querysets import TicketChildQuerySet, TicketClockQuerySet

if TYPE_CHECKING:
    from service.models.tickets import Ticket


class TicketClock(Row):
    """One promise of one run: numbers 1–4 in the first run, 5–8 after a reopen (`service.sla.clock_number`).

    `due_at` is empty while a wait hides it (then `remaining` holds what is left) and fixed once the clock has
    stopped. `levels` are [percent, instant] pairs, `steps` the explanation as codes and values.
    """

    ticket = models.ForeignKey("service.Ticket", on_delete=models.CASCADE, related_name="clocks")
    clock_no = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=ClockKind)
    start = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    voided = models.BooleanField(default=False)
    remaining = models.DurationField(default=timedelta(0))
    provisional = models.BooleanField(default=False)
    levels = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    next_level_at = models.DateTimeField(null=True)

    objects = TicketClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["clock_no"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ticket", "clock_no"], name="one_clock_per_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_level_at"],
                name="clock_next_level",
                condition=models.Q(next_level_at__isnull=False),
            ),
            models.Index(fields=["kind", "due_at"], name="clock_kind_due"),
            models.Index(
                fields=["ticket", "due_at"],
                name="clock_running",
                condition=models.Q(stopped_at__isnull=True, voided=False),
            ),
        ]

    @property
    def scope_parent(self) -> Ticket:
        return self.ticket

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and not self.voided

    @property
    def is_paused(self) -> bool:
        return self.is_running and self.due_at is None

    @property
    def was_met(self) -> bool | None:
        """Whether the promise was kept; None while it runs or when it no longer applies."""
        if self.voided or self.stopped_at is None or self.due_at is None:
            return None
        return self.stopped_at <= self.due_at

    def is_overdue_at(self, now: datetime) -> bool:
        return self.is_running and self.due_at is not None and self.due_at < now

    def share_at(self, now: datetime) -> float:
        """How much of the clock is used up, by the wall: 0 at its start, 1 when due, more when late."""
        if self.due_at is None or self.due_at <= self.start:
            return 0.0
        return max(0.0, (now - self.start) / (self.due_at - self.start))


class TicketPause(Row):
    """A proven wait; `end` is empty while it lasts. It is shown to the customer."""

    ticket = models.ForeignKey("service.Ticket", on_delete=models.CASCADE, related_name="pauses")
    run = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=14, choices=PauseKind)
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500)
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = TicketChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(end__isnull=True), name="one_open_pause"
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="pause_ends_after_start",
            ),
        ]

    @property
    def scope_parent(self) -> Ticket:
        return self.ticket


class TicketEscalation(Row):
    """A level of a clock that has been announced: once for ever, stamped with when it was truly due."""

    ticket = models.ForeignKey("service.Ticket", on_delete=models.CASCADE, related_name="escalations")
    clock_no = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    objects = TicketChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["due_at", "level"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ticket", "clock_no", "level"], name="one_ticket_escalation"),
        ]

    @property
    def scope_parent(self) -> Ticket:
        return self.ticket

    audit_root = RootBy("ticket.customer")
