"""Who sees kept runs, changes of standing, overrides and retention plans."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from accounts.querysets import without_private
from accounts.scoping import scope_rows
from crm.choices import OverrideState, PlanState


class ScoreRunQuerySet(models.QuerySet[Any]):
    """Kept runs; whoever sees what is known of the customer sees how it was judged."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_customerfacts", via="customer")


class StandingChangeQuerySet(models.QuerySet[Any]):
    """Changes of tier and stage."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_customerfacts", via="customer")

    def for_list(self) -> Self:
        return self.select_related("by").defer(*without_private("by")).order_by("-at", "-pk")


class OverrideQuerySet(models.QuerySet[Any]):
    """Proposals to set tier, stage or strategic weight by hand."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_override", via="customer").fetch_mode(models.FETCH_PEERS)

    def waiting(self) -> Self:
        return self.filter(state=OverrideState.PROPOSED)

    def in_force(self) -> Self:
        return self.filter(state=OverrideState.IN_FORCE)

    def over(self, now: datetime) -> Self:
        """Those in force whose time has passed, and proposals nobody decided until their own end."""
        open_states = (OverrideState.PROPOSED, OverrideState.IN_FORCE)
        return self.filter(state__in=open_states, until__lte=now)

    def for_list(self) -> Self:
        return (
            self.select_related("customer__owner", "customer__branch", "proposed_by", "decided_by")
            .defer("customer__search_terms", *without_private("proposed_by", "decided_by", "customer__owner"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("customer__owner", "customer__branch", "proposed_by", "decided_by")


class RetentionPlanQuerySet(models.QuerySet[Any]):
    """Retention plans of wavering customers."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_retentionplan", via="customer").fetch_mode(models.FETCH_PEERS)

    def open(self) -> Self:
        return self.filter(state__in=(PlanState.OPEN, PlanState.SUBMITTED, PlanState.RUNNING))

    def for_list(self) -> Self:
        return (
            self.select_related("customer__owner", "customer__branch", "owner", "visitor")
            .defer("customer__search_terms", *without_private("owner", "visitor", "customer__owner"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("customer__owner", "customer__branch", "owner", "visitor", "submitted_by")
