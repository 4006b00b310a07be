"""Row sets of the ground floor, and the one way to a single row: what this person sees, or nothing."""

from collections.abc import Callable
from functools import cache
from typing import Any, Self

from django.db import models
from django.db.models import Q

from core.errors import NotFound


def get_visible(model: Any, user: Any, pk: Any) -> Any:
    """The row as this user may see it. Raises NotFound (404) alike for a hidden row and for none at all."""
    row = model._default_manager.visible_to(user).filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row


@cache
def all_but(model: type[models.Model], path: str, *kept: str) -> tuple[str, ...]:
    """What to `defer` of a joined row of which a list shows only the columns `kept` (and its id)."""
    names = (field.name for field in model._meta.concrete_fields if not field.primary_key)
    return tuple(f"{path}__{name}" for name in names if name not in kept)


def visible_for_naming(model: type[models.Model], user: Any) -> models.QuerySet[Any]:
    """The rows this user sees with what names them in a sentence (`for_naming` where the app defines it)."""
    rows: Any = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
    named: models.QuerySet[Any] = rows.for_naming() if hasattr(rows, "for_naming") else rows
    return named


class AddressedQuerySet(models.QuerySet[Any]):
    """Rows addressed to one person by a column named in `ADDRESSEE`."""

    ADDRESSEE = "user"

    def visible_to(self, user: Any) -> Self:
        """Only what is addressed to this person; the system (None) sees all."""
        return self if user is None else self.filter(**{self.ADDRESSEE: user})


class NotificationQuerySet(AddressedQuerySet):
    """Notices by reader."""

    def unread(self) -> Self:
        """Not yet read."""
        return self.filter(read_at=None)


class TaskQuerySet(AddressedQuerySet):
    """Tasks by assignee."""

    ADDRESSEE = "assignee"

    def open(self) -> Self:
        """Not yet done."""
        return self.filter(closed_at=None)


class AuditEntryQuerySet(models.QuerySet[Any]):
    """The audit trail: the auditor reads all of it, everybody else what they did themselves."""

    def visible_to(self, user: Any) -> Self:
        """All for the system and for holders of the audit export right, otherwise one's own actions."""
        if user is None or user.has_perm("core.export_auditentry"):
            return self
        return self.filter(actor=user)


_before_reading: dict[type[models.Model], Callable[[], None]] = {}


def before_reading(model: type[models.Model], do: Callable[[], None] | None) -> None:
    """Have `do` called before rows of the model are read: whoever gathers new ones writes them first; None ends it."""
    if do is None:
        _before_reading.pop(model, None)
    else:
        _before_reading[model] = do


class AuditEntryManager(models.Manager.from_queryset(AuditEntryQuerySet)):  # type: ignore[misc]  # made by Django
    """The only way to the trail's rows: what waits to be written is written before."""

    def get_queryset(self) -> models.QuerySet[Any]:
        if write := _before_reading.get(self.model):
            write()
        return super().get_queryset()


class SavedViewQuerySet(models.QuerySet[Any]):
    """Views of lists: one's own, and those shared with one's unit."""

    def visible_to(self, user: Any) -> Self:
        """Own views and those of the unit; the system (None) sees all."""
        if user is None:
            return self
        return self.filter(Q(owner=user) | Q(shared_unit_id=getattr(user, "unit_id", None) or -1))

    def for_list(self) -> Self:
        """With the owners' names."""
        return self.select_related("owner").order_by("name", "pk")


class BulkRunQuerySet(AddressedQuerySet):
    """Runs over many rows, by who made them."""

    ADDRESSEE = "owner"
