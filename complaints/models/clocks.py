"""What a case promises and how far it has climbed: clocks, rungs, steps of the emergency plan."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.choices import ClockKind, Rung
from complaints.clocks import Span
from complaints.querysets import ComplaintChildQuerySet, ComplaintClockQuerySet
from core.models import Row

if TYPE_CHECKING:
    from complaints.models.cases import Complaint


class ComplaintClock(Row):
    """One promise of one run of a case; a reopened case or a rejected answer starts another run.

    `start` is the receipt, or the end of the last wait; `used` are the minutes that had run before it. While the
    case waits `due_at` is empty. `always_open` clocks run 24×7.
    """

    complaint = models.ForeignKey("complaints.Complaint", on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=12, choices=ClockKind)
    run = models.PositiveSmallIntegerField(default=0)
    start = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    always_open = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    next_level_at = models.DateTimeField(null=True)

    objects = ComplaintClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["due_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["complaint", "kind", "run"], name="one_clock_per_run"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_level_at"],
                name="complaint_next_level",
                condition=models.Q(stopped_at__isnull=True),
            ),
        ]

    @property
    def scope_parent(self) -> Complaint:
        return self.complaint

    @property
    def span(self) -> Span:
        return Span(self.minutes, self.always_open)

    @property
    def key(self) -> str:
        """The clock's name in escalations and notices."""
        return f"{self.kind}:{self.run}"

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and self.due_at is not None

    @property
    def was_met(self) -> bool | None:
        """Whether the promise was kept; None while it runs."""
        if self.stopped_at is None or self.due_at is None:
            return None
        return self.stopped_at <= self.due_at

    def is_overdue_at(self, now: datetime) -> bool:
        return self.is_running and self.due_at is not None and self.due_at < now


class Escalation(Row):
    """A rung that was climbed: once for ever per clock, stamped with when it was truly due."""

    complaint = models.ForeignKey(
        "complaints.Complaint", on_delete=models.CASCADE, related_name="escalations"
    )
    clock = models.CharField(max_length=20)
    rung = models.CharField(max_length=6, choices=Rung)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    objects = ComplaintChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["due_at", "rung"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["complaint", "clock", "rung"], name="one_escalation_per_rung"),
        ]

    @property
    def scope_parent(self) -> Complaint:
        return self.complaint


class EmergencyStep(Row):
    """One line of the emergency plan of a major case: what, who, by when (§5.6)."""

    complaint = models.ForeignKey("complaints.Complaint", on_delete=models.CASCADE, related_name="steps")
    code = models.CharField(max_length=24)
    position = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = ComplaintChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["complaint", "code"], name="one_step_per_case"),
        ]

    @property
    def scope_parent(self) -> Complaint:
        return self.complaint

    def is_overdue_at(self, now: datetime) -> bool:
        return self.done_at is None and self.due_at < now
