"""Complaints: what somebody holds against us, who answers for it, and every step the case can take."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from complaints import desk, timekeeping
from complaints.choices import (
    BEFORE_ANSWER,
    OPEN_STATES,
    STATE_TONES,
    Category,
    Channel,
    ComplaintState,
    Remedy,
    Severity,
    Upheld,
)
from complaints.clocks import ACKNOWLEDGE, ANSWER, CONTAIN, INTERIM, TRIAGE
from complaints.querysets import ComplaintQuerySet
from complaints.severity import is_graver
from core.addresses import row_address
from core.errors import RuleBroken, WrongState
from core.fields import PersonalField, SearchTermsField
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned

if TYPE_CHECKING:
    from accounts.models import OrgUnit, User

S = ComplaintState
REOPEN_WITHIN = timedelta(days=90)
REJECTIONS_TO_EXTERNAL = 2
"""After the second rejected answer only the external path is left (§5.4)."""


class Complaint(Versioned):
    """A case against one lead department and perhaps others, supervised by people outside them.

    `facts_at_receipt` are the inputs of the severity (see `complaints.severity.CaseFacts`), `grade_reasons`
    what followed from them. The complainant's name is sealed and shown only to supervision.
    `owner` is the customer's project manager at receipt, `handler` answers for the department.
    """

    code = models.CharField(_("case no."), max_length=24, unique=True, editable=False)
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="complaints", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "crm.Contact",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("contact"),
    )
    complainant = PersonalField(_("complainant"), kind="name", blank=True)
    internal = models.BooleanField(_("inside the company"), default=False)
    anonymous = models.BooleanField(_("anonymous"), default=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PHONE)
    ticket = models.ForeignKey(
        "service.Ticket",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complaints",
        verbose_name=_("ticket"),
    )
    project = models.ForeignKey(
        "projects.Project",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complaints",
        verbose_name=_("project"),
    )
    lead_department = models.ForeignKey(
        "accounts.OrgUnit",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("responsible department"),
    )
    departments = models.ManyToManyField(
        "accounts.OrgUnit", related_name="+", verbose_name=_("departments concerned")
    )
    respondents = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("persons concerned")
    )
    category = models.CharField(_("category"), max_length=16, choices=Category)
    severity = models.CharField(_("severity"), max_length=2, choices=Severity)
    severity_confirmed = models.BooleanField(default=False, editable=False)
    grade_reasons = models.JSONField(default=list, editable=False)
    facts_at_receipt = models.JSONField(default=dict, editable=False)
    claim_amount = models.DecimalField(_("claim, CNY"), max_digits=14, decimal_places=2, default=0)
    facts = models.TextField(_("what happened"), max_length=4000)
    wanted = models.CharField(_("what the complainant wants"), max_length=500, blank=True)
    received_at = models.DateTimeField(_("received"))
    calendar_code = models.CharField(max_length=20, blank=True, editable=False)
    run = models.PositiveSmallIntegerField(default=0, editable=False)
    rejections = models.PositiveSmallIntegerField(default=0, editable=False)
    rung = models.CharField(max_length=6, blank=True, editable=False)
    investigation = models.TextField(_("investigation"), max_length=4000, blank=True)
    containment = models.TextField(_("containment"), max_length=2000, blank=True)
    upheld = models.CharField(_("finding"), max_length=6, choices=Upheld, blank=True)
    remedy = models.CharField(_("remedy"), max_length=12, choices=Remedy, blank=True)
    reply = models.TextField(_("answer"), max_length=4000, blank=True)
    reply_channel = models.CharField(_("answered by"), max_length=10, choices=Channel, blank=True)
    lessons = models.TextField(_("lessons"), max_length=2000, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("handler"),
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("supervision officer"),
    )
    cosigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
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
    state = models.CharField(
        _("state"), max_length=20, choices=ComplaintState, default=S.REGISTERED, editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    search_terms = SearchTermsField(codes=["code"])

    objects = ComplaintQuerySet.as_manager()
    scope_columns: ClassVar = ScopeColumns(owner="owner", branch="branch", department="lead_department")

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="complaint_received"),
            models.Index(fields=["branch", "-received_at", "-id"], name="complaint_branch"),
            models.Index(fields=["owner", "-received_at", "-id"], name="complaint_owner"),
            models.Index(fields=["lead_department", "state"], name="complaint_department"),
            models.Index(fields=["customer", "-received_at"], name="complaint_customer"),
            GinIndex(fields=["search_terms"], name="complaint_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return row_address("complaints:complaint_detail", self.pk)

    audit_root = RootBy("customer")

    @property
    def state_tone(self) -> str:
        return STATE_TONES[S(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def units_concerned(self) -> list[OrgUnit]:
        """Every department the case is against, the leading one first."""
        others = [unit for unit in self.departments.all() if unit.pk != self.lead_department_id]
        return [self.lead_department, *others]

    # --- the steps, in the order a case takes them ------------------------------------------------------

    @transition(source=S.REGISTERED, target=S.TRIAGED)
    def triage(
        self,
        *,
        by: User | None,
        now: datetime,
        severity: str,
        lead_department: OrgUnit,
        departments: Any = (),
        supervisor: User | None = None,
        handler: User | None = None,
        reason: str = "",
    ) -> Outcome:
        """Confirm how grave the case is and who answers; its clocks are counted again from receipt."""
        before = self.severity
        self.lead_department = lead_department
        self.severity, self.severity_confirmed = severity, True
        self.supervisor = supervisor or by
        self.handler = handler or desk.head_for(lead_department)
        self.departments.set([lead_department, *departments])
        timekeeping.stop(self, TRIAGE, now)
        timekeeping.recount(self, now)
        desk.involve(self, by=by, now=now)
        return Outcome(
            data={"severity": severity, "before": before, "department": lead_department.code}, reason=reason
        )

    @transition(source=S.TRIAGED, target=S.ACKNOWLEDGED)
    def acknowledge(self, *, by: User | None, now: datetime, channel: str, text: str = "") -> Outcome:
        """Tell the complainant that we have the case and who answers."""
        timekeeping.stop(self, ACKNOWLEDGE, now)
        desk.answered_for(self, now=now)
        return Outcome(data={"channel": channel}, reason=text)

    @transition(source=[S.ACKNOWLEDGED, S.REJECTED], target=S.INVESTIGATING)
    def investigate(
        self, *, by: User | None, now: datetime, handler: User | None = None, containment: str = ""
    ) -> Outcome:
        """Take the case up; what was done to contain the damage stops the containment clock."""
        self.handler = handler or self.handler or by
        if containment:
            self.containment = containment
            timekeeping.stop(self, CONTAIN, now)
        desk.hand_to(self, now=now)
        return Outcome(data={"handler": self.handler and self.handler.pk})

    @transition(source=S.INVESTIGATING, target=S.PROPOSED)
    def propose(
        self,
        *,
        by: User | None,
        now: datetime,
        investigation: str,
        upheld: str,
        remedy: str = Remedy.NONE,
        reply: str,
        containment: str = "",
    ) -> Outcome:
        """The department's head proposes finding, remedy and answer; supervision reviews it next."""
        self.investigation, self.upheld, self.remedy, self.reply = investigation, upheld, remedy, reply
        self.containment = containment or self.containment
        timekeeping.stop(self, CONTAIN, now)
        desk.ask_review(self, now=now)
        return Outcome(data={"upheld": upheld, "remedy": remedy})

    @transition(source=S.INVESTIGATING, target=S.WAITING_COMPLAINANT)
    def wait(self, *, by: User | None, now: datetime, reason: str) -> Outcome:
        """Wait for something only the complainant can give; the answer clock stands still meanwhile."""
        timekeeping.pause(self, now)
        return Outcome(reason=reason)

    @transition(source=S.WAITING_COMPLAINANT, target=S.INVESTIGATING)
    def resume(self, *, by: User | None, now: datetime) -> Outcome:
        """Go on; the answer clock runs from where it stood."""
        timekeeping.unpause(self, now)
        return Outcome()

    @transition(source=S.PROPOSED, target=[S.SV_REVIEW, S.INVESTIGATING])
    def review(self, *, by: User | None, now: datetime, passed: bool, note: str = "") -> Outcome:
        """Supervision agrees with the proposal or sends it back with what is missing."""
        if not passed and not note.strip():
            raise RuleBroken(errors={"note": [_("Say what is missing.")]})
        if not passed:
            desk.hand_to(self, now=now)
        return Outcome(state=S.SV_REVIEW if passed else S.INVESTIGATING, reason=note, data={"passed": passed})

    @transition(source=[S.SV_REVIEW, S.REJECTED], target=S.ANSWERED)
    def answer(self, *, by: User | None, now: datetime, channel: str, reply: str = "") -> Outcome:
        """Give the complainant the final answer; after a rejection it is the second review."""
        self.reply = reply or self.reply
        if not self.reply.strip():
            raise RuleBroken(errors={"reply": [_("Write the answer.")]})
        self.reply_channel, self.answered_at = channel, now
        timekeeping.stop(self, ANSWER, now)
        timekeeping.stop(self, INTERIM, now)
        desk.await_verdict(self, now=now)
        return Outcome(data={"channel": channel})

    @transition(source=S.ANSWERED, target=S.ACCEPTED)
    def accept_answer(self, *, by: User | None, now: datetime, note: str = "") -> Outcome:
        """The complainant accepts."""
        desk.ask_verification(self, now=now)
        return Outcome(reason=note)

    @transition(source=S.ANSWERED, target=S.REJECTED)
    def reject_answer(self, *, by: User | None, now: datetime, reason: str) -> Outcome:
        """The complainant does not accept: a second review within 5 working days; twice opens the external path."""
        self.rejections += 1
        self.run += 1
        timekeeping.start_second_review(self, now)
        desk.rejected(self, by=by, now=now)
        return Outcome(reason=reason, data={"rejections": self.rejections})

    @transition(source=S.ACCEPTED, target=S.VERIFYING)
    def verify(self, *, by: User | None, now: datetime, note: str = "") -> Outcome:
        """Check outside the department that what was promised was done."""
        return Outcome(reason=note)

    @transition(source=[S.ACCEPTED, S.VERIFYING], target=[S.VERIFYING, S.CLOSED])
    def close(self, *, by: User | None, now: datetime, lessons: str = "") -> Outcome:
        """Close the case. A major one needs two signatures: supervision's and an executive's."""
        self.lessons = lessons or self.lessons
        if self.severity == Severity.S1 and not desk.both_signed(self, by):
            return Outcome(state=S.VERIFYING, data={"signed": by and by.pk})
        self.closed_at = now
        desk.finish(self, by=by, now=now)
        return Outcome(state=S.CLOSED)

    @transition(source=S.REJECTED, target=S.CLOSED_UNRESOLVED)
    def close_unresolved(self, *, by: User | None, now: datetime, reason: str) -> Outcome:
        """End our part after two rejections; `reason` names the external path."""
        if self.rejections < REJECTIONS_TO_EXTERNAL:
            raise WrongState(_("Only a case whose answer was rejected twice can be closed unresolved."))
        self.closed_at = now
        desk.finish(self, by=by, now=now)
        return Outcome(reason=reason)

    @transition(source=OPEN_STATES, target=S.WITHDRAWN)
    def withdraw(self, *, by: User | None, now: datetime, reason: str) -> Outcome:
        """Only the complainant withdraws; supervision telephoned to confirm it."""
        self.closed_at = now
        desk.finish(self, by=by, now=now)
        return Outcome(reason=reason)

    @transition(source=OPEN_STATES, target=S.DUPLICATE)
    def mark_duplicate(self, *, by: User | None, now: datetime, original: Complaint) -> Outcome:
        """The same matter is handled in another case."""
        if original.pk == self.pk or original.duplicate_of_id == self.pk:
            raise RuleBroken(errors={"original": [_("A case cannot be its own duplicate.")]})
        self.duplicate_of, self.closed_at = original, now
        desk.finish(self, by=by, now=now)
        return Outcome(data={"original": original.pk})

    @transition(source=[S.CLOSED, S.CLOSED_UNRESOLVED, S.WITHDRAWN], target=S.INVESTIGATING)
    def reopen(self, *, by: User | None, now: datetime, reason: str) -> Outcome:
        """Take a case up again within 90 days of closing; its answer clock starts anew."""
        if self.closed_at is not None and now - self.closed_at > REOPEN_WITHIN:
            raise RuleBroken(_("More than 90 days have passed since closing: register a new case."))
        self.run += 1
        self.closed_at = self.answered_at = self.cosigned_by = None
        timekeeping.start_again(self, now)
        desk.involve(self, by=by, now=now)
        return Outcome(reason=reason)

    @transition(source=BEFORE_ANSWER, target=None)
    def change_severity(self, *, by: User | None, now: datetime, severity: str, reason: str) -> Outcome:
        """Raising counts the clocks again from receipt; lowering is for the head of supervision only."""
        before = self.severity
        if severity == before:
            raise RuleBroken(errors={"severity": [_("The case already has this severity.")]})
        if not is_graver(severity, before) and not desk.may_lower(by):
            raise RuleBroken(errors={"severity": [_("Only the head of supervision lowers a severity.")]})
        self.severity, self.severity_confirmed = severity, True
        timekeeping.recount(self, now)
        if severity == Severity.S1:
            desk.start_emergency(self, by=by, now=now)
        return Outcome(data={"severity": severity, "before": before}, reason=reason)
