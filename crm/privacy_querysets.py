"""Which rows of privacy a person sees, and the adjectives pages ask by."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models.functions import Coalesce

from accounts.querysets import without_private
from accounts.scoping import scope_rows
from crm.privacy_choices import OPEN_REQUESTS


class ConsentQuerySet(models.QuerySet[Any]):
    """What people agreed to; seen by whoever sees the person, of an erased one by the personal data officer only."""

    def visible_to(self, user: Any) -> Self:
        if user is not None and not user.has_perm("crm.view_consent"):
            return self.none()
        people = self.model.contact.field.related_model.objects.visible_to(user)
        rows = self.filter(contact__in=people.values("pk"))
        if user is None or user.has_perm("crm.erase_contact"):
            return rows
        return rows.filter(contact__contact_removed=False)

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
                *_people("recorded_by", "withdrawn_by"),
            )
            .fetch_mode(models.FETCH_RAISE)
        )


class PrivacyRequestQuerySet(models.QuerySet[Any]):
    """Requests of people about their data: the personal data officer sees all, others what they took in."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_privacyrequest")

    def open(self) -> Self:
        return self.filter(state__in=OPEN_REQUESTS)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def for_list(self) -> Self:
        return (
            self.select_related("contact__customer", "owner")
            .defer(*_people("owner"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("contact__customer", "owner", "branch", "verified_by")


class ErasureQuerySet(models.QuerySet[Any]):
    """The list of people erased; read by whoever may erase, and by audit."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_erasure")

    def for_list(self) -> Self:
        return (
            self.select_related("contact__customer", "by")
            .defer(*_people("by"))
            .fetch_mode(models.FETCH_RAISE)
        )


def _people(*paths: str) -> tuple[str, ...]:
    return ("contact__search_terms", "contact__customer__search_terms", *without_private(*paths))
