"""Which pool moves, rule changes and claims across branches a person sees."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.querysets import without_private
from accounts.scoping import scope_rows


class PoolEventQuerySet(models.QuerySet[Any]):
    """Moves; the owner of a customer reads its history, the manager that of the branch."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_poolevent")

    def for_list(self) -> Self:
        return (
            self.select_related("customer", "branch", "actor", "from_owner", "to_owner")
            .defer("customer__search_terms", *without_private("actor", "from_owner", "to_owner"))
            .fetch_mode(models.FETCH_RAISE)
        )


class PoolRuleQuerySet(models.QuerySet[Any]):
    """Changes of the rules; whoever works with the pool may read them."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_poolrule")

    def for_list(self) -> Self:
        return self.select_related("proposed_by", "settled_by").fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        return self.select_related("proposed_by", "settled_by")


class CrossClaimQuerySet(models.QuerySet[Any]):
    """Claims across branches: the claimant sees their own, the managers those from and to their branch."""

    def visible_to(self, user: Any) -> Self:
        if user is None:
            return self
        code = "crm.view_crossclaim"
        wanted = scope_rows(self, user, code, branch="to_branch")
        asked = scope_rows(self.model._default_manager.all(), user, code, branch="from_branch", owner=None)
        return self.filter(Q(pk__in=wanted.values("pk")) | Q(pk__in=asked.values("pk")))

    def for_list(self) -> Self:
        return (
            self.select_related("customer", "claimant", "from_branch", "to_branch")
            .defer("customer__search_terms", *without_private("claimant"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related(
            "customer", "claimant", "from_branch", "to_branch", "from_consent_by", "to_consent_by"
        )


class PoolRunQuerySet(models.QuerySet[Any]):
    """Nightly runs: counts only, read by whoever may read the rules."""

    def visible_to(self, user: Any) -> Self:
        return self if user is None or user.has_perm("crm.view_poolrule") else self.none()
