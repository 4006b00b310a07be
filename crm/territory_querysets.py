"""Which territories, named accounts and raised loads a person sees, and which hold at an instant."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from accounts.querysets import DatedQuerySet, without_private
from accounts.scoping import scope_rows


class TerritoryQuerySet(DatedQuerySet):
    """Territories."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_territory")

    def from_now(self, now: datetime) -> Self:
        """Those in force and those planned."""
        return self.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=now))

    def for_list(self) -> Self:
        return (
            self.select_related("owner", "branch")
            .defer(*without_private("owner"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("owner", "branch")


class AccountRuleQuerySet(DatedQuerySet):
    """Named accounts and channels."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_accountrule")

    def for_list(self) -> Self:
        return (
            self.select_related("owner", "branch")
            .defer(*without_private("owner"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("owner", "branch")


class LoadLiftQuerySet(DatedQuerySet):
    """Raised loads."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_loadlift")
