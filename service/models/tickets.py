"""Tickets: what a customer asked for, where it stands, and every step it can take."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.errors import RuleBroken, WrongState
from core.fields import SearchTermsField
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned
from service import desk, timekeeping
from service.choices import (
    ACTIVE_STATES,
    FINISHED_STATES,
    OPEN_STATES,
    PRIORITY_TONES,
    QUEUE_STATES,
    STATE_TONES,
    WAITING_STATES,
    Answer,
    Channel,
    CloseKind,
    ConfirmMethod,
    Impact,
    PauseKind,
    Priority,
    Progress,
    TicketState,
    TicketType,
)
from service.models.clocks import TicketPause
from service.models.reports import CallBack
from service.priority import one_higher
from service.querysets import TicketQuerySet
from service.sla import ONSITE, RESOLVE, RESPONSE, RESTORE

if TYPE_CHECKING:
    pass

S = TicketState
MAX_REOPENS = 2
"""After the second reopening the after-sales manager owns the ticket."""


STRETCHES = (
    QUEUE_STATES,
    (S.ASSIGNED,),
    (S.IN_PROGRESS, *WAITING_STATES),
    (S.RESOLVED, S.PENDING_CONFIRM),
    (S.PENDING_CALLBACK, S.CLOSED),
)


class Ticket(Versioned):
    """One request of a customer with its priority, four clocks and the people who work on it.

    `tier_snapshot` and `travel_km` are what counted at receipt. `run` counts reopens; `priorities` are
    [since, code] pairs of the present run. `owner` is the customer's project manager at receipt.
    Historical tickets come from an old system: no clock, reminder, survey or figure ever touches them.
    """

    code = models.CharField(_("number"), max_length=24, unique=True)
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="tickets", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "crm.Contact",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
        verbose_name=_("contact"),
    )
    pumps = models.ManyToManyField(
        "service.Pump", blank=True, related_name="tickets", verbose_name=_("pumps")
    )
    site = models.ForeignKey(
        "crm.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("site")
    )
    type = models.CharField(_("type"), max_length=10, choices=TicketType)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.PHONE)
    symptom = models.CharField(_("symptom"), max_length=4, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    impact = models.CharField(_("impact"), max_length=2, choices=Impact)
    safety_flag = models.BooleanField(_("danger to people or water"), default=False)
    tier_snapshot = models.CharField(_("tier at receipt"), max_length=12)
    tier_rank = models.PositiveSmallIntegerField(default=1, editable=False)
    priority = models.CharField(_("priority"), max_length=2, choices=Priority)
    priority_reasons = models.JSONField(default=list, editable=False)
    priorities = models.JSONField(default=list, editable=False)
    run = models.PositiveSmallIntegerField(default=0, editable=False)
    run_started_at = models.DateTimeField(editable=False)
    received_at = models.DateTimeField(_("received"))
    response_due_at = models.DateTimeField(_("response due"), null=True, editable=False)
    onsite_due_at = models.DateTimeField(_("on site due"), null=True, editable=False)
    restore_due_at = models.DateTimeField(_("restore due"), null=True, editable=False)
    resolve_due_at = models.DateTimeField(_("resolve due"), null=True, editable=False)
    travel_km = models.PositiveIntegerField(_("way to the site, km"), default=0)
    calendar_code = models.CharField(max_length=20, blank=True, editable=False)
    planned_on = models.DateField(_("agreed day"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=TicketState, default=S.NEW, editable=False)
    progress = models.CharField(max_length=8, choices=Progress, blank=True, editable=False)
    diagnosis = models.TextField(_("first diagnosis"), max_length=1000, blank=True)
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="service_tickets",
        verbose_name=_("engineer"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project manager"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer_due_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    confirm_asked_at = models.DateTimeField(null=True, editable=False)
    confirm_nudges = models.PositiveSmallIntegerField(default=0, editable=False)
    next_nudge_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirm_method = models.CharField(max_length=14, choices=ConfirmMethod, blank=True, editable=False)
    callback_required = models.BooleanField(default=False, editable=False)
    callback_due_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    close_kind = models.CharField(max_length=12, choices=CloseKind, blank=True, editable=False)
    reopen_count = models.PositiveSmallIntegerField(default=0, editable=False)
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), null=True, blank=True)
    repeat_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeats"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    historical = models.BooleanField(default=False, editable=False)
    source_ref = models.CharField(max_length=60, null=True, unique=True, editable=False)
    tracking_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    tracking_generation = models.PositiveSmallIntegerField(default=1, editable=False)

    search_terms = SearchTermsField(names=["description"], codes=["code", "source_ref"])

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["priority", "tier_rank", "response_due_at", "id"],
                name="ticket_queue",
                condition=models.Q(historical=False) & ~models.Q(state__in=["closed", "cancelled"]),
            ),
            models.Index(
                fields=["priority", "tier_rank", "response_due_at", "id"],
                name="ticket_order",
                condition=models.Q(historical=False),
            ),
            models.Index(
                fields=["owner", "priority", "tier_rank", "response_due_at", "id"],
                include=["state"],
                name="ticket_owner_queue",
                condition=models.Q(historical=False) & ~models.Q(state__in=["closed", "cancelled"]),
            ),
            models.Index(
                fields=["branch", "state"],
                include=["id"],
                name="ticket_situations",
                condition=models.Q(historical=False) & ~models.Q(state__in=["closed", "cancelled"]),
            ),
            GinIndex(fields=["search_terms"], name="ticket_search", fastupdate=False),
            models.Index(fields=["branch", "-id"], name="ticket_branch"),
            models.Index(fields=["owner", "-id"], name="ticket_owner"),
            models.Index(fields=["engineer", "-id"], name="ticket_engineer"),
            models.Index(fields=["customer", "-id"], name="ticket_customer"),
            models.Index(fields=["state", "-id"], name="ticket_state"),
            models.Index(fields=["-received_at", "-id"], name="ticket_received"),
            models.Index(fields=["closed_at"], name="ticket_closed_at", condition=models.Q(historical=False)),
            models.Index(
                fields=["answer_due_at"], name="ticket_answer_due", condition=models.Q(state=S.ASSIGNED)
            ),
            models.Index(
                fields=["next_nudge_at"], name="ticket_nudge", condition=models.Q(state=S.PENDING_CONFIRM)
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state__in=[S.ASSIGNED, S.IN_PROGRESS])
                | models.Q(engineer__isnull=False)
                | models.Q(historical=True),
                name="worked_ticket_has_engineer",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return row_address("service:ticket_detail", self.pk)

    audit_root = RootBy("customer")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING_STATES

    @property
    def is_being_worked_on(self) -> bool:
        return self.state == S.IN_PROGRESS

    @property
    def lacks_report(self) -> bool:
        return self.state == S.RESOLVED

    @property
    def awaits_confirmation(self) -> bool:
        return self.state == S.PENDING_CONFIRM

    @property
    def is_confirmed(self) -> bool:
        """The customer has answered, or the ticket is over."""
        return self.state in (S.PENDING_CALLBACK, S.CLOSED)

    @property
    def is_cancelled(self) -> bool:
        return self.state == S.CANCELLED

    @property
    def may_come_back(self) -> bool:
        """A reopening could start from here."""
        return self.state in Ticket.reopen.source

    @property
    def stretch(self) -> int:
        """How far the customer sees the ticket: 0 received, 1 engineer chosen, 2 work, 3 solved, 4 confirmed."""
        return next((n for n, states in enumerate(STRETCHES) if self.state in states), 0)

    @property
    def state_tone(self) -> str:
        return STATE_TONES.get(S(self.state), "")

    @property
    def priority_tone(self) -> str:
        return PRIORITY_TONES[self.priority]

    # --- the dispatcher -----------------------------------------------------------------------------------------

    @transition(source=S.NEW, target=S.ACCEPTED)
    def accept(self, *, by: Any, now: datetime, diagnosis: str = "") -> Outcome:
        """Take charge of the request; a first diagnosis given here stops the response clock."""
        self._answer(diagnosis, now)
        return Outcome(data={"priority": self.priority})

    @transition(source=ACTIVE_STATES, target=None)
    def diagnose(self, *, by: Any, now: datetime, diagnosis: str) -> Outcome:
        """Record what is probably wrong and told to the customer: this is the "response" we promise."""
        if not diagnosis.strip():
            raise RuleBroken(errors={"diagnosis": [_("Say what is probably wrong.")]})
        self._answer(diagnosis, now)
        return Outcome(data={"clock": RESPONSE})

    @transition(source=(*QUEUE_STATES, S.ASSIGNED), target=S.ASSIGNED)
    def dispatch(
        self,
        *,
        by: Any,
        now: datetime,
        engineer: Any,
        planned_start: datetime | None = None,
        planned_minutes: int | None = None,
        note: str = "",
    ) -> Outcome:
        """Offer the ticket to an engineer, who has 30 minutes (P1) or two business hours to answer.

        A ticket not yet accepted is accepted by this. Refuses somebody who is not an active engineer.
        """
        if not desk.is_engineer(engineer, now=now):
            raise RuleBroken(errors={"engineer": [_("This person is not an after-sales engineer.")]})
        previous = self.engineer_id
        desk.end_assignment(self, Answer.REPLACED, now=now, by=by)
        self.engineer = engineer
        self.progress = ""
        desk.offer(self, by=by, now=now, start=planned_start, minutes=planned_minutes, note=note)
        return Outcome(reason=note, data={"engineer": engineer.pk, "previous": previous})

    @transition(source=OPEN_STATES, target=None)
    def change_priority(self, *, by: Any, now: datetime, priority: str, reason: str) -> Outcome:
        """Raise or lower the priority; open clocks are recomputed from receipt, met ones stay."""
        if priority == self.priority:
            raise RuleBroken(errors={"priority": [_("The ticket has this priority already.")]})
        before = self.priority
        self._set_priority(priority, now)
        self.priority_reasons = ["changed_by_hand"]
        timekeeping.recompute(self)
        desk.priority_changed(self, now=now)
        return Outcome(reason=reason, data={"before": before, "after": priority})

    @transition(source=(*QUEUE_STATES, S.ASSIGNED, S.IN_PROGRESS), target=S.CANCELLED)
    def cancel(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Give the request up; not once an engineer is on site."""
        if self.progress == Progress.ON_SITE:
            raise WrongState(_("An engineer is on site; let him finish and resolve the ticket."))
        self._finish(now)
        return Outcome(reason=reason)

    @transition(source=(*QUEUE_STATES, S.ASSIGNED), target=S.CANCELLED)
    def merge(self, *, by: Any, now: datetime, into: Ticket) -> Outcome:
        """Join this ticket to another open one of the same customer; its pumps go along."""
        if into.pk == self.pk or into.customer_id != self.customer_id or into.state in FINISHED_STATES:
            raise RuleBroken(errors={"into": [_("Choose another open ticket of the same customer.")]})
        self.merged_into = into
        into.pumps.add(*self.pumps.all())
        self._finish(now)
        return Outcome(data={"into": into.pk})

    # --- the engineer -------------------------------------------------------------------------------------------

    @transition(source=S.ASSIGNED, target=S.IN_PROGRESS)
    def take(self, *, by: Any, now: datetime, diagnosis: str = "") -> Outcome:
        """Accept the offer; work begins from afar until the engineer sets out."""
        desk.answer_offer(self, Answer.TAKEN, now=now, reason="")
        self.progress = Progress.REMOTE
        self.answer_due_at = None
        self._answer(diagnosis, now)
        return Outcome(data={"engineer": self.engineer_id})

    @transition(source=S.ASSIGNED, target=S.ACCEPTED)
    def decline(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Give the offer back to the dispatcher."""
        return self._give_back(Answer.DECLINED, now=now, reason=reason)

    @transition(source=S.ASSIGNED, target=S.ACCEPTED, system=True)
    def return_unanswered(self, *, by: Any, now: datetime) -> Outcome:
        """The answer time has passed: the ticket goes back to the dispatcher."""
        return self._give_back(Answer.RETURNED, now=now, reason="")

    @transition(source=S.IN_PROGRESS, target=None)
    def travel(self, *, by: Any, now: datetime, eta: datetime | None = None) -> Outcome:
        """Set out for the site."""
        if self.progress == Progress.ON_SITE:
            raise WrongState(_("You are on site already."))
        self.progress = Progress.TRAVEL
        desk.note_times(self, travelled_at=now, eta=eta)
        return Outcome(data={"eta": eta.isoformat() if eta else None})

    @transition(source=S.IN_PROGRESS, target=None)
    def arrive(
        self,
        *,
        by: Any,
        now: datetime,
        latitude: float | None = None,
        longitude: float | None = None,
        accuracy: int | None = None,
    ) -> Outcome:
        """Check in at the site; the on-site clock stops. A position is kept once, if the engineer gives it."""
        if self.progress == Progress.ON_SITE:
            raise WrongState(_("You are on site already."))
        self.progress = Progress.ON_SITE
        timekeeping.stop(self, ONSITE, at=now)
        desk.note_times(self, arrived_at=now, latitude=latitude, longitude=longitude, accuracy=accuracy)
        return Outcome(data={"clock": ONSITE, "position": latitude is not None})

    @transition(source=S.IN_PROGRESS, target=S.WAITING_PARTS)
    def wait_parts(
        self, *, by: Any, now: datetime, reason: str, proof: str = "", expected_on: date | None = None
    ) -> Outcome:
        """Parts must come first; stops restore and resolve for five working days at most."""
        return self._pause(PauseKind.PARTS, by, now, reason, proof, expected_on)

    @transition(source=S.IN_PROGRESS, target=S.WAITING_CUSTOMER)
    def wait_customer(
        self, *, by: Any, now: datetime, reason: str, proof: str = "", expected_on: date | None = None
    ) -> Outcome:
        """The customer must do something first."""
        return self._pause(PauseKind.CUSTOMER, by, now, reason, proof, expected_on)

    @transition(source=S.IN_PROGRESS, target=S.WAITING_WINDOW)
    def wait_window(
        self, *, by: Any, now: datetime, reason: str, proof: str = "", expected_on: date | None = None
    ) -> Outcome:
        """The plant can only be stopped at certain times."""
        return self._pause(PauseKind.WINDOW, by, now, reason, proof, expected_on)

    @transition(source=WAITING_STATES, target=S.IN_PROGRESS)
    def resume(self, *, by: Any, now: datetime) -> Outcome:
        """The wait is over; the clocks run on."""
        self._end_pause(now)
        return Outcome()

    @transition(source=S.IN_PROGRESS, target=None)
    def restore(self, *, by: Any, now: datetime, note: str = "") -> Outcome:
        """The pump runs again for the time being; the restore clock stops."""
        if not timekeeping.stop(self, RESTORE, at=now):
            raise WrongState(_("No restore clock is running on this ticket."))
        self._answer(note, now)
        return Outcome(reason=note, data={"clock": RESTORE})

    @transition(source=S.IN_PROGRESS, target={S.RESOLVED, S.PENDING_CONFIRM})
    def resolve(self, *, by: Any, now: datetime, note: str = "") -> Outcome:
        """The fault is gone. With a report handed in the customer is asked to confirm, else the report is due.

        Solved without a visit the on-site clock is void; restore is met at the latest now.
        """
        if self.progress != Progress.ON_SITE:
            timekeeping.void_onsite(self)
        self._answer(note, now)
        for clock in (RESPONSE, RESTORE, RESOLVE):
            timekeeping.stop(self, clock, at=now)
        self.resolved_at = now
        desk.end_assignment(self, Answer.FINISHED, now=now, by=by)
        if desk.has_report(self):
            desk.ask_customer(self, now=now)
            return Outcome(reason=note, state=S.PENDING_CONFIRM, data={"clock": RESOLVE})
        desk.want_report(self, now=now)
        return Outcome(reason=note, state=S.RESOLVED, data={"clock": RESOLVE})

    @transition(source=S.RESOLVED, target=S.PENDING_CONFIRM)
    def ask_confirmation(self, *, by: Any, now: datetime) -> Outcome:
        """The report is there: the customer is asked whether the fault is gone."""
        if not desk.has_report(self):
            raise RuleBroken(_("The service report is still missing."))
        desk.ask_customer(self, now=now)
        return Outcome()

    # --- the end ------------------------------------------------------------------------------------------------

    @transition(source=S.PENDING_CONFIRM, target=S.PENDING_CALLBACK, system=True)
    def confirm(self, *, by: Any, now: datetime, method: str = ConfirmMethod.RECORDED_CALL) -> Outcome:
        """The customer says it is done; `by=None` when the customer did so by the tracking link."""
        self.confirmed_at, self.confirm_method = now, method
        self.next_nudge_at = None
        reasons = desk.plan_callback(self, now=now)
        return Outcome(data={"method": method, "callback": reasons})

    @transition(source=S.PENDING_CALLBACK, target={S.PENDING_CALLBACK, S.REOPENED})
    def call_back(
        self,
        *,
        by: Any,
        now: datetime,
        fixed: bool = True,
        reached: bool = True,
        attitude: int | None = None,
        cost_explained: bool = True,
        visit_verified: bool = True,
        open_points: str = "",
    ) -> Outcome:
        """Ask the customer by another person than the engineer; a fault that is not gone reopens the ticket."""
        CallBack.objects.create(
            ticket=self,
            by=by,
            at=now,
            reached=reached,
            fixed=fixed,
            attitude=attitude,
            cost_explained=cost_explained,
            visit_verified=visit_verified,
            open_points=open_points,
        )
        data = {"reached": reached, "fixed": fixed, "visit_verified": visit_verified}
        if reached and not fixed:
            self._start_again(now)
            return Outcome(state=S.REOPENED, data=data, reason=open_points)
        if reached:
            desk.called_back(self, now=now)
        return Outcome(state=S.PENDING_CALLBACK, data=data, reason=open_points)

    @transition(source=(S.PENDING_CALLBACK, S.PENDING_CONFIRM), target=S.CLOSED, system=True)
    def close(self, *, by: Any, now: datetime, note: str = "") -> Outcome:
        """End the ticket: report there, customer's answer there or asked for in vain, call-back done if drawn.

        Unconfirmed closing needs three reminders over five working days.
        """
        if not desk.has_report(self):
            raise RuleBroken(_("The service report is still missing."))
        if self.state == S.PENDING_CONFIRM and self.confirm_nudges < desk.NUDGES_BEFORE_CLOSING:
            raise RuleBroken(
                _("Ask the customer three times before closing without confirmation."),
                data={"nudges": self.confirm_nudges},
            )
        if self.callback_required and not self.call_backs.filter(reached=True).exists():
            raise RuleBroken(_("Call the customer back first."), code="callback_missing")
        self.close_kind = CloseKind.CONFIRMED if self.confirmed_at else CloseKind.UNCONFIRMED
        self._finish(now)
        return Outcome(reason=note, data={"kind": self.close_kind})

    @transition(
        source=(S.RESOLVED, S.PENDING_CONFIRM, S.PENDING_CALLBACK, S.CLOSED), target=S.REOPENED, system=True
    )
    def reopen(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """The fault is back: all four clocks restart one priority higher.

        Refused when the ticket was closed too long ago; then a new one marked as repeated is made.
        """
        if self.closed_at is not None and desk.recurrence_of(self, now=now) != "reopen":
            raise WrongState(_("Closed too long ago; register a new ticket, it will be marked as repeated."))
        self._start_again(now)
        return Outcome(reason=reason, data={"run": self.run, "priority": self.priority})

    # --- what the steps share -----------------------------------------------------------------------------------

    def _answer(self, diagnosis: Any, now: datetime) -> None:
        if str(diagnosis).strip():
            self.diagnosis = self.diagnosis or str(diagnosis).strip()[:1000]
            timekeeping.stop(self, RESPONSE, at=now)

    def _set_priority(self, priority: str, now: datetime) -> None:
        self.priority = priority
        self.priorities = [*self.priorities, [now.isoformat(), priority]]

    def _give_back(self, answer: str, *, now: datetime, reason: str) -> Outcome:
        engineer = self.engineer_id
        desk.answer_offer(self, answer, now=now, reason=reason)
        self.engineer, self.answer_due_at = None, None
        desk.back_in_queue(self, answer, now=now)
        return Outcome(reason=reason, data={"engineer": engineer})

    def _pause(
        self, kind: str, by: Any, now: datetime, reason: str, proof: str, expected_on: date | None
    ) -> Outcome:
        if not reason.strip():
            raise RuleBroken(errors={"reason": [_("Say what we are waiting for.")]})
        TicketPause.objects.create(
            ticket=self,
            run=self.run,
            kind=kind,
            start=now,
            reason=reason,
            proof=proof,
            expected_on=expected_on,
            by=by,
        )
        timekeeping.recompute(self)
        return Outcome(reason=reason, data={"kind": kind})

    def _end_pause(self, now: datetime) -> None:
        if self.pauses.filter(end=None).update(end=now):
            timekeeping.recompute(self)

    def _finish(self, now: datetime) -> None:
        self.closed_at = now
        self.answer_due_at = self.next_nudge_at = None
        desk.end_assignment(self, Answer.FINISHED, now=now, by=None)
        desk.clear(self, now=now)
        timekeeping.halt(self)

    def _start_again(self, now: datetime) -> None:
        """A new run: fresh clocks from now, one priority higher; the old ones keep what they had."""
        desk.clear(self, now=now)
        timekeeping.halt(self)
        self.run += 1
        self.reopen_count += 1
        self.run_started_at = now
        self.priority = one_higher(self.priority)
        self.priorities = [[now.isoformat(), self.priority]]
        self.priority_reasons = ["reopened_one_higher"]
        self.progress, self.engineer = "", None
        self.closed_at = self.confirmed_at = self.resolved_at = self.callback_due_at = None
        self.confirm_method, self.close_kind, self.confirm_nudges = "", "", 0
        self.callback_required = False
        timekeeping.recompute(self)
        desk.reopened(self, now=now, to_manager=self.reopen_count > MAX_REOPENS)
