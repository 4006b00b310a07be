"""What a column of a list taken out is, and the tables of columns: one place for the page, the API and the file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from core.errors import Sentence
from crm.imports.fields import by_code

FETCH = 2000


@dataclass(frozen=True)
class Column:
    """One column: its header in the file, how a row fills it, and whether it shows a person's full number or address.

    `label` names it where one chooses; without one the header does.
    """

    code: str
    header: Sentence
    value: Callable[[Any], Any]
    personal: bool = False
    label: Sentence = ""

    @property
    def words(self) -> Sentence:
        return self.label or self.header


@dataclass(frozen=True)
class ExportTable:
    """What one resource gives away: its filters, its columns, and how its rows are read for the file.

    `via` is the path to the customer whose branch and owner decide who may take a row; "" for customers themselves.
    """

    resource: str
    model: type[models.Model]
    filterset: Any
    columns: tuple[Column, ...]
    prepare: Callable[[QuerySet[Any]], QuerySet[Any]]
    via: str = ""

    @property
    def right(self) -> str:
        """The permission to take rows out oneself."""
        return f"crm.export_{self.model._meta.model_name}"

    @property
    def wish(self) -> str:
        """The permission to ask somebody to let rows out."""
        return f"crm.request_export_{self.model._meta.model_name}"

    def standard(self) -> tuple[Column, ...]:
        """The columns of whoever chooses none: all but the full numbers."""
        return tuple(column for column in self.columns if not column.personal)

    def chosen(self, codes: Iterable[str]) -> tuple[Column, ...]:
        """The columns of these codes in the table's order; without any the standard ones."""
        wanted = set(codes)
        return tuple(column for column in self.columns if column.code in wanted) or self.standard()

    def lines(self, rows: QuerySet[Any], columns: Sequence[Column]) -> Iterator[tuple[int, list[Any]]]:
        """Rows as (id, line of the file), the oldest first, never more than a few thousand in memory."""
        for row in self.prepare(rows).iterator(chunk_size=FETCH):
            yield row.pk, [column.value(row) for column in columns]


def understood(kind: str, code: str, value: Callable[[Any], Any], **more: Any) -> Column:
    """A column an import of that kind understands again: it carries the field's own label."""
    return Column(code, by_code(kind)[code].label, value, **more)


def day(at: datetime | None) -> str:
    """The local day of an instant."""
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""


def minute(at: datetime | None) -> str:
    """The local minute of an instant, as an import reads it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
