"""Which rows of privacy a person sees, and the adjectives pages ask by."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models.functions import Coalesce

from accounts.querysets import without_private


class ConsentQuerySet(models.QuerySet[Any]):
    """What people agreed to; seen by whoever sees the person."""

    def visible_to(self, user: Any) -> Self:
        if user is not None and not user.has_perm("crm.view_consent"):
            return self.none()
        people = self.model.contact.field.related_model.objects.visible_to(user)
        return self.filter(contact__in=people.values("pk"))

    def until(self, now: datetime) -> Self:
        return self.filter(at__lte=now)

    def spoken_first(self) -> Self:
        """In the order in which the person spoke: the last word comes last."""
        return self.order_by(Coalesce("withdrawn_at", "at"), "pk")

    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def for_list(self) -> Self:
        return (
            self.select_related("contact__customer", "recorded_by", "withdrawn_by")
            .defer(
                "contact__search_terms",
                "contact__customer__search_terms",
                *without_private("recorded_by", "withdrawn_by"),
            )
            .fetch_mode(models.FETCH_RAISE)
        )
