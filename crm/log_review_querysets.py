"""Which reviews of contact logs a person sees, and the adjectives pages and figures ask by."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from accounts.querysets import without_private
from accounts.scoping import scope_rows
from crm.log_review_choices import UNDECIDED, UNDER_WAY, Finding, ReviewState


class LogReviewQuerySet(models.QuerySet[Any]):
    """Reviews: authors see those of their own logs, managers those of their branch, the desk all."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(activity__customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_logreview")

    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)

    def undecided(self) -> Self:
        """Waiting for a first finding."""
        return self.filter(state__in=UNDECIDED)

    def appealed(self) -> Self:
        return self.filter(state=ReviewState.APPEALED)

    def overdue(self, now: datetime) -> Self:
        """Whose finding, or whose answer to the appeal, is late."""
        return self.filter(state__in=(*UNDECIDED, ReviewState.APPEALED), due_at__lt=now)

    def final(self) -> Self:
        """With a finding that can no longer change."""
        return self.filter(state=ReviewState.CLOSED)

    def falsified(self) -> Self:
        """Logs found to be falsified by a person, after the time for an appeal or after the appeal: what figures may use."""
        return self.final().filter(finding=Finding.FALSIFIED)

    def in_hands_of(self, user: Any) -> Self:
        """What waits for this person: reviews to decide and appeals to answer."""
        mine = models.Q(state=ReviewState.ASSIGNED, reviewer=user)
        return self.filter(mine | models.Q(state=ReviewState.APPEALED, judge=user))

    def for_list(self) -> Self:
        return (
            self.select_related("activity__customer", "author", "reviewer", "judge")
            .defer("activity__customer__search_terms", *without_private("author", "reviewer", "judge"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related(
            *("activity__customer__owner", "activity__customer__branch", "activity__author"),
            *("author__unit", "reviewer", "judge", "opened_by", "decided_by"),
        )


class LogDrawQuerySet(models.QuerySet[Any]):
    """The weekly draws; read by the desk, executives and audit."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_logdraw")
