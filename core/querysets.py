"""Row sets of the ground floor: what a person sees of notices and tasks is what is addressed to them."""

from typing import Any, Self

from django.db import models


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
