"""What was done and what the customer says: service reports and call-backs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Row, Versioned
from service.choices import CauseClass, ConfirmMethod, ReportState
from service.querysets import ServiceReportQuerySet, TicketChildQuerySet

if TYPE_CHECKING:
    from service.models.tickets import Ticket


class ServiceReport(Versioned):
    """The report of one visit or remote solution, due 24 hours after leaving.

    `symptom`, `actions` are codes of `service.faults`; `readings` maps before/after to measured values
    (m³/h, bar, A, mm/s, °C, dB); `hours` are working hours. Position is asked once, at arrival.
    """

    ticket = models.ForeignKey("service.Ticket", on_delete=models.PROTECT, related_name="reports")
    pump = models.ForeignKey(
        "service.Pump",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
        verbose_name=_("pump"),
    )
    engineer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT, editable=False
    )
    remote = models.BooleanField(_("solved from afar"), default=False)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    symptom = models.CharField(_("symptom"), max_length=4)
    cause_class = models.CharField(_("cause"), max_length=1, choices=CauseClass)
    actions = ArrayField(models.CharField(max_length=20), default=list, verbose_name=_("what was done"))
    hours = models.DecimalField(
        _("hours worked"),
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(0), MaxValueValidator(400)],
    )
    summary = models.TextField(_("in words"), max_length=4000, blank=True)
    readings = models.JSONField(default=dict, blank=True)
    parts_text = models.TextField(_("parts used"), max_length=1000, blank=True)
    old_part_returned = models.BooleanField(_("old part taken back"), default=False)
    safety_checks = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    advice = models.TextField(_("advice to the customer"), max_length=1000, blank=True)
    charges = models.CharField(_("charge items"), max_length=300, blank=True)
    signer_name = models.CharField(_("signed by"), max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)
    next_visit_on = models.DateField(_("next visit"), null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = ServiceReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("service report")
        verbose_name_plural = _("service reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(left_at__isnull=True)
                | models.Q(arrived_at__isnull=True)
                | models.Q(left_at__gte=models.F("arrived_at")),
                name="report_leaves_after_arrival",
                violation_error_message=_("Leaving cannot be earlier than arriving."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.ticket)

    def get_absolute_url(self) -> str:
        return row_address("service:servicereport_detail", self.pk)

    @property
    def scope_parent(self) -> Ticket:
        return self.ticket

    audit_root = RootBy("ticket.customer")

    @transition(source={ReportState.DRAFT, ReportState.RETURNED}, target=ReportState.SUBMITTED)
    def submit(self, *, by: Any, now: datetime) -> Outcome:
        """Hand the report in; it then belongs to the after-sales manager."""
        self.submitted_at = now
        return Outcome(data={"ticket": self.ticket_id, "symptom": self.symptom, "cause": self.cause_class})

    @transition(source=ReportState.SUBMITTED, target=ReportState.APPROVED)
    def approve(self, *, by: Any, now: datetime) -> Outcome:
        """Take symptom, cause and hours as true."""
        self.approved_by = by
        return Outcome(data={"ticket": self.ticket_id})

    @transition(source=ReportState.SUBMITTED, target=ReportState.RETURNED)
    def send_back(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Ask the engineer to correct the report."""
        return Outcome(reason=reason, data={"ticket": self.ticket_id})


class CallBack(Row):
    """What a second person heard from the customer after the work; never the engineer or the ticket's PM."""

    ticket = models.ForeignKey("service.Ticket", on_delete=models.PROTECT, related_name="call_backs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reached = models.BooleanField(_("customer reached"), default=True)
    fixed = models.BooleanField(_("the fault is gone"), default=True)
    attitude = models.PositiveSmallIntegerField(
        _("engineer's manner, 1–5"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    cost_explained = models.BooleanField(_("costs were explained"), default=True)
    visit_verified = models.BooleanField(_("the visit really took place"), default=True)
    open_points = models.TextField(_("still open"), max_length=1000, blank=True)
    method = models.CharField(max_length=14, choices=ConfirmMethod, default=ConfirmMethod.RECORDED_CALL)

    objects = TicketChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]

    @property
    def scope_parent(self) -> Ticket:
        return self.ticket
