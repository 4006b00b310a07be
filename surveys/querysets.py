"""Which rows of surveys a user sees, and the adjectives lists and sweeps speak in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from accounts.scoping import scope_rows
from surveys.choices import OPEN_RECOVERIES, InvitationState, QuestionnaireState, RecoveryState, SendChannel


class QuestionnaireQuerySet(models.QuerySet[Any]):
    """Questionnaires belong to the whole company: whoever may see them sees all."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "surveys.view_questionnaire", owner=None, branch=None, department=None)

    def in_use(self, template: str) -> Self:
        """The edition that is sent out."""
        return self.filter(template=template, state=QuestionnaireState.PUBLISHED)

    def for_list(self) -> Self:
        return self.annotate(answers=models.Count("responses")).fetch_mode(models.FETCH_RAISE)


class QuestionQuerySet(models.QuerySet[Any]):
    """Questions are seen with their questionnaire."""

    def visible_to(self, user: Any) -> Self:
        from surveys.models import Questionnaire

        if user is None:
            return self
        return self.filter(questionnaire__in=Questionnaire.objects.visible_to(user))


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "surveys.view_invitation")

    def to_send(self, now: datetime) -> Self:
        """Due, about a ticket that is still closed, and with an address to send to."""
        return self.filter(
            state=InvitationState.PLANNED,
            send_at__lte=now,
            expires_at__gt=now,
            ticket__state="closed",
            channel=SendChannel.MAIL,
        )

    def to_hand_over(self) -> Self:
        """Nobody can be written to: the service desk hands the link over."""
        return self.filter(state=InvitationState.PLANNED, channel=SendChannel.LINK)

    def to_remind(self, now: datetime) -> Self:
        """Sent by mail, not answered, the next reminder is due."""
        return self.filter(state=InvitationState.SENT, next_reminder_at__lte=now, expires_at__gt=now)

    def outlived(self, now: datetime) -> Self:
        """The last day has passed."""
        return self.filter(state__in=[InvitationState.PLANNED, InvitationState.SENT], expires_at__lte=now)

    def went_out(self) -> Self:
        """A link was really sent or handed over: the base of the response rate."""
        return self.filter(sent_at__isnull=False).exclude(state=InvitationState.EXCLUDED)

    def for_list(self) -> Self:
        return self.select_related("ticket", "customer", "contact", "owner", "branch").fetch_mode(
            models.FETCH_RAISE
        )

    def for_detail(self) -> Self:
        return self.select_related("ticket", "customer", "contact", "owner", "branch", "questionnaire")


class ResponseQuerySet(models.QuerySet[Any]):
    """Answers of customers, with names: identified answers of the matrix."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "surveys.view_response")

    def counted_for(self, user: Any) -> Self:
        """The rows whose sums, not names, the user may see."""
        return scope_rows(self, user, "surveys.view_aggregate")

    def low(self) -> Self:
        return self.exclude(low_reasons=[])

    def for_list(self) -> Self:
        return self.select_related(
            "ticket", "customer", "engineer", "owner", "branch", "recovery"
        ).fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        return self.select_related(
            "ticket", "customer", "contact", "engineer", "owner", "branch", "questionnaire", "entered_by"
        )


class AnswerQuerySet(models.QuerySet[Any]):
    """Single values are seen with their response."""

    def visible_to(self, user: Any) -> Self:
        from surveys.models import Response

        if user is None:
            return self
        return self.filter(response__in=Response.objects.visible_to(user))


class RecoveryQuerySet(models.QuerySet[Any]):
    """Recoveries."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "surveys.view_recovery")

    def open(self) -> Self:
        return self.filter(state__in=OPEN_RECOVERIES)

    def uncalled(self, now: datetime) -> Self:
        """The customer should have been called by now."""
        return self.filter(state=RecoveryState.OPEN, due_at__lt=now)

    def to_reask(self, now: datetime) -> Self:
        """Closed 14 days ago and not asked again yet."""
        from surveys.models import Invitation

        asked = Invitation.objects.filter(recovery=OuterRef("pk"))
        return self.filter(state=RecoveryState.CLOSED, reask_at__lte=now).exclude(Exists(asked))

    def for_list(self) -> Self:
        return self.select_related("response__ticket", "customer", "owner", "branch", "complaint").fetch_mode(
            models.FETCH_RAISE
        )

    def for_detail(self) -> Self:
        return self.select_related(
            "response__ticket", "response__engineer", "response__contact", "customer", "owner", "branch",
            "complaint",
        )  # fmt: skip
