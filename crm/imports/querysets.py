"""Which imports and import rows a user sees."""

from typing import Any, Self

from django.db import models

from accounts.scoping import scope_rows


class ImportBatchQuerySet(models.QuerySet[Any]):
    """Imports: one's own, those of the branch for its manager."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_importbatch")

    def for_list(self) -> Self:
        return self.select_related("owner", "branch")

    def for_detail(self) -> Self:
        return self.select_related("owner", "branch", "approved_by")


class ImportRowQuerySet(models.QuerySet[Any]):
    """Lines of imports, through their batch."""

    def visible_to(self, user: Any) -> Self:
        from crm.models.imports import ImportBatch

        return self.filter(batch__in=ImportBatch.objects.visible_to(user))

    def worst_first(self) -> Self:
        """Rejected rows first, then skipped, then those with warnings, each in the file's order."""
        return self.annotate(
            rank=models.Case(
                models.When(outcome="rejected", then=0),
                models.When(outcome="skipped", then=1),
                models.When(findings=[], then=3),
                default=2,
                output_field=models.SmallIntegerField(),
            )
        ).order_by("rank", "number")


class ImportProfileQuerySet(models.QuerySet[Any]):
    """Profiles: those of one's branch, every one for the CRM office."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_importprofile")
