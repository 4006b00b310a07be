"""What was said and what comes next: activities (跟进), follow-ups and the reminders they cause."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccessSource
from accounts.scoping import ScopeColumns, grant_access
from core.addresses import row_address
from core.errors import RuleBroken
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Timestamped, Versioned
from core.notify import notify
from core.tasks_list import close_tasks, hand_over_tasks, open_task
from crm.authenticity import BELIEVABLE, band_of
from crm.care_words import care_words
from crm.choices import (
    CARE_KINDS,
    ActivityOutcome,
    ActivityType,
    Direction,
    EnteredVia,
    FollowUpKind,
    FollowUpState,
)
from crm.models.customers import Contact, Customer, refresh_next_follow
from crm.planning import MAX_SNOOZE, NOTHING_REMINDED, reminded_at_planning
from crm.querysets import ActivityQuerySet, FollowUpQuerySet

FOLLOW_UP_TASK = "crm.followup"
HANDED_OVER_SEES_FOR = 30  # days after the due date


class Activity(Versioned):
    """One contact with a customer: who, by which channel, what came of it, and what was agreed next.

    `link_kind`/`link_id` point at the project or ticket it was about. `verified` means believable (score ≥ 60)
    and two-way: somebody on the other side took part. `entered_at` is when it was written down (None: when the row was made).
    `score` and `signals` say how far it can be believed (`crm.authenticity`); None where nobody judged: imported history.
    The author may correct the words for 24 hours.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="activities", verbose_name=_("customer")
    )
    contacts = models.ManyToManyField(
        Contact, blank=True, related_name="activities", verbose_name=_("contacts")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    type = models.CharField(_("channel"), max_length=12, choices=ActivityType)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction, default=Direction.OUT)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ActivityOutcome)
    occurred_at = models.DateTimeField(_("when"))
    duration_minutes = models.PositiveSmallIntegerField(_("how long (minutes)"), null=True, blank=True)
    summary = models.TextField(_("what was said"), max_length=5000)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_at = models.DateTimeField(_("next date"), null=True, blank=True)
    link_kind = models.CharField(max_length=60, blank=True)
    link_id = models.BigIntegerField(null=True, blank=True)
    late_reason = models.CharField(_("why late, or at an odd hour"), max_length=200, blank=True)
    verified = models.BooleanField(_("two-way"), default=False, editable=False)
    score = models.PositiveSmallIntegerField(_("authenticity"), null=True, editable=False)
    signals = models.JSONField(default=list, blank=True, editable=False)
    score_version = models.CharField(max_length=20, blank=True, editable=False)
    entered_at = models.DateTimeField(_("written at"), null=True, editable=False)
    entered_via = models.CharField(max_length=6, choices=EnteredVia, default=EnteredVia.WEB, editable=False)
    author_text = models.CharField(_("author as imported"), max_length=60, blank=True, editable=False)
    import_batch = models.ForeignKey(
        "crm.ImportBatch", null=True, on_delete=models.SET_NULL, related_name="activities", editable=False
    )
    form_open_ms = models.PositiveIntegerField(null=True, blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    scope_columns = ScopeColumns(owner="author", branch="customer__branch", department=None)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="activity_customer_at"),
            models.Index(fields=["author", "-occurred_at", "-id"], name="activity_author_at"),
            models.Index(fields=["-occurred_at", "-id"], name="activity_at"),
            models.Index(
                fields=["entered_at", "id"], name="activity_judged", condition=Q(score__isnull=False)
            ),
            models.Index(
                fields=["-occurred_at", "-id"], name="activity_doubted", condition=Q(score__lt=BELIEVABLE)
            ),
        ]

    def __str__(self) -> str:
        return self.summary if len(self.summary) <= 120 else f"{self.summary[:119]}…"

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    def get_absolute_url(self) -> str:
        return row_address("crm:activity_detail", self.pk)

    @property
    def band(self) -> str:
        """trusted, check or suspicious; empty where nobody judged."""
        return "" if self.score is None else band_of(self.score)


class FollowUp(Versioned):
    """A promised next step with a day; reminders hang on it, not on the activity that planned it.

    What the calendar asks for (`kind`, `occasion` such as "spring_festival:2027") has no words of its own: they are
    said in the reader's language. There is one open care contact per customer and one follow-up per occasion.
    `reminded_up_to` is the last reminder level reached for this due date (0 on the day, then 1, 3 and 7 days
    late; -1 none yet); rescheduling starts again.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("customer")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    kind = models.CharField(
        _("sort"), max_length=11, choices=FollowUpKind, default=FollowUpKind.STEP, editable=False
    )
    text = models.CharField(_("next step"), max_length=200, blank=True)
    occasion = models.CharField(max_length=40, blank=True, editable=False)
    site = models.ForeignKey(
        "crm.Site",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("place"),
    )
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(
        _("state"), max_length=10, choices=FollowUpState, default=FollowUpState.OPEN, editable=False
    )
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="planned", editable=False
    )
    closed_by_activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="settled", editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    reminded_up_to = models.SmallIntegerField(default=NOTHING_REMINDED, editable=False)
    snoozes = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = FollowUpQuerySet.as_manager()

    scope_columns = ScopeColumns(owner="owner", branch="customer__branch", department=None)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [
            models.Index(
                fields=["owner", "due_at", "id"], name="followup_owner_due", condition=Q(state="open")
            ),
            models.Index(fields=["customer", "due_at"], name="followup_customer"),
            models.Index(fields=["due_at", "id"], name="followup_due"),
            models.Index(fields=["due_at", "id"], name="followup_open_due", condition=Q(state="open")),
            models.Index(
                fields=["due_at"], name="followup_reminder", condition=Q(state="open", reminded_up_to__lt=7)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False),
                name="followup_closed_has_time",
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="open", kind="care"), name="one_open_care_contact"
            ),
            models.UniqueConstraint(
                fields=["customer", "occasion"], condition=~Q(occasion=""), name="one_follow_up_per_occasion"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CARE_KINDS) | ~Q(text=""), name="followup_says_what_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer.called}: {self.words}"

    @property
    def words(self) -> str:
        """What is to be done: as typed, or what the calendar asks for in the reader's language."""
        return self.text or care_words(self.kind, self.occasion)

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    @property
    def is_open(self) -> bool:
        return self.state == FollowUpState.OPEN

    def is_overdue_at(self, now: datetime) -> bool:
        """Open and past its due time."""
        return self.is_open and self.due_at < now

    def get_absolute_url(self) -> str:
        return row_address("crm:followup_detail", self.pk)

    def put_on_list(self) -> None:
        """Show the follow-up on its owner's day, or move the line it has there."""
        open_task(FOLLOW_UP_TASK, self, self.owner, due_at=self.due_at)

    def _close(self, now: datetime) -> None:
        self.closed_at = now
        close_tasks(self, now=now)

    def _move_next_step(self, also: datetime | None = None) -> None:
        """The customer's next step moves with this one; a customer nobody has read stays unread."""
        day = refresh_next_follow(self.customer_id, leaving_out=self.pk, also=also)
        if type(self).customer.is_cached(self):  # type: ignore[attr-defined]
            self.customer.next_follow_at = day

    @transition(source=FollowUpState.OPEN, target=FollowUpState.DONE)
    def complete(self, *, by: Any, now: datetime, activity: Activity | None = None) -> Outcome:
        """Settle the follow-up; `activity` is the log that shows it was done."""
        self.closed_by_activity = activity
        self._close(now)
        self._move_next_step()
        return Outcome(
            data={"activity": activity.pk if activity else None, "due_at": self.due_at.isoformat()}
        )

    @transition(source=FollowUpState.OPEN, target=FollowUpState.OPEN)
    def snooze(self, *, by: Any, now: datetime, due_at: datetime, reason: str) -> Outcome:
        """Move the follow-up to a later day, with a reason; reminders start again for the new day.

        Refuses a day that is not after now or lies more than half a year ahead.
        """
        if not now < due_at <= now + timedelta(days=MAX_SNOOZE):
            raise RuleBroken(
                errors={"due_at": [_("Choose a day from tomorrow on, at most half a year ahead.")]}
            )
        before, self.due_at = self.due_at, due_at
        self.snoozes += 1
        self.reminded_up_to = reminded_at_planning(due_at, now)
        self.put_on_list()
        self._move_next_step(due_at)
        return Outcome(reason=reason, data={"from": before.isoformat(), "to": due_at.isoformat()})

    @transition(source=FollowUpState.OPEN, target=FollowUpState.OPEN)
    def reschedule(self, *, by: Any, now: datetime, due_at: datetime, reason: str = "") -> Outcome:
        """Move the follow-up on the calendar to another day; a reason is owed only when it is overdue.

        Refuses a day that has passed or lies more than half a year ahead.
        """
        if not now < due_at <= now + timedelta(days=MAX_SNOOZE):
            raise RuleBroken(errors={"due_at": [_("Choose a day from today on, at most half a year ahead.")]})
        if self.is_overdue_at(now) and not reason.strip():
            raise RuleBroken(errors={"reason": [_("It is overdue: say why it moves.")]})
        before, self.due_at = self.due_at, due_at
        self.reminded_up_to = reminded_at_planning(due_at, now)
        self.put_on_list()
        self._move_next_step(due_at)
        return Outcome(reason=reason, data={"from": before.isoformat(), "to": due_at.isoformat()})

    @transition(source=FollowUpState.OPEN, target=FollowUpState.OPEN)
    def nudge(self, *, by: Any, now: datetime, note: str = "") -> Outcome:
        """催办: the manager asks the owner about an overdue follow-up, at most once a day.

        Refuses one that is not overdue, and one's own.
        """
        if not self.is_overdue_at(now):
            raise RuleBroken(_("It is not overdue: there is nothing to urge."))
        if by == self.owner:
            raise RuleBroken(_("It is your own follow-up."))
        key = f"nudge:{self.pk}:{timezone.localdate(now)}"
        notify([self.owner], "crm.followup_nudged", self, now=now, dedupe_key=key, data={"by": by.pk})
        return Outcome(reason=note)

    @transition(source=FollowUpState.OPEN, target=FollowUpState.OPEN)
    def hand_over(self, *, by: Any, now: datetime, to: Any, reason: str) -> Outcome:
        """Give this one follow-up to a colleague of the branch, who then also sees the customer.

        The customer keeps its owner. Refuses people of other branches, inactive ones and the present owner.
        """
        if to == self.owner:
            raise RuleBroken(errors={"to": [_("This person has the follow-up already.")]})
        if not to.is_active or to.branch != self.customer.branch:
            raise RuleBroken(errors={"to": [_("Choose an active colleague of the customer's branch.")]})
        before, self.owner = self.owner, to
        hand_over_tasks(self, to=to, now=now)
        if self.customer.owner_id != to.pk:
            until = max(self.due_at, now) + timedelta(days=HANDED_OVER_SEES_FOR)
            grant_access(self.customer, user=to, source=AccessSource.ASSIGNEE, by=by, now=now, until=until)
        key = f"fu-handed:{self.pk}:{self.version}"
        notify([to], "crm.followup_handed_over", self, now=now, dedupe_key=key)
        return Outcome(reason=reason, data={"from": before.pk, "to": to.pk})

    @transition(source=FollowUpState.OPEN, target=FollowUpState.CANCELLED)
    def cancel(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Give the follow-up up, with a reason."""
        self._close(now)
        self._move_next_step()
        return Outcome(reason=reason)


class FollowUpReminder(Timestamped):
    """One reminder level reached: unique per follow-up, due date, level and recipient, so none is sent twice.

    `level_at` is the instant the level was due, even when a downtime made it late. `mailed_at` marks that the
    recipient's mail carried it; one mail carries all that wait for that person.
    """

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    offset_days = models.PositiveSmallIntegerField()
    level_at = models.DateTimeField()
    reached_at = models.DateTimeField()
    mail_wanted = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "due_on", "offset_days", "recipient"], name="one_reminder_per_level"
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient"],
                name="reminder_unmailed",
                condition=Q(mail_wanted=True, mailed_at__isnull=True),
            )
        ]
