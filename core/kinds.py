"""Names of row types ("service.ticket") used wherever a row points at any other row."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db import models


def kind_of(subject: models.Model | type[models.Model]) -> str:
    """The stable name of a row's type: app label and model name, lower case."""
    return subject._meta.label_lower


@cache
def model_for(kind: str) -> type[models.Model]:
    """The model behind a kind. Raises LookupError for a kind that is not installed."""
    return apps.get_model(kind)


class RootBy:
    """The `audit_root` of a model as the foreign key (or path of them) that leads to it, usually the customer.

    What happens to a row belongs on its root's time line. Writing it there needs only the root's number, which the row
    has; the root itself is read when somebody asks for it.
    """

    def __init__(self, path: str) -> None:
        *self.through, self.last = path.split(".")

    def __get__(self, row: Any, owner: Any = None) -> Any:
        return self if row is None else getattr(self._holder(row), self.last)

    def key_of(self, row: models.Model) -> tuple[str, Any]:
        """Kind and number of the root; the number is None where the key is empty."""
        holder = self._holder(row)
        key = holder._meta.get_field(self.last)
        return kind_of(key.related_model), getattr(holder, key.attname)

    def _holder(self, row: Any) -> Any:
        for name in self.through:
            row = getattr(row, name)
        return row


def root_key(subject: models.Model) -> tuple[str, Any]:
    """Kind and number of the row on whose time line the subject belongs: its own without another root."""
    way = getattr(type(subject), "audit_root", None)
    if isinstance(way, RootBy):
        kind, number = way.key_of(subject)
        if number is not None:
            return kind, number
        return kind_of(subject), subject.pk
    root = getattr(subject, "audit_root", None) or subject
    return kind_of(root), root.pk
