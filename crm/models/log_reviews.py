"""Looking at contact logs: a person's review of one log with finding and appeal, and the weekly draw that opens reviews."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.scoping import ScopeColumns
from core.addresses import row_address
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Timestamped, Versioned
from crm import log_review_desk as desk
from crm.authenticity import band_of
from crm.log_review_choices import (
    FINDING_TONES,
    STATE_TONES,
    UNDER_WAY,
    AppealResult,
    Finding,
    ReviewCause,
    ReviewEvidence,
    ReviewState,
)
from crm.log_review_querysets import LogDrawQuerySet, LogReviewQuerySet
from crm.models.activities import Activity

S = ReviewState
STRATA = (
    ("heaped", ReviewCause.SUSPICIOUS.label),
    ("suspicious", _("Suspicious")),
    ("check", _("To be checked")),
    ("trusted", pgettext_lazy("authenticity", "Trusted")),
)


class LogDraw(Timestamped):
    """One weekly draw, made once: of how many logs in each band how many were taken. `strata` is band → [of, drawn]."""

    week = models.CharField(_("week"), max_length=8, unique=True)
    drawn_at = models.DateTimeField(_("drawn"))
    share = models.FloatField(pgettext_lazy("log review", "share"))
    strata = models.JSONField(default=dict)

    objects = LogDrawQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch=None, department=None)

    class Meta:
        verbose_name = pgettext_lazy("log review", "weekly draw")
        verbose_name_plural = pgettext_lazy("log review", "weekly draws")

    def __str__(self) -> str:
        return self.week

    @property
    def lines(self) -> list[tuple[Any, list[int] | None]]:
        """Every stratum in words with [of, drawn], None where there was no such log."""
        return [(label, self.strata.get(code)) for code, label in STRATA]


class LogReview(Versioned):
    """A person looks at one log: the reviewer finds, the author may appeal, another person decides the appeal.

    `due_at` is the next day that counts: of the finding, of the appeal, of its answer. What nobody decides until
    `lapses_at` ends without a finding. `score` is the log's when the review was opened. `first_finding` is kept when an
    appeal changes it. One review of a log is open at a time.
    """

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("contact log")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    cause = models.CharField(
        pgettext_lazy("log review", "looked at because"), max_length=10, choices=ReviewCause, editable=False
    )
    note = models.CharField(_("what is to be looked at"), max_length=500, blank=True)
    draw = models.ForeignKey(
        LogDraw, null=True, on_delete=models.PROTECT, related_name="reviews", editable=False
    )
    score = models.PositiveSmallIntegerField(_("authenticity"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=S, default=S.OPEN, editable=False)
    opened_at = models.DateTimeField(_("opened"), editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    due_at = models.DateTimeField(_("due"), editable=False)
    lapses_at = models.DateTimeField(editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reviewer"),
        editable=False,
    )
    finding = models.CharField(
        pgettext_lazy("log review", "finding"), max_length=10, choices=Finding, blank=True
    )
    first_finding = models.CharField(max_length=10, choices=Finding, blank=True, editable=False)
    evidence = ArrayField(
        models.CharField(max_length=8, choices=ReviewEvidence), default=list, verbose_name=_("it rests on")
    )
    words = models.CharField(pgettext_lazy("log review", "reasons"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    appealed_at = models.DateTimeField(null=True, editable=False)
    appeal_words = models.CharField(_("what the author says"), max_length=2000, blank=True)
    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decides the appeal"),
        editable=False,
    )
    appeal_result = models.CharField(max_length=7, choices=AppealResult, blank=True, editable=False)
    appeal_answer = models.CharField(_("answer to the appeal"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = LogReviewQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(
        owner="author", branch="activity__customer__branch", department="author__unit"
    )

    class Meta:
        verbose_name = _("log review")
        verbose_name_plural = _("log reviews")
        indexes = [
            models.Index(fields=["due_at", "id"], name="logreview_due"),
            models.Index(fields=["score", "id"], name="logreview_score"),
            models.Index(fields=["author", "-id"], name="logreview_author"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"],
                condition=Q(state__in=[state.value for state in UNDER_WAY]),
                name="one_open_review_per_log",
                violation_error_message=_("This log is under review already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "lapsed"], closed_at__isnull=False)
                | ~Q(state__in=["closed", "lapsed"]) & Q(closed_at__isnull=True),
                name="logreview_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "appealed", "closed"])
                | ~Q(finding="") & ~Q(words="") & Q(decided_by__isnull=False),
                name="logreview_finding_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return desk.name_of(self.activity)

    audit_root = RootBy("activity.customer")

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come."""
        return self.state in UNDER_WAY

    @property
    def band(self) -> str:
        """trusted, check or suspicious, when the review was opened."""
        return band_of(self.score)

    @property
    def tone(self) -> str:
        """The tone of its state's badge."""
        return STATE_TONES[S(self.state)]

    @property
    def finding_tone(self) -> str:
        """The tone of its finding's badge."""
        return FINDING_TONES[Finding(self.finding)] if self.finding else ""

    @property
    def evidence_words(self) -> list[Any]:
        """What the finding rests on, in words."""
        return [ReviewEvidence(code).label for code in self.evidence]

    def is_overdue_at(self, now: datetime) -> bool:
        """Whether a finding or an answer to an appeal is late."""
        return self.state in (S.OPEN, S.ASSIGNED, S.APPEALED) and self.due_at < now

    def get_absolute_url(self) -> str:
        return row_address("crm:logreview_detail", self.pk)

    @transition(source=S.ASSIGNED, target=[S.DECIDED, S.CLOSED])
    def decide(
        self, *, by: Any, now: datetime, finding: str, words: str, evidence: Sequence[str] = ()
    ) -> Outcome:
        """Say what was found, on what it rests and why. A genuine log is closed, any other finding may be appealed.

        Refuses a finding without reasons, anything but genuine without evidence, and falsified without the customer's word,
        papers or the author's admission.
        """
        desk.refuse_thin_finding(finding, evidence, words)
        self.finding, self.evidence, self.words = finding, list(evidence), words.strip()
        self.decided_by, self.decided_at = by, now
        state = desk.after_finding(self, now)
        return Outcome(state=state, data={"finding": finding, "evidence": list(evidence)})

    @transition(source=[S.OPEN, S.ASSIGNED], target=S.ASSIGNED)
    def take(self, *, by: Any, now: datetime) -> Outcome:
        """Look at this log oneself, in the place of whoever has it."""
        return desk.give_to(self, by, now=now)

    @transition(source=[S.OPEN, S.ASSIGNED], target=S.ASSIGNED, system=True)
    def assign(self, *, by: Any, now: datetime, reviewer: Any, reason: str = "") -> Outcome:
        """Give the review to a colleague of the desk; by itself it goes to who has the fewest.

        Refuses the present reviewer, somebody without the right, the author and whoever is close to the author.
        """
        desk.refuse_present_reviewer(self, reviewer)
        desk.refuse_unfit(self, reviewer)
        return desk.give_to(self, reviewer, now=now, reason=reason, tell=by is not None)

    @transition(source=S.DECIDED, target=S.APPEALED)
    def appeal(self, *, by: Any, now: datetime, words: str) -> Outcome:
        """The author says why the finding is wrong; somebody else decides. Refuses an appeal without reasons or too late."""
        desk.refuse_late_appeal(self, now)
        desk.refuse_few_words("words", words)
        self.appeal_words, self.appealed_at = words.strip(), now
        return desk.ask_judge(self, now)

    @transition(source=S.DECIDED, target=S.CLOSED)
    def accept(self, *, by: Any, now: datetime) -> Outcome:
        """The author agrees with the finding; it is final."""
        desk.settle(self, now)
        return Outcome(data={"finding": self.finding})

    @transition(source=S.APPEALED, target=S.CLOSED)
    def decide_appeal(self, *, by: Any, now: datetime, finding: str, words: str) -> Outcome:
        """Uphold the finding or put a milder one in its place, with reasons; an appeal never makes it worse."""
        desk.refuse_harder_finding(self, finding)
        desk.refuse_few_words("words", words)
        upheld = finding == self.finding
        self.first_finding, self.finding = self.finding, finding
        self.appeal_result = AppealResult.UPHELD if upheld else AppealResult.CHANGED
        self.appeal_answer, self.judge, self.answered_at = words.strip(), by, now
        desk.settle(self, now, tell=True)
        return Outcome(data={"finding": finding, "upheld": upheld})

    @transition(source=S.DECIDED, target=S.CLOSED, system=True)
    def close(self, *, by: Any, now: datetime) -> Outcome:
        """The time for an appeal is over: the finding is final."""
        desk.settle(self, now)
        return Outcome(data={"finding": self.finding})

    @transition(source=[S.OPEN, S.ASSIGNED, S.APPEALED], target=S.LAPSED, system=True)
    def lapse(self, *, by: Any, now: datetime) -> Outcome:
        """Nobody decided in time: the review ends without a finding, to the author's good."""
        desk.let_lapse(self, now)
        return Outcome(data={"finding": self.finding})
