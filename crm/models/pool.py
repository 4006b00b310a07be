"""The public pool (公海): what happened to who answers for a customer, who was warned, and the rules with their changes."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.errors import NotAllowed, RuleBroken
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Row, Versioned
from core.params import set_param
from crm.models.customers import Customer
from crm.pool_choices import CrossClaimState, PoolMove, PoolReason, PoolRuleState
from crm.pool_querysets import CrossClaimQuerySet, PoolEventQuerySet, PoolRuleQuerySet, PoolRunQuerySet

POOL_RULES_PARAM = "crm.pool_rules"


class PoolEvent(Row):
    """One move of a customer between owner, queue and pool; only ever added. `rule` is what decided (placing rule, clock)."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="pool_events", db_index=False
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("branch"),
    )
    at = models.DateTimeField(_("at"))
    move = models.CharField(_("move"), max_length=12, choices=PoolMove)
    reason = models.CharField(_("because"), max_length=20, choices=PoolReason, blank=True)
    rule = models.CharField(max_length=20, blank=True)
    note = models.CharField(_("reason"), max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = PoolEventQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner="customer__owner", department=None)

    class Meta:
        verbose_name = _("pool move")
        verbose_name_plural = _("pool moves")
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="pool_event_customer"),
            models.Index(fields=["branch", "-at", "-id"], name="pool_event_branch"),
            models.Index(fields=["-at", "-id"], name="pool_event_at"),
            models.Index(
                fields=["to_owner", "-at"], name="pool_event_claims", condition=Q(move=PoolMove.CLAIMED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_move_display()}"


class PoolNotice(Row):
    """A warning given once: `step` is the days before the last day, or the alarm for a silent key account or a queue."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    due_on = models.DateField()
    step = models.CharField(max_length=8)
    given_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "due_on", "step"], name="one_pool_notice_per_step")
        ]


class PoolRun(Row):
    """A nightly run of the pool's clocks: once a local day and step, whatever restarts meanwhile."""

    day = models.DateField()
    step = models.CharField(max_length=8)
    finished_at = models.DateTimeField(null=True)
    looked_at = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)

    objects = PoolRunQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "step"], name="one_pool_run_per_day")]


class PoolRule(Versioned):
    """A proposed table of pool rules. Approved by somebody else, it takes effect on the next local day."""

    values = models.JSONField(_("rules"))
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(
        _("state"), max_length=10, choices=PoolRuleState, default=PoolRuleState.PROPOSED, editable=False
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    valid_from = models.DateTimeField(_("valid from"), null=True, editable=False)
    simulation = models.JSONField(default=dict, editable=False)

    objects = PoolRuleQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner="proposed_by", branch=None, department=None)

    class Meta:
        verbose_name = _("change of the pool rules")
        verbose_name_plural = _("changes of the pool rules")
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=PoolRuleState.PROPOSED),
                name="one_open_pool_rule",
                violation_error_message=_("Another change waits for its approval; settle it first."),
            )
        ]

    def __str__(self) -> str:
        return str(_("Change of the pool rules"))

    @property
    def audit_root(self) -> "PoolRule":
        return self

    def get_absolute_url(self) -> str:
        return reverse("crm:poolrule_detail", args=[self.pk])

    @transition(source=PoolRuleState.PROPOSED, target=PoolRuleState.APPROVED)
    def approve(self, *, by: Any, now: datetime) -> Outcome:
        """Put the table into force from the next local day on; never by whoever proposed it."""
        if by is None or by.pk == self.proposed_by_id:
            raise NotAllowed(_("Somebody else approves what you proposed."))
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        valid_from = midnight + timedelta(days=1)
        self.settled_by, self.valid_from = by, valid_from
        set_param(
            POOL_RULES_PARAM,
            self.values,
            by=self.proposed_by,
            approved_by=by,
            reason=self.reason,
            valid_from=valid_from,
            now=now,
        )
        return Outcome(data={"valid_from": valid_from.isoformat()})

    @transition(source=PoolRuleState.PROPOSED, target=PoolRuleState.REFUSED)
    def refuse(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Leave the rules as they are."""
        if not reason.strip():
            raise RuleBroken(errors={"reason": [_("Say why; whoever proposed it reads it.")]})
        self.settled_by = by
        return Outcome(reason=reason)


class CrossClaim(Versioned):
    """A request to claim a customer out of another branch's pool; the managers of both branches must agree."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="cross_claims", verbose_name=_("customer")
    )
    claimant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("claimant")
    )
    from_branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("from branch")
    )
    to_branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("to branch")
    )
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(
        _("state"), max_length=10, choices=CrossClaimState, default=CrossClaimState.OPEN, editable=False
    )
    from_consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    from_consent_at = models.DateTimeField(null=True, editable=False)
    to_consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    to_consent_at = models.DateTimeField(null=True, editable=False)

    objects = CrossClaimQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner="claimant", branch="to_branch", department=None)

    class Meta:
        verbose_name = _("claim across branches")
        verbose_name_plural = _("claims across branches")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "claimant"],
                condition=Q(state=CrossClaimState.OPEN),
                name="one_open_cross_claim",
                violation_error_message=_("You have asked for this customer already."),
            ),
            models.CheckConstraint(
                condition=~Q(from_branch=models.F("to_branch")), name="cross_claim_crosses_branches"
            ),
        ]

    def __str__(self) -> str:
        return str(self.customer)

    @property
    def scope_parent(self) -> Customer:
        """The other branch's side, also when the customer has moved: a stand-in that only carries the branch."""
        return Customer(branch_id=self.from_branch_id)

    audit_root = RootBy("customer")

    def get_absolute_url(self) -> str:
        return reverse("crm:crossclaim_detail", args=[self.pk])

    @transition(source=CrossClaimState.OPEN, target=[CrossClaimState.OPEN, CrossClaimState.DONE])
    def consent(self, *, by: Any, now: datetime) -> Outcome:
        """One branch agrees; with the second consent the customer moves to the claimant at once.

        Somebody who manages both branches (the head of sales) may give both, one after the other.
        """
        from crm.operations.pool import agree_cross_claim

        moved = agree_cross_claim(self, by=by, now=now)
        return Outcome(state=CrossClaimState.DONE if moved else CrossClaimState.OPEN)

    @transition(source=CrossClaimState.OPEN, target=CrossClaimState.REFUSED)
    def refuse(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """A branch keeps its customer, or does not want it."""
        from crm.operations.pool import tell_claimant

        if not reason.strip():
            raise RuleBroken(errors={"reason": [_("Say why; the claimant reads it.")]})
        tell_claimant(self, "crm.cross_claim_refused", now=now)
        return Outcome(reason=reason)

    @transition(source=CrossClaimState.OPEN, target=CrossClaimState.CANCELLED)
    def cancel(self, *, by: Any, now: datetime) -> Outcome:
        """The claimant no longer wants it."""
        from crm.operations.pool import close_consent_tasks

        close_consent_tasks(self, now=now)
        return Outcome()
