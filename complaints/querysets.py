"""Which cases a user sees, and the adjectives lists, the desk and the ladder speak in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef

from accounts.scoping import scope_rows
from complaints.choices import OPEN_STATES


class ComplaintQuerySet(models.QuerySet[Any]):
    """Cases. The complainant's identity is another question: `complaints.view_identity_complaint`."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "complaints.view_complaint")

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def for_list(self) -> Self:
        return self.select_related(
            "customer", "lead_department", "handler", "supervisor", "owner", "branch"
        ).fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        return self.select_related(
            "customer", "lead_department", "handler", "supervisor", "owner", "branch", "ticket", "project"
        )

    def overdue(self, now: datetime) -> Self:
        """Some running clock is past its due time."""
        from complaints.models import ComplaintClock

        late = ComplaintClock.objects.running().filter(complaint=OuterRef("pk"), due_at__lt=now)
        return self.open().filter(Exists(late))

    def with_next_due(self) -> Self:
        """The earliest due time of the running clocks as `next_due_at`."""
        from complaints.models import ComplaintClock

        first = ComplaintClock.objects.running().filter(complaint=OuterRef("pk")).order_by("due_at")
        return self.annotate(
            next_due_at=models.Subquery(first.values("due_at")[:1]),
            next_clock=models.Subquery(first.values("kind")[:1]),
        )

    def worst_first(self) -> Self:
        """The earliest due time first, then the gravest."""
        return self.with_next_due().order_by(F("next_due_at").asc(nulls_last=True), "severity", "pk")


class ComplaintChildQuerySet(models.QuerySet[Any]):
    """Rows that hang on a case are seen by whoever sees the case."""

    def visible_to(self, user: Any) -> Self:
        from complaints.models import Complaint

        if user is None:
            return self
        return self.filter(complaint__in=Complaint.objects.visible_to(user))


class ComplaintClockQuerySet(ComplaintChildQuerySet):
    """Clocks of cases."""

    def running(self) -> Self:
        """Neither stopped nor hidden by a wait."""
        return self.filter(stopped_at=None, due_at__isnull=False)

    def climbing(self, now: datetime) -> Self:
        """A rung of the ladder, or a daily repeat, is due."""
        return self.running().filter(next_level_at__lte=now)
