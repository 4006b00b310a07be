"""Who is asked about what, how the link reaches them, and how often strangers try links."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import public_tokens
from core.addresses import row_address
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Row, Versioned
from surveys import desk
from surveys.choices import INVITATION_TONES, ExcludeReason, InvitationState, SendChannel
from surveys.policy import LIFE_DAYS, reminder_at
from surveys.querysets import InvitationQuerySet

if TYPE_CHECKING:
    pass

S = InvitationState


class Invitation(Versioned):
    """One asking of one contact about one ticket; a second one only to ask again after a recovery.

    The link's word is derived from the row and `generation`, never stored; `token_digest` finds it. `owner` is the
    customer's project manager at the closing of the ticket.
    """

    ticket = models.ForeignKey(
        "service.Ticket", on_delete=models.PROTECT, related_name="invitations", verbose_name=_("ticket")
    )
    recovery = models.OneToOneField(
        "surveys.Recovery", null=True, on_delete=models.PROTECT, related_name="second_invitation"
    )
    questionnaire = models.ForeignKey(
        "surveys.Questionnaire", on_delete=models.PROTECT, related_name="invitations"
    )
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="invitations", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "crm.Contact",
        null=True,
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=_("contact"),
    )
    owner = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project manager"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=InvitationState, default=S.PLANNED, editable=False
    )
    channel = models.CharField(_("channel"), max_length=6, choices=SendChannel, blank=True)
    exclude_reason = models.CharField(_("reason"), max_length=16, choices=ExcludeReason, blank=True)
    generation = models.PositiveSmallIntegerField(default=1, editable=False)
    token_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    planned_at = models.DateTimeField(editable=False)
    send_at = models.DateTimeField(_("to be sent"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    expires_at = models.DateTimeField(_("valid until"))
    reminders = models.PositiveSmallIntegerField(default=0)
    next_reminder_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(recovery__isnull=True), name="one_invitation_per_ticket"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["branch", "-id"], name="invitation_branch"),
            models.Index(fields=["owner", "-id"], name="invitation_owner"),
            models.Index(fields=["customer", "-id"], name="invitation_customer"),
            models.Index(fields=["contact", "sent_at"], name="invitation_contact"),
            models.Index(fields=["send_at"], name="invitation_to_send", condition=models.Q(state=S.PLANNED)),
            models.Index(
                fields=["next_reminder_at"], name="invitation_remind", condition=models.Q(state=S.SENT)
            ),
            models.Index(
                fields=["expires_at"],
                name="invitation_expiry",
                condition=models.Q(state__in=[S.PLANNED, S.SENT]),
            ),
        ]

    def __str__(self) -> str:
        return self.ticket.code

    def get_absolute_url(self) -> str:
        return row_address("surveys:invitation_detail", self.pk)

    audit_root = RootBy("customer")

    @property
    def state_tone(self) -> str:
        return INVITATION_TONES[S(self.state)]

    @property
    def is_live(self) -> bool:
        """The link is out and may still be answered."""
        return self.state == S.SENT

    @property
    def token(self) -> str:
        """The word in the customer's link, made again whenever it is needed."""
        return public_tokens.make_token("survey", self.pk, self.generation)

    def is_open_at(self, now: datetime) -> bool:
        return self.state == S.SENT and now <= self.expires_at

    @transition(source=S.PLANNED, target=S.SENT, system=True)
    def send(self, *, by: Any, now: datetime, channel: str = SendChannel.LINK) -> Outcome:
        """Let the link out: by mail, or as link or QR code in somebody's hands. From now 14 days are left.

        Whoever may not be asked (contact limits, employees, open grave complaint) is refused.
        """
        desk.require_may_ask(self, now=now)
        self.channel, self.sent_at = channel, now
        self.expires_at = desk.end_of_life(now, LIFE_DAYS)
        self.token_digest = public_tokens.token_hash(self.token)
        if channel == SendChannel.MAIL:
            self.next_reminder_at = reminder_at(now, 0, desk.calendar())
            desk.mail(self, now=now, number=0)
        return Outcome(data={"channel": channel})

    @transition(source=S.SENT, target=S.ANSWERED, system=True)
    def answer(self, *, by: Any, now: datetime, language: str = "", **given: Any) -> Outcome:
        """Keep what the customer says, tell the customer's facts, open a recovery for a low score — all or nothing.

        `given` are values by question code, missing ones allowed. Refuses an answer without a single value, and
        one after the link has expired.
        """
        self.next_reminder_at = None
        response = desk.keep(self, given, by=by, now=now, language=language)
        return Outcome(data={"response": response.pk, "csat": response.csat, "low": response.low_reasons})

    @transition(source=(S.PLANNED, S.SENT), target=S.EXPIRED, system=True)
    def expire(self, *, by: Any, now: datetime) -> Outcome:
        """The link has outlived its 14 days; it answers nobody any more."""
        self.next_reminder_at = None
        return Outcome(data={"sent": self.sent_at is not None})

    @transition(source=(S.PLANNED, S.SENT), target=S.EXCLUDED, system=True)
    def exclude(
        self, *, by: Any, now: datetime, exclude_reason: str = ExcludeReason.BY_HAND, reason: str = ""
    ) -> Outcome:
        """Do not ask this contact about this ticket; the reason stays visible."""
        self.exclude_reason, self.next_reminder_at = exclude_reason, None
        return Outcome(reason=reason, data={"why": exclude_reason})


class PeerCount(Row):
    """How often one network address tried wrong links or sent answers in one hour; the address only as a keyed digest."""

    peer_digest = models.CharField(max_length=64)
    hour = models.DateTimeField()
    misses = models.PositiveIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["peer_digest", "hour"], name="one_count_per_peer_and_hour"),
        ]
