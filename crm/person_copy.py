"""Everything we know of a person as one workbook they can read and take elsewhere (§10.6 f)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from core.erasure import linked_rows, personal_rows, text_columns
from core.fields import PersonalField
from core.personal_data import outsiders
from core.spreadsheets import cell_text
from core.xlsx import write_xlsx
from crm.models import Contact
from crm.operations.erasing import person_of

NOT_TOLD = (
    "id",
    "version",
    "search_terms",
    "contact_removed",
    "deleted_at",
    "merged_into",
    "created_at",
    "updated_at",
)


def copy_of(contact: Contact) -> bytes:
    """The workbook: what kind of record, which one, which field, what it says. One line a value, the person's own rows first."""
    heads = [_("Kind of record"), _("Record"), _("Field"), _("Content")]
    file = BytesIO()
    write_xlsx(file, heads, _lines(contact))
    return file.getvalue()


def _lines(contact: Contact) -> Iterator[list[Any]]:
    person = person_of(contact)
    seen: set[tuple[str, Any]] = set()
    for row in person.rows:
        seen.add((row._meta.label, row.pk))
        yield from _values(row, [one for one in row._meta.concrete_fields if _told(one)])
    for row, owned in linked_rows(person):
        seen.add((row._meta.label, row.pk))
        yield from _linked(row, owned, person)
    for declared in outsiders():
        for row in personal_rows(declared, person):
            if (row._meta.label, row.pk) not in seen:
                model: Any = apps.get_model(declared.label)
                yield from _values(row, [model._meta.get_field(name) for name in declared.fields])


def _linked(row: models.Model, owned: bool, person: Any) -> Iterator[list[Any]]:
    """A record that names the person: that it exists and when; of texts only what is the person's or speaks of them."""
    day = next(
        (
            getattr(row, name)
            for name in ("at", "occurred_at", "received_at", "created_at")
            if hasattr(row, name)
        ),
        None,
    )
    yield [*_named(row), _("Day"), cell_text(day)]
    sealed = [one for one in row._meta.concrete_fields if isinstance(one, PersonalField)]
    texts = [
        one
        for one in text_columns(type(row))
        if owned or person.traces.found_in(str(getattr(row, one.name) or ""), named=True)
    ]
    chosen = [one for one in row._meta.local_concrete_fields if owned and one.choices]
    yield from _values(row, [*chosen, *texts, *sealed])


def _told(one: models.Field[Any, Any]) -> bool:
    return not one.name.endswith(("_hash", "_last4", "_masked")) and one.name not in NOT_TOLD


def _values(row: models.Model, columns: list[Any]) -> Iterator[list[Any]]:
    for one in columns:
        shown = getattr(row, f"get_{one.name}_display", None)
        value = shown() if shown is not None else getattr(row, one.name)
        if value not in (None, "", [], {}):
            yield [*_named(row), str(one.verbose_name), cell_text(value)]


def _named(row: models.Model) -> list[str]:
    return [str(row._meta.verbose_name), getattr(row, "code", "") or f"#{row.pk}"]
