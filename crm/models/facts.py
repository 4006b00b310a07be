"""What the apps above know about a customer, brought down by operations; tier, stage, risk and pool read only this."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row, Timestamped
from crm.choices import HoldKind
from crm.models.customers import Customer

SOURCES: dict[str, tuple[str, ...]] = {
    "projects": (
        "open_projects",
        "open_project_amount",
        "open_project_expected",
        "qualified_at",
        "quoted_at",
        "tendered_at",
        "accepted_at",
        "last_project_at",
        "influenced_12m",
        "competitor_on",
        "competitor_tender_on",
        "competitor_twice_on",
        "competitor_replaced_on",
        "projects_without_user",
    ),
    "contracts": (
        "signed_amount_24m",
        "signed_amount_12m",
        "equipment_36m",
        "service_36m",
        "margin_ratio",
        "orders_36m",
        "orders_total",
        "order_gap_days",
        "first_order_on",
        "last_order_on",
        "big_order_on",
        "first_acceptance_on",
        "frame_ended_on",
        "terminated_on",
    ),
    "payments": ("billed_24m", "overdue_24m", "overdue_amount", "payment_disputed"),
    "pumps": ("pumps_in_service", "pumps_in_warranty", "failure_rate_12m", "failure_baseline"),
    "tickets": ("tickets_total", "open_tickets", "last_ticket_at", "onsite_tickets_12m", "service_hours_12m"),
    "sla": ("sla_breach_ratio_12m",),
    "complaints": (
        "complaints_total",
        "open_complaints",
        "open_severe_complaints",
        "complaint_points_12m",
        "complaints_resolved_12m",
        "s1_upheld_on",
    ),
    "surveys": (
        "answers_total",
        "csat_mean_12m",
        "csat_mean_24m",
        "csat_answers_24m",
        "last_csat",
        "last_nps",
    ),
}
"""Which columns each source may write; its as-of column is `<source>_at`."""


def _money() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=14, decimal_places=2, null=True)


class CustomerFacts(Row):
    """One row a customer. A column is null until its source has spoken; amounts in CNY net, ratios 0–1.

    `open_project_expected` is the sum of open amounts times their chance. `accepted_at` is the first acceptance by a
    gate, `first_acceptance_on` the one of the contract. `big_order_on` is the last order of ¥100,000 or more.
    `competitor_tender_on`, `competitor_twice_on`, `competitor_replaced_on`, `s1_upheld_on`, `frame_ended_on` are the hard
    signs of leaving (§2.5 T3), `competitor_on` the last event of any kind. `failure_rate_12m` counts failures per pump
    and year. `projects_without_user` are open projects in which the customer buys,
    deals, contracts or designs and nobody is named who will run the pumps. `service_hours_12m` are hours of service work.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )
    open_projects = models.PositiveIntegerField(null=True)
    open_project_amount = _money()
    open_project_expected = _money()
    qualified_at = models.DateTimeField(null=True)
    quoted_at = models.DateTimeField(null=True)
    tendered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    last_project_at = models.DateTimeField(null=True)
    influenced_12m = _money()
    competitor_on = models.DateField(null=True)
    competitor_tender_on = models.DateField(null=True)
    competitor_twice_on = models.DateField(null=True)
    competitor_replaced_on = models.DateField(null=True)
    projects_without_user = models.PositiveIntegerField(null=True)
    projects_at = models.DateTimeField(null=True)
    signed_amount_24m = _money()
    signed_amount_12m = _money()
    equipment_36m = _money()
    service_36m = _money()
    margin_ratio = models.FloatField(null=True)
    orders_36m = models.PositiveIntegerField(null=True)
    orders_total = models.PositiveIntegerField(null=True)
    order_gap_days = models.FloatField(null=True)
    first_order_on = models.DateField(null=True)
    last_order_on = models.DateField(null=True)
    big_order_on = models.DateField(null=True)
    first_acceptance_on = models.DateField(null=True)
    frame_ended_on = models.DateField(null=True)
    terminated_on = models.DateField(null=True)
    contracts_at = models.DateTimeField(null=True)
    billed_24m = _money()
    overdue_24m = _money()
    overdue_amount = _money()
    payment_disputed = models.BooleanField(null=True)
    payments_at = models.DateTimeField(null=True)
    pumps_in_service = models.PositiveIntegerField(null=True)
    pumps_in_warranty = models.PositiveIntegerField(null=True)
    failure_rate_12m = models.FloatField(null=True)
    failure_baseline = models.FloatField(null=True)
    pumps_at = models.DateTimeField(null=True)
    tickets_total = models.PositiveIntegerField(null=True)
    open_tickets = models.PositiveIntegerField(null=True)
    last_ticket_at = models.DateTimeField(null=True)
    onsite_tickets_12m = models.PositiveIntegerField(null=True)
    service_hours_12m = models.FloatField(null=True)
    tickets_at = models.DateTimeField(null=True)
    sla_breach_ratio_12m = models.FloatField(null=True)
    sla_at = models.DateTimeField(null=True)
    complaints_total = models.PositiveIntegerField(null=True)
    open_complaints = models.PositiveIntegerField(null=True)
    open_severe_complaints = models.PositiveIntegerField(null=True)
    complaint_points_12m = models.FloatField(null=True)
    complaints_resolved_12m = models.PositiveIntegerField(null=True)
    s1_upheld_on = models.DateField(null=True)
    complaints_at = models.DateTimeField(null=True)
    answers_total = models.PositiveIntegerField(null=True)
    csat_mean_12m = models.FloatField(null=True)
    csat_mean_24m = models.FloatField(null=True)
    csat_answers_24m = models.PositiveIntegerField(null=True)
    last_csat = models.FloatField(null=True)
    last_nps = models.SmallIntegerField(null=True)
    surveys_at = models.DateTimeField(null=True)
    strategic = models.PositiveSmallIntegerField(default=0, db_default=0)
    strategic_until = models.DateTimeField(null=True)

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
