"""Projects from inquiry to lifetime service: the project, its stages, gate submissions, evidence and parties."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.errors import RuleBroken, Sentence
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import StoredFile, Timestamped, Versioned
from core.search_fields import SearchTermsField
from projects import passage
from projects.choices import (
    ENDS,
    ORDER_STAGES,
    PRESALE_STAGES,
    SHORT_LABELS,
    STAGES,
    STATE_TONES,
    VERDICT_TONES,
    EvidenceKind,
    LossReason,
    PartyRole,
    ProductClass,
    ProjectState,
    Source,
    Verdict,
    gate_label,
)
from projects.gates import GATES
from projects.querysets import ChildQuerySet, ProjectQuerySet

LONGEST_SUSPENSION = timedelta(days=90)


class Project(Versioned):
    """One piece of business with one accountable project manager, from the first inquiry on (P01–P14).

    `customer` is the buyer, repeated as a party. The code SJ-… is given at birth, `order_code` XM-… when the
    contract gate is passed; neither ever changes. `stage_alarm_at` is when the stage passes its standard time
    and nobody was told yet.
    """

    code = models.CharField(_("code"), max_length=24, unique=True, editable=False)
    order_code = models.CharField(_("order code"), max_length=24, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="projects", verbose_name=_("customer")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name=_("project manager"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="projects", verbose_name=_("branch")
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    product_class = models.CharField(
        _("product class"), max_length=1, choices=ProductClass, default=ProductClass.A
    )
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.CUSTOMER)
    amount = models.DecimalField(
        _("expected amount"),
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("CNY, tax included"),
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY", editable=False)
    expected_sign_on = models.DateField(_("expected signing"), null=True, blank=True)
    need = models.TextField(_("what is needed"), max_length=2000, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    state = models.CharField(
        _("stage"), max_length=10, choices=ProjectState, default=ProjectState.P01, editable=False
    )
    stage_entered_at = models.DateTimeField(editable=False)
    stage_due_at = models.DateTimeField(null=True, editable=False)
    stage_alarm_at = models.DateTimeField(null=True, editable=False)
    suspended_stage = models.CharField(max_length=4, blank=True, editable=False)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    loss_reason = models.CharField(_("reason of loss"), max_length=16, choices=LossReason, blank=True)
    competitor = models.CharField(_("competitor"), max_length=80, blank=True)
    price_gap = models.DecimalField(_("price gap"), max_digits=14, decimal_places=2, null=True, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    search_terms = SearchTermsField(names=["title"], codes=["code", "order_code"])

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="project_amount_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="lost") | ~Q(loss_reason=""), name="project_lost_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(review_on__isnull=False), name="project_suspended_until"
            ),
            models.UniqueConstraint(
                fields=["order_code"], condition=~Q(order_code=""), name="one_order_code"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["branch", "state", "-id"], name="project_branch_state"),
            models.Index(fields=["owner", "state", "-id"], name="project_owner_state"),
            models.Index(fields=["customer", "-id"], name="project_customer"),
            GinIndex(fields=["search_terms"], name="project_search"),
            models.Index(fields=["state", "stage_due_at", "id"], name="project_state_due"),
            models.Index(
                fields=["stage_alarm_at"], name="project_alarm", condition=Q(stage_alarm_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return row_address("projects:project_detail", self.pk)

    audit_root = RootBy("customer")

    @property
    def shown_code(self) -> str:
        """The number people use: the order's once there is one, else the opportunity's."""
        return self.order_code or self.code

    @property
    def stage(self) -> str:
        """The stage worked on, also while suspended; empty once the project has ended."""
        return self.suspended_stage if self.state == ProjectState.SUSPENDED else self.state * self.is_open

    @property
    def is_open(self) -> bool:
        return self.state not in ENDS

    @property
    def is_presale(self) -> bool:
        return self.state in PRESALE_STAGES

    @property
    def gate(self) -> str:
        """The gate that closes the present stage (g01 … g13); empty where there is none."""
        return f"g{self.stage[1:]}" if self.stage and self.stage != STAGES[-1] else ""

    @property
    def gate_label(self) -> str:
        return gate_label(self.gate)

    @property
    def state_tone(self) -> str:
        return STATE_TONES.get(self.state, "brand")

    @property
    def short_state(self) -> Sentence:
        """The stage or end in one short word."""
        return SHORT_LABELS.get(self.state, self.get_state_display())  # type: ignore[attr-defined]

    @property
    def stage_badge(self) -> str:
        """Number and word of the stage for badges: P03 Quotation; an end has only its word."""
        return f"{self.state.upper()} {self.short_state}" if self.state in STAGES else str(self.short_state)

    @transition(source=PRESALE_STAGES, target=STAGES[:6])
    def submit_gate(self, *, by: Any, now: datetime, note: str = "") -> Outcome:
        """Put the gate of the present stage to its approver, or pass it when the submitter's authority reaches.

        Refused while a submission waits (409) and while any piece of typed evidence is missing, blank,
        unmeasured or reused (400, naming each and who can supply it).
        """
        return passage.submit(self, by=by, now=now, note=note)

    @transition(source=PRESALE_STAGES, target=STAGES[1:6])
    def approve_gate(self, *, by: Any, now: datetime, note: str = "") -> Outcome:
        """Let the project into its next stage. Refused for the submitter and below the needed level (403)."""
        return passage.approve(self, by=by, now=now, note=note)

    @transition(source=PRESALE_STAGES, target=None)
    def return_gate(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Send the submission back; the stage stays and its clock goes on."""
        return passage.send_back(self, by=by, now=now, reason=reason)

    @transition(source=PRESALE_STAGES, target=STAGES[1:6])
    def release_conditionally(
        self, *, by: Any, now: datetime, missing: str, due_on: date, reason: str
    ) -> Outcome:
        """Let the project pass with one named item missing, due within 10 working days."""
        return passage.release(self, by=by, now=now, missing=missing, due_on=due_on, reason=reason)

    @transition(source=PRESALE_STAGES, target=ProjectState.LOST)
    def lose(
        self,
        *,
        by: Any,
        now: datetime,
        loss_reason: str,
        competitor: str,
        price_gap: Decimal | None = None,
        reason: str = "",
    ) -> Outcome:
        """The order went elsewhere. Needs the reason code and who won it."""
        self.loss_reason, self.competitor, self.price_gap = loss_reason, competitor.strip(), price_gap
        if not self.competitor:
            raise RuleBroken(errors={"competitor": [_("Name the competitor who won, or write “unknown”.")]})
        return self._end(now, reason, {"loss_reason": loss_reason})

    @transition(source=PRESALE_STAGES, target=ProjectState.ABANDONED)
    def abandon(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """We stop pursuing the opportunity."""
        return self._end(now, reason, {})

    @transition(source=ORDER_STAGES, target=ProjectState.CANCELLED)
    def cancel(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """The order ends after its contract was signed; an executive's decision."""
        return self._end(now, reason, {})

    @transition(source=STAGES, target=ProjectState.SUSPENDED)
    def suspend(self, *, by: Any, now: datetime, review_on: date, reason: str) -> Outcome:
        """Rest the project until a review date, at most 90 days away; the stage is remembered."""
        today = timezone.localtime(now).date()
        if not today < review_on <= today + LONGEST_SUSPENSION:
            raise RuleBroken(errors={"review_on": [_("Choose a review date within the next 90 days.")]})
        self.suspended_stage, self.review_on, self.stage_alarm_at = self.state, review_on, None
        passage.rest(self, now=now)
        return Outcome(reason=reason, data={"review_on": review_on.isoformat()})

    @transition(source=ProjectState.SUSPENDED, target=STAGES)
    def resume(self, *, by: Any, now: datetime, reason: str = "") -> Outcome:
        """Go on in the stage the project was suspended in; its clock is as old as before."""
        stage, self.suspended_stage, self.review_on = self.suspended_stage, "", None
        self.stage_alarm_at = self.stage_due_at
        return Outcome(state=stage, reason=reason)

    def _end(self, now: datetime, reason: str, data: dict[str, Any]) -> Outcome:
        self.closed_at, self.stage_alarm_at = now, None
        passage.leave(self, now=now)
        passage.tell_customer(self, now=now, opened=False)
        return Outcome(reason=reason, data={**data, "amount": str(self.amount)})


class ProjectStage(Timestamped):
    """One stay of a project in a stage; `standard_days` are working days, kept as they were at the entry."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=4)
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    standard_days = models.PositiveSmallIntegerField(default=0)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["entered_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["project", "stage"], condition=Q(left_at__isnull=True), name="one_open_stage"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")),
                name="stage_left_after_entered",
            ),
        ]


class ProjectParty(Timestamped):
    """A company's part in a project. Exactly one party buys; it is the project's customer."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="parties")
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="project_parts", verbose_name=_("company")
    )
    role = models.CharField(_("part"), max_length=16, choices=PartyRole)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["project"], condition=Q(role="buyer"), name="one_buyer"),
            models.UniqueConstraint(
                fields=["project", "customer", "role"],
                name="one_party_per_role",
                violation_error_message=_("This company already has that part."),
            ),
        ]


class GateSubmission(Timestamped):
    """One attempt at a gate and its verdict; decided once, never rewritten.

    `level` is whose authority was needed. A conditional release names the missing item and its due instant.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="submissions")
    gate = models.CharField(max_length=4)
    attempt = models.PositiveSmallIntegerField(default=1)
    level = models.CharField(max_length=8)
    verdict = models.CharField(max_length=12, choices=Verdict, default=Verdict.WAITING)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    note = models.TextField(max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(max_length=2000, blank=True)
    missing = models.CharField(max_length=40, blank=True)
    missing_due_at = models.DateTimeField(null=True)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-submitted_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(verdict="waiting"), name="one_waiting_submission"
            ),
            models.UniqueConstraint(fields=["project", "gate", "attempt"], name="one_attempt_number"),
            models.CheckConstraint(
                condition=~Q(verdict="conditional") | ~Q(missing="") & Q(missing_due_at__isnull=False),
                name="condition_names_item_and_date",
            ),
        ]

    @property
    def gate_label(self) -> str:
        return gate_label(self.gate)

    @property
    def verdict_tone(self) -> str:
        return VERDICT_TONES[self.verdict]


class GateEvidence(Timestamped):
    """One typed piece of evidence for one item of a gate: a file, a structured record, or a measured value.

    `fingerprint` is the digest of the file's bytes or of the record's words; current evidence with the same
    fingerprint can exist only once in the company, so nobody proves two gates with one paper.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evidence")
    gate = models.CharField(max_length=4)
    item = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=EvidenceKind)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    provided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    provided_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["provided_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["project", "gate", "item"],
                condition=Q(replaced_at__isnull=True),
                name="one_current_evidence",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(replaced_at__isnull=True) & ~Q(fingerprint=""),
                name="evidence_used_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="file") | Q(file__isnull=False), name="file_evidence_has_file"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["fingerprint"], name="evidence_print")]

    def __str__(self) -> str:
        return f"{self.project} {self.gate} {self.item}"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()

    @property
    def gate_label(self) -> str:
        return gate_label(self.gate)

    @property
    def item_label(self) -> Sentence:
        """The reader's word for the item it proves."""
        return next((one.label for one in GATES[self.gate].evidence if one.code == self.item), self.item)

    @property
    def scope_parent(self) -> Project:
        return self.project

    audit_root = RootBy("project.customer")
