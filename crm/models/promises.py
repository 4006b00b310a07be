"""承诺: what we promised to a customer, who owes it, by when, and what became of it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.addresses import row_address
from core.errors import RuleBroken
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned
from core.tasks_list import close_tasks, open_task
from crm.choices import PromiseState
from crm.models.activities import Activity
from crm.models.customers import Customer
from crm.planning import NOTHING_REMINDED, reminded_at_planning
from crm.promise_querysets import PromiseQuerySet

PROMISE_TASK = "crm.promise"
MAX_PROMISE = timedelta(days=731)


class Promise(Versioned):
    """One promise. `made_by` gave the word, `owner` must keep it, `activity` is the log it was given in.

    Kept in time means closed as kept not later than `due_at`. `told_at` says that the customer was given the date in
    writing. Moving the day needs the customer's consent and is counted in `moves`.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="promises", verbose_name=_("customer")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("given by"),
        editable=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owed by")
    )
    text = models.CharField(_("promise"), max_length=200)
    made_at = models.DateTimeField(_("given on"), editable=False)
    due_at = models.DateTimeField(_("due"))
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="promises", editable=False
    )
    told_at = models.DateTimeField(_("customer told"), null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=PromiseState, default=PromiseState.OPEN, editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    evidence = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    moves = models.PositiveSmallIntegerField(default=0, editable=False)
    reminded_up_to = models.SmallIntegerField(default=NOTHING_REMINDED, editable=False)

    objects = PromiseQuerySet.as_manager()

    scope_columns = ScopeColumns(owner="owner", branch="customer__branch", department=None)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [
            models.Index(fields=["due_at", "id"], name="promise_due"),
            models.Index(fields=["customer", "due_at", "id"], name="promise_customer"),
            models.Index(fields=["owner", "due_at", "id"], name="promise_owner"),
            models.Index(
                fields=["due_at"], name="promise_reminder", condition=Q(state="open", reminded_up_to__lt=7)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False),
                name="promise_closed_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer.called}: {self.text}"

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    @property
    def is_open(self) -> bool:
        return self.state == PromiseState.OPEN

    @property
    def was_late(self) -> bool:
        """Whether it was settled after its day."""
        return self.closed_at is not None and self.closed_at > self.due_at

    def is_overdue_at(self, now: datetime) -> bool:
        """Open and past its due time."""
        return self.is_open and self.due_at < now

    def get_absolute_url(self) -> str:
        return row_address("crm:promise_detail", self.pk)

    def put_on_list(self) -> None:
        """Show the promise on its owner's day, above ordinary steps, or move the line it has there."""
        open_task(PROMISE_TASK, self, self.owner, due_at=self.due_at, severity=1)

    def _close(self, now: datetime) -> None:
        self.closed_at = now
        close_tasks(self, now=now)

    @transition(source=PromiseState.OPEN, target=PromiseState.KEPT)
    def keep(self, *, by: Any, now: datetime, evidence: Activity | None = None, reason: str = "") -> Outcome:
        """We did what we said; shown by a log of this customer or by words ("sent by courier, no. …")."""
        if evidence is None and not reason.strip():
            raise RuleBroken(errors={"reason": [_("Choose the log that shows it, or say how it was kept.")]})
        if evidence is not None and evidence.customer_id != self.customer_id:
            raise RuleBroken(errors={"evidence": [_("Choose a log of this customer.")]})
        self.evidence = evidence
        self._close(now)
        return Outcome(
            reason=reason,
            evidence=[evidence.pk] if evidence else (),
            data={"due_at": self.due_at.isoformat()},
        )

    @transition(source=PromiseState.OPEN, target=PromiseState.BROKEN)
    def fail(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """We did not do it and will not: say why, so that the next one is kept."""
        self._close(now)
        return Outcome(reason=reason, data={"due_at": self.due_at.isoformat()})

    @transition(source=PromiseState.OPEN, target=PromiseState.WITHDRAWN)
    def withdraw(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """The customer no longer wants it; it then counts neither as kept nor as broken."""
        self._close(now)
        return Outcome(reason=reason, data={"due_at": self.due_at.isoformat()})

    @transition(source=PromiseState.OPEN, target=PromiseState.OPEN)
    def redate(self, *, by: Any, now: datetime, due_at: datetime, reason: str) -> Outcome:
        """The customer agreed to another day; the reason says with whom it was agreed. Reminders start again."""
        if not now < due_at <= now + MAX_PROMISE:
            raise RuleBroken(errors={"due_at": [_("Choose a day from today on, at most two years ahead.")]})
        before, self.due_at = self.due_at, due_at
        self.moves += 1
        self.reminded_up_to = reminded_at_planning(due_at, now)
        self.put_on_list()
        return Outcome(reason=reason, data={"from": before.isoformat(), "to": due_at.isoformat()})

    @transition(source=PromiseState.OPEN, target=PromiseState.OPEN)
    def tell(self, *, by: Any, now: datetime) -> None:
        """The customer was given the promise and its day in writing."""
        self.told_at = now
