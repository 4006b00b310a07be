"""Who sees what the boards counted: the cells of one's own, one's branch's or all customers."""

from typing import Any, Self

from django.db import models

from accounts.scoping import scope_rows
from crm.board_choices import Dimension

SEEN_BY = "crm.view_customerfacts"
"""Whoever may see what is known of customers may see it counted; scopes equal those of the customers themselves."""


class BoardRowQuerySet(models.QuerySet[Any]):
    """Customers as counted, by the owner and branch of that moment."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, SEEN_BY)

    def flagged(self, flag: str) -> Self:
        return self.filter(flags__contains=[flag])


class BoardCountQuerySet(models.QuerySet[Any]):
    """Cells of the roll-up."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, SEEN_BY)

    def private_to(self, user: Any) -> Self:
        """The part of them for the anti-privatisation board."""
        return scope_rows(self.visible_to(user), user, "crm.view_privatisation")

    def scores_to(self, user: Any) -> Self:
        """Counted logs of which the user may know the scores."""
        rows = self.filter(dimension=Dimension.LOGS)
        return scope_rows(rows, user, "crm.view_score_activity")
