"""人工调整: tier, stage or strategic weight set by hand, proposed by one person, approved by another, for a time."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.addresses import row_address
from core.errors import NotAllowed
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned
from core.tasks_list import close_tasks
from crm.choices import OverrideKind, OverrideState, Stage, Strategic, Tier
from crm.models.assessments import Assessment
from crm.models.customers import Customer
from crm.models.facts import CustomerFacts
from crm.value_querysets import OverrideQuerySet


class Override(Versioned):
    """One decision by hand. `value` is a tier, a stage, or strategic points ("0", "50", "100"), `before` what it replaced.

    It holds from the approval to `until`; then the computed value counts again. A tier and a strategic weight hold at
    most twelve months, a stage at most 90 days. At most one of a kind is open per customer.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="overrides", verbose_name=_("customer")
    )
    kind = models.CharField(_("what"), max_length=9, choices=OverrideKind)
    value = models.CharField(_("set to"), max_length=12)
    before = models.CharField(max_length=12, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500)
    until = models.DateTimeField(_("until"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(
        _("state"), max_length=9, choices=OverrideState, default=OverrideState.PROPOSED, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = OverrideQuerySet.as_manager()

    scope_columns = ScopeColumns(owner="customer__owner", branch="customer__branch", department=None)

    class Meta:
        verbose_name = _("adjustment by hand")
        verbose_name_plural = _("adjustments by hand")
        indexes = [
            models.Index(fields=["-proposed_at", "-id"], name="override_newest"),
            models.Index(
                fields=["until"], name="override_until", condition=Q(state__in=["proposed", "in_force"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(state="proposed"), name="one_proposal_per_kind"
            ),
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(state="in_force"), name="one_override_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer.called}: {self.get_kind_display()} → {self.words}"

    @property
    def words(self) -> str:
        """The value as people read it."""
        return self.label_of(self.value)

    @property
    def words_before(self) -> str:
        return self.label_of(self.before)

    def label_of(self, value: str) -> str:
        """A value of this kind as people read it."""
        labels: Any = {"tier": Tier, "stage": Stage, "strategic": Strategic}[self.kind]
        return str(dict(labels.choices).get(value, value or "—"))

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    @property
    def is_in_force(self) -> bool:
        return self.state == OverrideState.IN_FORCE

    @property
    def needs_executive(self) -> bool:
        """Whether the branch manager's word is not enough: VIP before or after, and every strategic weight."""
        return self.kind == OverrideKind.STRATEGIC or Tier.VIP in (self.customer.tier, self.value)

    def get_absolute_url(self) -> str:
        return row_address("crm:override_detail", self.pk)

    @transition(source=OverrideState.PROPOSED, target=OverrideState.IN_FORCE)
    def approve(self, *, by: Any, now: datetime, reason: str = "") -> Outcome:
        """Let it hold. Refuses the one who proposed it."""
        if by.pk == self.proposed_by_id:
            raise NotAllowed(_("You proposed this; someone else decides it."))
        self.decided_by, self.decided_at = by, now
        previous = Override.objects.in_force().filter(customer=self.customer_id, kind=self.kind).first()
        if previous is not None:
            previous.supersede(by=None, now=now)
        self.show(now=now, by=by)
        close_tasks(self, now=now)
        return Outcome(reason=reason, data=self._data())

    @transition(source=OverrideState.PROPOSED, target=OverrideState.REFUSED)
    def refuse(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Say no, and why. Refuses the one who proposed it, who may withdraw instead."""
        if by.pk == self.proposed_by_id:
            raise NotAllowed(_("You proposed this; withdraw it instead."))
        self.decided_by, self.decided_at = by, now
        close_tasks(self, now=now)
        return Outcome(reason=reason, data=self._data())

    @transition(source=OverrideState.PROPOSED, target=OverrideState.WITHDRAWN)
    def withdraw(self, *, by: Any, now: datetime, reason: str = "") -> Outcome:
        """Take the proposal back; only the one who made it."""
        if by.pk != self.proposed_by_id:
            raise NotAllowed(_("Only the one who proposed it takes it back."))
        close_tasks(self, now=now)
        return Outcome(reason=reason, data=self._data())

    @transition(source=OverrideState.IN_FORCE, target=OverrideState.ENDED)
    def end(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Let the computed value count again before the time is over."""
        self.ended_at = now
        self.unshow(now=now, by=by)
        return Outcome(reason=reason, data=self._data())

    @transition(source=OverrideState.IN_FORCE, target=OverrideState.ENDED, system=True)
    def supersede(self, *, by: Any, now: datetime) -> Outcome:
        """A newer decision takes its place, or a hard sign of leaving ends a lock of the stage."""
        self.ended_at = now
        return Outcome(data=self._data())

    @transition(
        source=(OverrideState.PROPOSED, OverrideState.IN_FORCE), target=OverrideState.EXPIRED, system=True
    )
    def expire(self, *, by: Any, now: datetime) -> Outcome:
        """The time is over: the computed value counts again, an undecided proposal lapses."""
        if self.is_in_force:
            self.ended_at = now
            self.unshow(now=now, by=None)
        close_tasks(self, now=now)
        return Outcome(data=self._data())

    def _data(self) -> dict[str, Any]:
        return {"kind": self.kind, "value": self.value, "until": self.until.isoformat()}

    def show(self, *, now: datetime, by: Any) -> None:
        """Put the value on the customer."""
        from crm.standing import set_standing

        if self.kind == OverrideKind.STRATEGIC:
            self._weigh(int(self.value), self.until, now)
            return
        self.before = getattr(self.customer, self.kind)
        set_standing(self.customer, self.kind, self.value, rule="override", now=now, by=by)

    def unshow(self, *, now: datetime, by: Any) -> None:
        """Put the computed value back on the customer."""
        from crm.standing import set_standing

        if self.kind == OverrideKind.STRATEGIC:
            self._weigh(0, None, now)
            return
        found = Assessment.objects.filter(customer=self.customer_id).values_list(self.kind, flat=True).first()
        computed = self.before if found is None else found
        set_standing(self.customer, self.kind, computed, rule="override_over", now=now, by=by)

    def _weigh(self, points: int, until: datetime | None, now: datetime) -> None:
        CustomerFacts.objects.filter(customer=self.customer_id).update(
            strategic=points, strategic_until=until
        )
        Assessment.objects.filter(customer=self.customer_id).update(stale_since=now)
