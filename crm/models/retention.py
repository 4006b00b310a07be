"""挽留计划: what is done for a customer that shows signs of leaving, from cause to outcome."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.addresses import row_address
from core.errors import NotAllowed, RuleBroken
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned
from core.tasks_list import close_tasks, open_task
from crm.choices import PlanState, Tier
from crm.models.assessments import Assessment
from crm.models.customers import Customer
from crm.value_querysets import RetentionPlanQuerySet

PLAN_TASK = "crm.retention_plan"
PLAN_APPROVE_TASK = "crm.retention_approve"
ROOT_CAUSE_LEAST = 10  # characters


class RetentionPlan(Versioned):
    """One recovery. `due_at` is the day its cause and offer must be written, `trigger` the rule or sign that opened it.

    A VIP customer is visited by an executive (`visitor`) before the plan can be closed as effective. Closed effective it
    lets the customer return to stable (T4) or, with a new order, to consolidated (T6).
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="retention_plans", verbose_name=_("customer")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    trigger = models.CharField(max_length=24, blank=True, editable=False)
    opened_at = models.DateTimeField(editable=False)
    due_at = models.DateTimeField(_("due"), editable=False)
    root_cause = models.TextField(_("root cause"), max_length=2000, blank=True)
    offer = models.TextField(_("what we offer"), max_length=2000, blank=True)
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("executive who visits"),
    )
    visit_on = models.DateField(_("visit planned for"), null=True, blank=True)
    visited_on = models.DateField(_("visited on"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    state = models.CharField(
        _("state"), max_length=11, choices=PlanState, default=PlanState.OPEN, editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = RetentionPlanQuerySet.as_manager()

    scope_columns = ScopeColumns(owner="owner", branch="customer__branch", department=None)

    class Meta:
        verbose_name = _("retention plan")
        verbose_name_plural = _("retention plans")
        indexes = [
            models.Index(fields=["due_at", "id"], name="retention_due"),
            models.Index(fields=["customer", "-opened_at"], name="retention_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(state__in=["open", "submitted", "running"]),
                name="one_open_retention_plan",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "submitted", "running"], closed_at__isnull=True)
                | Q(state__in=["effective", "ineffective"], closed_at__isnull=False),
                name="retention_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer.called}: {_('retention plan')}"

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def needs_visit(self) -> bool:
        """Whether an executive must see the customer: VIP."""
        return self.customer.tier == Tier.VIP

    def is_overdue_at(self, now: datetime) -> bool:
        """Not written by its day."""
        return self.state == PlanState.OPEN and self.due_at < now

    def get_absolute_url(self) -> str:
        return row_address("crm:retentionplan_detail", self.pk)

    @transition(source=(PlanState.OPEN, PlanState.SUBMITTED), target=PlanState.SUBMITTED)
    def submit(
        self,
        *,
        by: Any,
        now: datetime,
        root_cause: str,
        offer: str,
        visitor: Any = None,
        visit_on: Any = None,
    ) -> Outcome:
        """Write cause and offer and put the plan to the approver. Refuses a VIP plan without an executive's visit."""
        if len(root_cause.strip()) < ROOT_CAUSE_LEAST:
            raise RuleBroken(errors={"root_cause": [_("Say the cause in at least 10 characters.")]})
        if not offer.strip():
            raise RuleBroken(errors={"offer": [_("Say what we offer.")]})
        if self.needs_visit and visitor is None:
            raise RuleBroken(errors={"visitor": [_("A VIP customer is visited by an executive: name one.")]})
        self.root_cause, self.offer = root_cause.strip(), offer.strip()
        self.visitor, self.visit_on, self.submitted_by = visitor, visit_on, by
        close_tasks(self, now=now)
        self._ask(now)
        return Outcome(data={"visitor": visitor.pk if visitor else None})

    def _ask(self, now: datetime) -> None:
        from crm.operations.overrides import approvers_for, decision_due

        for person in approvers_for(self.customer, executive=self.needs_visit, now=now):
            if person.pk != self.submitted_by_id:
                open_task(
                    PLAN_APPROVE_TASK, self, person, due_at=decision_due(self.customer, now), severity=2
                )

    @transition(source=PlanState.SUBMITTED, target=PlanState.RUNNING)
    def approve(self, *, by: Any, now: datetime, reason: str = "") -> Outcome:
        """Let it run. Refuses the one who submitted it."""
        if by.pk == self.submitted_by_id:
            raise NotAllowed(_("You submitted this; someone else approves it."))
        close_tasks(self, now=now)
        return Outcome(reason=reason)

    @transition(source=PlanState.SUBMITTED, target=PlanState.OPEN)
    def send_back(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Not good enough yet: back to its owner, who finds it on the day's list."""
        close_tasks(self, now=now)
        self.put_on_list()
        return Outcome(reason=reason)

    @transition(source=PlanState.RUNNING, target=PlanState.RUNNING)
    def visit(self, *, by: Any, now: datetime, visited_on: Any) -> Outcome:
        """The executive saw the customer."""
        if visited_on > now.date():
            raise RuleBroken(errors={"visited_on": [_("Choose the day of the visit, not one to come.")]})
        self.visited_on = visited_on
        return Outcome(data={"on": visited_on.isoformat()})

    @transition(source=PlanState.RUNNING, target=(PlanState.EFFECTIVE, PlanState.INEFFECTIVE))
    def close(self, *, by: Any, now: datetime, effective: bool, reason: str) -> Outcome:
        """Say whether it worked. Refuses "worked" for a VIP customer no executive has visited."""
        if effective and self.needs_visit and self.visited_on is None:
            raise RuleBroken(errors={"effective": [_("Record the executive's visit first.")]})
        self.closed_at = now
        close_tasks(self, now=now)
        Assessment.objects.filter(customer=self.customer_id).update(stale_since=now)
        return Outcome(state=PlanState.EFFECTIVE if effective else PlanState.INEFFECTIVE, reason=reason)

    def put_on_list(self) -> None:
        """Show the plan on its owner's day until it is written."""
        open_task(PLAN_TASK, self, self.owner, due_at=self.due_at, severity=2)
