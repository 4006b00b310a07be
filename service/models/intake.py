"""Fault reports from the public page: unverified, so a dispatcher looks before a ticket is made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.fields import PersonalField
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned
from service.choices import Impact, IntakeState
from service.querysets import IntakeReportQuerySet

if TYPE_CHECKING:
    pass


class IntakeReport(Versioned):
    """What somebody typed under a pump's code; name and phone are theirs to give and ours to protect."""

    pump = models.ForeignKey("service.Pump", on_delete=models.PROTECT, related_name="intake_reports")
    branch = models.ForeignKey("accounts.OrgUnit", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=IntakeState, default=IntakeState.WAITING, editable=False
    )
    symptom = models.CharField(_("symptom"), max_length=4)
    impact = models.CharField(_("impact"), max_length=2, choices=Impact)
    safety_flag = models.BooleanField(_("danger to people or water"), default=False)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    reporter_name = models.CharField(_("name"), max_length=40)
    reporter_phone = PersonalField(_("phone"), kind="phone")
    received_at = models.DateTimeField()
    ticket = models.ForeignKey(
        "service.Ticket", null=True, on_delete=models.PROTECT, related_name="intake_reports"
    )
    peer_digest = models.CharField(max_length=64, blank=True, editable=False)
    tracking_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)

    objects = IntakeReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("public fault report")
        verbose_name_plural = _("public fault reports")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["received_at"], name="intake_waiting", condition=models.Q(state=IntakeState.WAITING)
            ),
            models.Index(fields=["peer_digest", "received_at"], name="intake_peer"),
        ]

    def __str__(self) -> str:
        return f"{self.pump}"

    def get_absolute_url(self) -> str:
        return row_address("service:intakereport_detail", self.pk)

    audit_root = RootBy("pump.customer")

    @property
    def is_refused(self) -> bool:
        return self.state == IntakeState.REFUSED

    @transition(source=IntakeState.WAITING, target=IntakeState.ACCEPTED)
    def accept(self, *, by: Any, now: datetime) -> Outcome:
        """Make a ticket of it; receipt counts from when the customer sent it."""
        from service.operations import ticket_from_intake

        self.ticket = ticket_from_intake(self, by=by, now=now)
        return Outcome(data={"ticket": self.ticket.pk})

    @transition(source=IntakeState.WAITING, target=IntakeState.REFUSED)
    def refuse(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Not a real fault, or already known; the reporter reads that it was looked at."""
        return Outcome(reason=reason)
