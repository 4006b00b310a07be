"""Which exports a user sees."""

from typing import Any, Self

from django.db import models

from accounts.scoping import scope_rows


class ExportQuerySet(models.QuerySet[Any]):
    """Exports: one's own; the CRM office, executives and the auditor see all."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_export")

    def for_list(self) -> Self:
        return self.select_related("owner", "branch")

    def for_detail(self) -> Self:
        return self.select_related("owner", "branch", "approved_by")
