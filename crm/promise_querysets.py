"""Which promises a person sees, and how many were kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q

from accounts.querysets import without_private
from accounts.scoping import scope_rows
from crm.choices import PromiseState
from crm.planning import REMINDER_OFFSETS, due_before

KEPT_OVER = timedelta(days=365)


@dataclass(frozen=True)
class Kept:
    """Promises whose day has come: kept in time, kept late, broken, and still open past their day."""

    in_time: int
    late: int
    broken: int
    overdue: int

    @property
    def due(self) -> int:
        return self.in_time + self.late + self.broken + self.overdue

    @property
    def share(self) -> float | None:
        """Kept in time ÷ all whose day has come (0–1); None when there were none. Withdrawn ones do not count."""
        return self.in_time / self.due if self.due else None


IN_TIME = Q(state=PromiseState.KEPT, closed_at__lte=F("due_at"))


class PromiseQuerySet(models.QuerySet[Any]):
    """Promises to customers."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_promise", via="customer").fetch_mode(models.FETCH_PEERS)

    def open(self) -> Self:
        return self.filter(state=PromiseState.OPEN)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def judged(self, now: datetime) -> Self:
        """Those of the last twelve months that count as kept or not: the day has come, or the outcome is known."""
        known = Q(due_at__lt=now) | Q(state__in=[PromiseState.KEPT, PromiseState.BROKEN])
        return self.filter(known, due_at__gte=now - KEPT_OVER).exclude(state=PromiseState.WITHDRAWN)

    def kept(self, now: datetime) -> Kept:
        """How the promises of the last twelve months fared."""
        counts = self.judged(now).aggregate(
            in_time=Count("pk", filter=IN_TIME),
            late=Count("pk", filter=Q(state=PromiseState.KEPT, closed_at__gt=F("due_at"))),
            broken=Count("pk", filter=Q(state=PromiseState.BROKEN)),
            overdue=Count("pk", filter=Q(state=PromiseState.OPEN)),
        )
        return Kept(**counts)

    def to_remind(self, now: datetime) -> Self:
        """Open promises with a reminder level reached that was not yet spoken of."""
        reached = Q(pk__in=[])
        for offset in REMINDER_OFFSETS:
            reached |= Q(reminded_up_to__lt=offset, due_at__lt=due_before(offset, now))
        return self.open().filter(
            reached,
            reminded_up_to__lt=REMINDER_OFFSETS[-1],
            due_at__lt=due_before(REMINDER_OFFSETS[0], now),
            customer__deleted_at__isnull=True,
            customer__historical=False,
        )

    def for_list(self) -> Self:
        return (
            self.select_related("customer__owner", "customer__branch", "owner", "made_by")
            .defer("customer__search_terms", *without_private("owner", "made_by", "customer__owner"))
            .order_by("due_at", "pk")
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related(
            "customer__owner", "customer__branch", "owner", "made_by", "activity__author", "evidence__author"
        )
