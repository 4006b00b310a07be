"""Which projects a user sees, and the adjectives lists, boards and scans use."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from accounts.scoping import scope_rows
from projects.choices import ENDS, STAGES


class ProjectQuerySet(QuerySet[Any]):
    """Projects; visible by branch, ownership and access rows of the matrix."""

    def visible_to(self, user: Any) -> Self:
        """The rows this user may see; `None` is the system."""
        return scope_rows(self, user, "projects.view_project")

    def in_progress(self) -> Self:
        """Neither ended nor resting."""
        return self.filter(state__in=STAGES)

    def ongoing(self) -> Self:
        """Everything that has not ended, resting projects included."""
        return self.exclude(state__in=ENDS)

    def overdue(self, now: datetime) -> Self:
        """In a stage longer than its standard time."""
        return self.filter(state__in=STAGES, stage_due_at__lt=now)

    def alarm_due(self, now: datetime) -> Self:
        """Past the standard time of the stage, and nobody has been told."""
        return self.filter(stage_alarm_at__lte=now)

    def of_customer(self, customer_id: int) -> Self:
        """Projects in which the company buys or takes another part."""
        parts = self.model._meta.get_field("parties").related_model._default_manager
        bought = self.model._default_manager.filter(customer=customer_id).order_by().values("pk")
        other = parts.filter(customer=customer_id).order_by().values("project_id")
        return self.filter(pk__in=bought.union(other))

    def for_list(self) -> Self:
        """With what a list row shows; a forgotten join is an exception, not a slow page."""
        return self.select_related("customer", "owner", "branch").fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        """With what the project's page shows."""
        return self.select_related("customer", "owner", "branch", "creator")

    def for_board(self, per_column: int) -> Self:
        """The most urgent cards of each stage, at most `per_column` each."""
        place = Window(
            RowNumber(), partition_by=F("state"), order_by=[F("stage_due_at").asc(nulls_last=True), "pk"]
        )
        return self.annotate(place=place).filter(place__lte=per_column).for_list()

    def totals_by_state(self) -> dict[str, tuple[int, Any]]:
        """Number and amount per state, in one query."""
        rows = self.order_by().values_list("state").annotate(Count("pk"), Sum("amount"))
        return {state: (count, total) for state, count, total in rows}


class ChildQuerySet(QuerySet[Any]):
    """Rows that hang on a project and are seen with it."""

    def visible_to(self, user: Any) -> Self:
        """The rows of visible projects."""
        if user is None:
            return self
        projects = self.model._meta.get_field("project").related_model._default_manager
        return self.filter(project__in=projects.visible_to(user))

    def current(self) -> Self:
        """Evidence that has not been replaced."""
        return self.filter(replaced_at__isnull=True)

    def waiting(self) -> Self:
        """Submissions nobody has decided."""
        return self.filter(verdict="waiting")

    def undecided(self) -> Self:
        """Submissions that still wait: for their decision, or for what a conditional release left out."""
        return self.filter(verdict__in=("waiting", "conditional"))
