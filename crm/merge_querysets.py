"""Which merges and possible duplicates a person sees."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.querysets import without_private
from accounts.scoping import scope_rows
from crm.choices import MergeState, PairState


def _of(*paths: str) -> list[str]:
    return [f"{path}__search_terms" for path in paths]


class CustomerMergeQuerySet(models.QuerySet[Any]):
    """Merges: one's own proposals, those of the branch, all for the CRM office."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_customermerge")

    def proposed(self) -> Self:
        return self.filter(state=MergeState.PROPOSED)

    def done(self) -> Self:
        return self.filter(state=MergeState.DONE)

    def for_list(self) -> Self:
        paths = ("survivor", "loser")
        return (
            self.select_related("survivor__branch", "loser__branch", "owner", "branch", "decided_by")
            .defer("steps", *_of(*paths), *without_private("owner", "decided_by"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related(
            *("survivor__branch", "survivor__owner", "loser__branch", "loser__owner"),
            *("owner", "branch", "decided_by"),
        )


class DuplicatePairQuerySet(models.QuerySet[Any]):
    """Possible duplicates of which at least one belongs to the reader's branches, while both are there."""

    def visible_to(self, user: Any) -> Self:
        alive = self.filter(first__deleted_at=None, second__deleted_at=None)
        if user is None:
            return alive
        sides = [
            scope_rows(
                self.model._default_manager.all(), user, "crm.view_duplicatepair", branch=f"{side}__branch"
            )
            for side in ("first", "second")
        ]
        return alive.filter(Q(pk__in=sides[0].values("pk")) | Q(pk__in=sides[1].values("pk")))

    def open(self) -> Self:
        return self.filter(state=PairState.OPEN)

    def for_list(self) -> Self:
        sides = ("first", "second")
        owners = tuple(f"{side}__owner" for side in sides)
        return (
            self.select_related(*owners, *(f"{side}__branch" for side in sides))
            .defer(*_of(*sides), *without_private(*owners))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("first__owner", "first__branch", "second__owner", "second__branch")
