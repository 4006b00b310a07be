"""Which handovers and dossier lines a person sees."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q

from accounts.querysets import without_private
from accounts.scoping import scope_rows
from crm.handover_choices import UNDER_WAY, HandoverState

LATE_DAYS = (0, 3, 7)
"""Days past the due time at which somebody is told."""


class HandoverQuerySet(models.QuerySet[Any]):
    """Handovers: of one's own customers, given to one, of one's branch."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_handover")

    def under_way(self) -> Self:
        """Neither done nor called off."""
        return self.filter(state__in=UNDER_WAY)

    def overdue(self, now: datetime) -> Self:
        return self.under_way().filter(due_at__lt=now)

    def to_tell_late(self, now: datetime) -> Self:
        """Late ones with a level of lateness reached that nobody was told of."""
        reached = Q(pk__in=[])
        for days in LATE_DAYS:
            reached |= Q(late_told__lt=days, due_at__lt=now - timedelta(days=days))
        return self.overdue(now).filter(reached)

    def to_generate(self) -> Self:
        """Initiated ones whose dossier is not made yet."""
        return self.filter(state=HandoverState.INITIATED)

    def for_list(self) -> Self:
        return (
            self.select_related("owner", "receiver", "branch")
            .defer(*without_private("owner", "receiver"))
            .annotate(customers_total=Count("entries"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("owner", "receiver", "branch", "creator")


class HandoverEntryQuerySet(models.QuerySet[Any]):
    """Customers in handovers."""

    def visible_to(self, user: Any) -> Self:
        if user is None:
            return self
        return self.filter(handover__in=_handovers(self).visible_to(user))

    def open(self) -> Self:
        """Of handovers that still run."""
        return self.filter(closed_at__isnull=True)


class HandoverItemQuerySet(models.QuerySet[Any]):
    """Lines of dossiers, seen with their handover."""

    def visible_to(self, user: Any) -> Self:
        if user is None:
            return self
        return self.filter(handover__in=_handovers(self).visible_to(user))

    def missing(self) -> Self:
        """Lines nobody has settled."""
        return self.filter(done_at__isnull=True)

    def for_list(self) -> Self:
        return self.select_related("handover__owner", "customer").defer("customer__search_terms")


def _handovers(rows: models.QuerySet[Any]) -> Any:
    return rows.model._meta.get_field("handover").related_model._default_manager  # type: ignore[union-attr]
