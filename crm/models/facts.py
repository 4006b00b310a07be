"""What the apps above know about a customer, brought down by operations; tier, stage, risk and pool read only this."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Timestamped
from crm.choices import HoldKind
from crm.models.customers import Customer

SOURCES: dict[str, tuple[str, ...]] = {
    "projects": ("open_projects", "open_project_amount", "quoted_at", "last_project_at"),
    "contracts": ("signed_amount_24m", "orders_36m", "last_order_on", "first_acceptance_on"),
    "payments": ("billed_24m", "overdue_24m", "overdue_amount"),
    "pumps": ("pumps_in_service", "pumps_in_warranty"),
    "tickets": ("tickets_total", "open_tickets", "last_ticket_at"),
    "sla": ("sla_breach_ratio_12m",),
    "complaints": ("complaints_total", "open_complaints", "open_severe_complaints", "complaint_points_12m"),
    "surveys": ("answers_total", "csat_mean_12m", "csat_answers_24m", "last_csat", "last_nps"),
}
"""Which columns each source may write; its as-of column is `<source>_at`."""


class CustomerFacts(models.Model):
    """One row a customer. A column is null until its source has spoken; amounts in CNY net, ratios 0–1."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )
    open_projects = models.PositiveIntegerField(null=True)
    open_project_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    quoted_at = models.DateTimeField(null=True)
    last_project_at = models.DateTimeField(null=True)
    projects_at = models.DateTimeField(null=True)
    signed_amount_24m = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    orders_36m = models.PositiveIntegerField(null=True)
    last_order_on = models.DateField(null=True)
    first_acceptance_on = models.DateField(null=True)
    contracts_at = models.DateTimeField(null=True)
    billed_24m = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    overdue_24m = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    overdue_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    payments_at = models.DateTimeField(null=True)
    pumps_in_service = models.PositiveIntegerField(null=True)
    pumps_in_warranty = models.PositiveIntegerField(null=True)
    pumps_at = models.DateTimeField(null=True)
    tickets_total = models.PositiveIntegerField(null=True)
    open_tickets = models.PositiveIntegerField(null=True)
    last_ticket_at = models.DateTimeField(null=True)
    tickets_at = models.DateTimeField(null=True)
    sla_breach_ratio_12m = models.FloatField(null=True)
    sla_at = models.DateTimeField(null=True)
    complaints_total = models.PositiveIntegerField(null=True)
    open_complaints = models.PositiveIntegerField(null=True)
    open_severe_complaints = models.PositiveIntegerField(null=True)
    complaint_points_12m = models.FloatField(null=True)
    complaints_at = models.DateTimeField(null=True)
    answers_total = models.PositiveIntegerField(null=True)
    csat_mean_12m = models.FloatField(null=True)
    csat_answers_24m = models.PositiveIntegerField(null=True)
    last_csat = models.FloatField(null=True)
    last_nps = models.SmallIntegerField(null=True)
    surveys_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("customer facts")


class CustomerHold(Timestamped):
    """A reason of an app above not to recycle or merge the customer now; `ref` names its row ("SJ-01-2026-00012")."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=10, choices=HoldKind)
    ref = models.CharField(max_length=60)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "ref"], name="one_hold_per_reason")
        ]
