"""Handing customers from one project manager to another: the handover, its customers, the lines of its dossier."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.errors import RuleBroken
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned
from crm import handover_desk as desk
from crm.handover_choices import (
    STATE_TONES,
    UNDER_WAY,
    WRITTEN,
    HandoverState,
    HandoverTrigger,
    InformedVia,
    ItemKind,
)
from crm.handover_querysets import HandoverEntryQuerySet, HandoverItemQuerySet, HandoverQuerySet
from crm.handover_rules import completeness
from crm.models.customers import Customer

S = HandoverState


class Handover(Versioned):
    """Customers of one project manager (`owner`) on their way to another (`receiver`), with a dossier and three signatures.

    `items_total` and `items_done` count its lines. `late_told` is the last lateness told (days, -1 none).
    Ownership changes in `complete` and nowhere before; who wrote and signed what in the past never changes.
    """

    code = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hands over")
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("receives"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    trigger = models.CharField(_("why"), max_length=16, choices=HandoverTrigger)
    urgent = models.BooleanField(_("urgent"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=18, choices=S, default=S.DRAFT, editable=False)
    due_at = models.DateTimeField(_("due"), editable=False)
    initiated_at = models.DateTimeField(null=True, editable=False)
    items_total = models.PositiveIntegerField(default=0, editable=False)
    items_done = models.PositiveIntegerField(default=0, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    refusal = models.CharField(_("gaps"), max_length=500, blank=True, editable=False)
    owner_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    owner_signed_at = models.DateTimeField(null=True, editable=False)
    receiver_signed_at = models.DateTimeField(null=True, editable=False)
    informed_via = models.CharField(
        _("how informed"), max_length=8, choices=InformedVia, blank=True, editable=False
    )
    informed_on = models.DateField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    check_due_at = models.DateTimeField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    check_ok = models.BooleanField(null=True, editable=False)
    late_told = models.SmallIntegerField(default=-1, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["branch", "-id"], name="handover_branch"),
            models.Index(fields=["owner", "-id"], name="handover_owner"),
            models.Index(
                fields=["due_at", "id"], name="handover_due", condition=~Q(state__in=["done", "cancelled"])
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(receiver__isnull=True) | ~Q(receiver=models.F("owner")),
                name="handover_between_two",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(receiver__isnull=False),
                name="handover_has_receiver",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("crm:handover_detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        return STATE_TONES[HandoverState(self.state)]

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_fillable(self) -> bool:
        """Whether lines of the dossier may still be written."""
        return self.state in (
            S.DOSSIER_GENERATED,
            S.RECEIVER_REVIEW,
            S.GAPS_FIXED,
            S.CUSTOMER_INFORMED,
            S.BM_APPROVED,
        )

    @property
    def percent(self) -> float:
        """How complete the dossier is."""
        return completeness(self.items_done, self.items_total)

    def is_overdue_at(self, now: datetime) -> bool:
        return self.is_under_way and self.due_at < now

    @transition(source=S.DRAFT, target=S.INITIATED)
    def initiate(self, *, by: Any, now: datetime, receiver: Any) -> Outcome:
        """Name who receives the customers; the clock starts. Refuses a receiver outside the branch, inactive, or the same person."""
        desk.check_receiver(self, receiver)
        self.receiver = receiver
        self.initiated_at = now
        self.due_at = desk.due_time(self, now)
        desk.let_read(self, by=by, now=now)
        desk.ask_next(self, S.INITIATED, now)
        return Outcome(data={"receiver": receiver.pk, "customers": self.entries.count()})  # type: ignore[attr-defined]

    @transition(source=S.INITIATED, target=S.DOSSIER_GENERATED, system=True)
    def generate_dossier(self, *, by: Any, now: datetime) -> Outcome:
        """List everything every app knows to be open at these customers; one line each."""
        desk.gather(self, now)
        desk.count_items(self)
        desk.ask_next(self, S.DOSSIER_GENERATED, now)
        return Outcome(data={"items": self.items_total, "done": self.items_done})

    @transition(source=S.DOSSIER_GENERATED, target=S.RECEIVER_REVIEW)
    def fill_gaps(self, *, by: Any, now: datetime) -> Outcome:
        """The one who leaves signs the dossier and passes it to the receiver.

        Refuses while the promises of a customer are neither written down nor ticked as none, and after a refusal
        while a listed gap is open.
        """
        desk.refuse_silent_promises(self)
        open_gaps = self.items.missing().filter(has_gap=True).count()  # type: ignore[attr-defined]
        if open_gaps:
            raise RuleBroken(
                _("%(n)s gaps the receiver listed are still open.") % {"n": open_gaps}, code="gaps_open"
            )
        self.owner_signed_by, self.owner_signed_at = by, now
        desk.ask_next(self, S.RECEIVER_REVIEW, now)
        return Outcome(data={"items": self.items_total, "done": self.items_done})

    @transition(source=S.RECEIVER_REVIEW, target=S.DOSSIER_GENERATED)
    def refuse(self, *, by: Any, now: datetime, items: Any, reason: str) -> Outcome:
        """The receiver sends the dossier back, once, with the lines that lack something."""
        if self.refused_at is not None:
            raise RuleBroken(
                _("A dossier is refused once; talk to the branch manager about what still lacks."),
                code="refused_before",
            )
        marked = desk.mark_gaps(self, items)
        desk.count_items(self)
        self.refused_at, self.refusal = now, reason
        self.owner_signed_by = self.owner_signed_at = None
        desk.ask_next(self, S.DOSSIER_GENERATED, now)
        return Outcome(data={"gaps": marked})

    @transition(source=S.RECEIVER_REVIEW, target=S.GAPS_FIXED)
    def accept(self, *, by: Any, now: datetime) -> Outcome:
        """The receiver signs: nothing lacks that cannot be asked on the way."""
        self.receiver_signed_at = now
        desk.ask_next(self, S.GAPS_FIXED, now)
        return Outcome()

    @transition(source=S.GAPS_FIXED, target=S.CUSTOMER_INFORMED)
    def inform_customer(self, *, by: Any, now: datetime, informed_via: str, informed_on: date) -> Outcome:
        """The customers have been told who looks after them. Refuses a day to come."""
        desk.refuse_future("informed_on", informed_on, now)
        self.informed_via, self.informed_on = informed_via, informed_on
        desk.ask_next(self, S.CUSTOMER_INFORMED, now)
        return Outcome(data={"via": informed_via, "on": informed_on.isoformat()})

    @transition(source=S.CUSTOMER_INFORMED, target=S.BM_APPROVED)
    def approve(self, *, by: Any, now: datetime) -> Outcome:
        """The manager signs. Refuses an incomplete dossier; see `desk.refuse_incomplete`."""
        desk.refuse_incomplete(self, now)
        self.approved_by, self.approved_at = by, now
        desk.ask_next(self, S.BM_APPROVED, now)
        return Outcome(data={"percent": int(self.percent)})

    @transition(source=S.BM_APPROVED, target=S.DONE)
    def complete(self, *, by: Any, now: datetime) -> Outcome:
        """Give the customers and their open work to the receiver; the old owner keeps reading for 30 days, a leaver not.

        Refuses while a joint visit that must take place has not, or the dossier fell below the limit.
        """
        desk.refuse_incomplete(self, now)
        desk.refuse_missing_visits(self)
        moved = desk.take_over(self, by=by, now=now)
        self.completed_at = now
        self.check_due_at = desk.check_time(now)
        desk.ask_next(self, S.DONE, now)
        return Outcome(data={"customers": moved})

    @transition(source=UNDER_WAY, target=S.CANCELLED)
    def cancel(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """Call the handover off; the customers stay where they are."""
        desk.close_entries(self, now)
        desk.stop_reading(self, by=by, now=now)
        desk.ask_next(self, S.CANCELLED, now)
        return Outcome(reason=reason)

    @transition(source=S.DONE, target=None)
    def review(self, *, by: Any, now: datetime, check_ok: bool, reason: str = "") -> Outcome:
        """Thirty days later: does the receiver know the customers, were the promises kept? Once."""
        if self.checked_at is not None:
            raise RuleBroken(_("This handover was checked already."), code="checked_before")
        if not check_ok and not reason.strip():
            raise RuleBroken(errors={"reason": [_("Say what is not in order.")]})
        self.checked_at, self.check_ok = now, check_ok
        desk.close_check(self, now)
        return Outcome(reason=reason, data={"ok": check_ok})


class HandoverEntry(Versioned):
    """A customer in a handover; in one at a time. `proposed` is who should receive it while the handover is a draft."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="entries")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="handover_entries")
    proposed = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    visit_required = models.BooleanField(_("joint visit required"), default=False)
    closed_at = models.DateTimeField(null=True)

    objects = HandoverEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer in a handover")
        verbose_name_plural = _("customers in handovers")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["handover", "customer"], name="handover_customer_once"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(closed_at__isnull=True), name="one_open_handover"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover} · {self.customer}"


class HandoverItem(Versioned):
    """A line of the dossier: something the newcomer must know, with the row behind it or the words of the old owner.

    Complete once `done_at` is set: by the system when the record says it all, else by the old owner. `nothing`
    means "none". `has_gap` marks what the receiver found lacking. `happened_on` is the day of a joint visit.
    """

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20)
    kind = models.CharField(_("line"), max_length=12, choices=ItemKind)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    count = models.PositiveIntegerField(default=1)
    note = models.TextField(_("words"), max_length=1000, blank=True)
    nothing = models.BooleanField(_("none"), default=False)
    happened_on = models.DateField(_("on"), null=True, blank=True)
    has_gap = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a dossier")
        verbose_name_plural = _("lines of a dossier")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["handover", "customer", "kind", "object_kind", "object_id"],
                name="one_line_per_subject",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def scope_parent(self) -> Handover:
        return self.handover

    audit_root = RootBy("customer")

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def is_written(self) -> bool:
        """Whether it asks for words (or "none")."""
        return self.kind in WRITTEN

    def get_absolute_url(self) -> str:
        return self.handover.get_absolute_url()
