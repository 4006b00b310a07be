"""Making good: what happens after a low score, from the call to the second asking."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.errors import RuleBroken, WrongState
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned
from surveys import desk
from surveys.choices import OPEN_RECOVERIES, RECOVERY_TONES, CauseCode, LowReason, RecoveryState
from surveys.policy import REASK_DAYS
from surveys.querysets import RecoveryQuerySet

if TYPE_CHECKING:
    pass

S = RecoveryState


class Recovery(Versioned):
    """The case a low answer opens for the manager responsible; the answer's score stays what it is.

    `owner` is that manager (not the served project manager), `recovered` what the second asking showed: True for an
    overall score of 4 or 5, None until there is an answer.
    """

    response = models.OneToOneField("surveys.Response", on_delete=models.PROTECT, related_name="recovery")
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="recoveries", verbose_name=_("customer")
    )
    reasons = ArrayField(models.CharField(max_length=12, choices=LowReason), default=list)
    owner = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("manager responsible"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    state = models.CharField(_("state"), max_length=10, choices=RecoveryState, default=S.OPEN, editable=False)
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("call by"))
    called_at = models.DateTimeField(_("called"), null=True)
    call_note = models.TextField(_("what the customer said"), max_length=2000, blank=True)
    cause = models.CharField(_("cause"), max_length=14, choices=CauseCode, blank=True)
    action = models.TextField(_("what we do"), max_length=2000, blank=True)
    promised_on = models.DateField(_("promised for"), null=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    reask_at = models.DateTimeField(_("asked again from"), null=True, editable=False)
    recovered = models.BooleanField(_("recovered"), null=True, editable=False)
    complaint = models.ForeignKey(
        "complaints.Complaint",
        null=True,
        on_delete=models.PROTECT,
        related_name="recoveries",
        verbose_name=_("complaint"),
    )
    complaint_by_customer = models.BooleanField(default=False, editable=False)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["branch", "-id"], name="recovery_branch"),
            models.Index(fields=["owner", "-id"], name="recovery_owner"),
            models.Index(fields=["customer", "-id"], name="recovery_customer"),
            models.Index(fields=["due_at"], name="recovery_due", condition=models.Q(state=S.OPEN)),
            models.Index(fields=["reask_at"], name="recovery_reask", condition=models.Q(state=S.CLOSED)),
        ]

    def __str__(self) -> str:
        return self.response.ticket.code

    def get_absolute_url(self) -> str:
        return row_address("surveys:recovery_detail", self.pk)

    audit_root = RootBy("customer")

    @property
    def state_tone(self) -> str:
        return RECOVERY_TONES[S(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_RECOVERIES

    @property
    def reason_labels(self) -> list[str]:
        """What opened the case, in words."""
        return [str(LowReason(code).label) for code in self.reasons]

    def is_overdue_at(self, now: datetime) -> bool:
        """The customer has not been called in time."""
        return self.state == S.OPEN and now > self.due_at

    @transition(source=S.OPEN, target=S.CALLED)
    def call(self, *, by: Any, now: datetime, note: str, cause: str = "") -> Outcome:
        """The customer was called: what they said, and why they were unhappy as far as known."""
        if not note.strip():
            raise RuleBroken(errors={"note": [_("Write down what the customer said.")]})
        self.called_at, self.call_note, self.cause = now, note.strip(), cause
        return Outcome(data={"on_time": now <= self.due_at, "cause": cause})

    @transition(source=S.CALLED, target=S.PROPOSED)
    def propose(self, *, by: Any, now: datetime, cause: str, action: str, promised_on: date) -> Outcome:
        """Promise the customer what we do and by which day. Refuses a day in the past."""
        if promised_on < timezone.localtime(now).date():
            raise RuleBroken(errors={"promised_on": [_("The promised day lies ahead.")]})
        self.cause, self.action, self.promised_on = cause, action.strip(), promised_on
        desk.promise_on_list(self, now=now)
        return Outcome(data={"cause": cause, "promised_on": promised_on.isoformat()})

    @transition(source=S.PROPOSED, target=S.CLOSED)
    def close(self, *, by: Any, now: datetime, note: str = "") -> Outcome:
        """What was promised is done; in 14 days the customer is asked again."""
        self.closed_at = now
        self.reask_at = desk.start_of_day_in(now, REASK_DAYS)
        desk.off_the_list(self, now=now)
        return Outcome(reason=note, data={"reask_at": self.reask_at.isoformat()})

    @transition(source=S.CLOSED, target=None, system=True)
    def reask(self, *, by: Any, now: datetime) -> Outcome:
        """Ask the same contact again about the same ticket; once, and not before 14 days have passed."""
        if self.reask_at is None or now < self.reask_at:
            raise WrongState(_("The customer is asked again 14 days after closing."))
        if desk.was_asked_again(self):
            raise WrongState(_("The customer was asked again already."))
        invitation = desk.ask_again(self, now=now)
        return Outcome(data={"invitation": invitation.pk})
