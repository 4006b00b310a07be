"""Which care dates and calendar feeds a person sees."""

from typing import Any, Self

from django.db import models

from accounts.scoping import scope_rows


class CareDateQuerySet(models.QuerySet[Any]):
    """Days that matter to customers."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_caredate", via="customer")

    def for_list(self) -> Self:
        return self.select_related("customer").defer("customer__search_terms").fetch_mode(models.FETCH_RAISE)


class CalendarFeedQuerySet(models.QuerySet[Any]):
    """Everybody has their own feed and sees no other."""

    def visible_to(self, user: Any) -> Self:
        return self if user is None else self.filter(user=user)

    def answering(self) -> Self:
        """Those whose address works: not withdrawn, and the person's account is open."""
        return self.filter(token_digest__isnull=False, user__is_active=True)
