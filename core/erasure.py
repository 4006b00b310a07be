"""Finding and removing everything known of one person in our tables: declared columns, free texts, lists, sealed lines.

Knows no business noun: the app that owns the person says by what the person is known (`core.traces`) and which rows are
theirs. The audit is not rewritten but cut (`core.erasure_audit`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from core.fields import EncryptedTextField, PersonalField
from core.kinds import kind_of
from core.models import AuditEntry, AuditSeal
from core.personal_data import PersonalData, erase_personal_data, outsiders
from core.traces import Traces

CHUNK: Final = 500
DEPTH: Final = 3  # foreign keys from a row to the record around the person
_NO_WORDS: Final = re.compile(
    r"(^|_)(hash|last4|masked|digest|sha256|fingerprint|key|code|kind|uscc|stored_name|content_type|url_name|version)$"
)
_STAFF_APPS: Final = ("accounts",)
_STAFF: Final = (
    "accounts.user",
    "accounts.orgunit",
)  # our own people's names stay; what was typed beside them does not


@dataclass(frozen=True)
class Person:
    """Whom an erasure is about.

    `rows` are the person's own rows (a contact and its merged doubles), `roots` the records around which the name means
    this person; with `only_one` nobody else bears the name and it means them everywhere. `kept` are columns
    ("crm.customer.name") in which it is an organisation's.
    """

    traces: Traces
    rows: tuple[models.Model, ...]
    roots: tuple[models.Model, ...] = ()
    only_one: bool = False
    kept: frozenset[str] = frozenset()


def erase_rows(person: Person) -> dict[str, int]:
    """Remove the person from every table; returns the changed rows by kind. Call it inside a transaction."""
    changed: dict[str, int] = {}
    for declared in outsiders():
        for row in personal_rows(declared, person):
            erase_personal_data(row)
            changed[declared.label] = changed.get(declared.label, 0) + 1
    for model in our_models():
        count = _scrub_table(model, person) + _scrub_sealed(model, person)
        if count:
            changed[kind_of(model)] = changed.get(kind_of(model), 0) + count
    return changed


def our_models() -> list[type[models.Model]]:
    """The product's own tables in which people may stand; the audit and the names of our own staff are left alone."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in settings.OUR_APPS
        and kind_of(model) not in _STAFF
        and model._meta.managed
        and model not in (AuditEntry, AuditSeal)
    ]


# --- declared columns ----------------------------------------------------------------------------------------------------


def personal_rows(declared: PersonalData, person: Person) -> Iterator[Any]:
    """Rows of a declared model that are the person's own or hold the person's number, address or name in a sealed column."""
    model: Any = apps.get_model(declared.label)
    sealed = [one for one in model._meta.concrete_fields if isinstance(one, PersonalField)]
    own = [row.pk for row in person.rows if isinstance(row, model)]
    near = around(model, person)
    seen: set[Any] = set()
    for row in model._base_manager.filter(Q(pk__in=own) | _equal(sealed, person)).iterator(CHUNK):
        seen.add(row.pk)
        yield row
    if not sealed or near is None or any(isinstance(row, model) for row in person.rows):
        return
    for row in model._base_manager.filter(near).exclude(pk__in=seen).iterator(CHUNK):
        if any(person.traces.found_in(getattr(row, one.name) or "", named=True) for one in sealed):
            yield row


def _equal(sealed: Iterable[PersonalField], person: Person) -> Q:
    """Equality through the hashes, the way the database can see it."""
    equal = Q(pk__in=[])
    for one in sealed:
        values = {"phone": person.traces.numbers, "name": ()}.get(one.kind, person.traces.addresses)
        if values:
            equal |= Q(**{f"{one.name}__in": list(values)})
    return equal


# --- free texts ----------------------------------------------------------------------------------------------------------


def text_columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Columns people write into: texts, lists of texts and JSON; no codes, keys, hashes or sealed columns."""
    found = []
    for one in model._meta.local_concrete_fields:
        if isinstance(one, EncryptedTextField) or one.choices or getattr(one, "derived", False):
            continue
        if _NO_WORDS.search(one.name):
            continue
        listed = isinstance(one, ArrayField) and isinstance(
            one.base_field, models.CharField | models.TextField
        )
        if listed or isinstance(one, models.CharField | models.TextField | models.JSONField):
            found.append(one)
    return found


def _scrub_table(model: type[models.Model], person: Person) -> int:
    """Take the person out of every text of a table; returns how many rows changed."""
    columns = text_columns(model)
    changed: set[Any] = set()
    for rows, named in _where(model, person):
        pattern = person.traces.pattern(named=named)
        if columns and pattern:
            changed |= _scrub_rows(speaking(rows, columns, pattern), columns, person, named=named)
    if changed:
        _derive_again(model, changed)
    return len(changed)


def _where(model: type[models.Model], person: Person) -> Iterator[tuple[Any, bool]]:
    """Which rows to look through, and whether the name there is this person's."""
    manager: Any = model._base_manager
    yield manager.all(), person.only_one
    near = None if person.only_one else around(model, person)
    if near is not None:
        yield manager.filter(near), True


def speaking(rows: Any, columns: Iterable[models.Field[Any, Any]], pattern: str) -> Any:
    """Those rows in which one of the columns matches."""
    found = Q(pk__in=[])
    for one in columns:
        if isinstance(one, models.JSONField | ArrayField):
            rows = rows.annotate(**{f"{one.name}_as_text": Cast(one.name, TextField())})
            found |= Q(**{f"{one.name}_as_text__iregex": pattern})
        else:
            found |= Q(**{f"{one.name}__iregex": pattern})
    return rows.filter(found)


def _scrub_rows(rows: Any, columns: list[models.Field[Any, Any]], person: Person, *, named: bool) -> set[Any]:
    changed: set[Any] = set()
    label = kind_of(rows.model)
    for values in list(rows.values("pk", *(one.name for one in columns))):
        new = {}
        for one in columns:
            before = values[one.name]
            after = person.traces.scrub_value(
                before, named=named and f"{label}.{one.name}" not in person.kept
            )
            if after != before:
                fits = getattr(one, "max_length", None)
                new[one.name] = after[:fits] if isinstance(after, str) and fits else after
        if new:
            rows.model._base_manager.filter(pk=values["pk"]).update(**new)
            changed.add(values["pk"])
    return changed


def _derive_again(model: type[models.Model], ids: set[Any]) -> None:
    """Columns computed from changed texts (search words) are computed anew."""
    derived = [one.name for one in model._meta.concrete_fields if getattr(one, "derived", False)]
    if derived:
        for row in model._base_manager.filter(pk__in=ids):
            row.save(update_fields=derived)


def _scrub_sealed(model: type[models.Model], person: Person) -> int:
    """The same for sealed texts, which only we can read: lines of imported files."""
    sealed = [
        one.name
        for one in model._meta.local_concrete_fields
        if isinstance(one, EncryptedTextField) and not isinstance(one, PersonalField)
    ]
    if not sealed:
        return 0
    manager: Any = model._base_manager
    near = around(model, person)
    nearby = set(manager.filter(near).values_list("pk", flat=True)) if near is not None else set()
    changed = 0
    for values in manager.values("pk", *sealed).iterator(chunk_size=CHUNK):
        named = person.only_one or values["pk"] in nearby
        new = {name: person.traces.scrub(values[name] or "", named=named) for name in sealed}
        new = {name: text for name, text in new.items() if text != (values[name] or "")}
        if new:
            changed += manager.filter(pk=values["pk"]).update(**new)
    return changed


# --- which rows belong to the records around the person ---------------------------------------------------------------------


def around(model: type[models.Model], person: Person) -> Q | None:
    """The rows of a table that belong to a record of `person.roots`, or to a row that does; None where nothing leads there."""
    if not person.roots:
        return None
    root, ids = type(person.roots[0]), [one.pk for one in person.roots]
    if issubclass(model, root):
        return Q(pk__in=ids)
    if paths := paths_to(model, root):
        near = Q()
        for path in paths:
            near |= Q(**{f"{path}__in": ids})
        return near
    names = {one.name for one in model._meta.concrete_fields}
    if {"object_kind", "object_id"} <= names:
        return _of_objects(root, ids)
    return None


@cache
def paths_to(model: type[models.Model], target: type[models.Model]) -> tuple[str, ...]:
    """The shortest chains of foreign keys from a table to another ("response__customer")."""
    level: list[tuple[str, type[models.Model]]] = [("", model)]
    for _step in range(DEPTH):
        following, found = [], []
        for prefix, here in level:
            for one in here._meta.concrete_fields:
                to = one.related_model
                if not isinstance(to, type) or not issubclass(to, models.Model):
                    continue
                if to is target:
                    found.append(f"{prefix}{one.name}")
                elif to._meta.app_label not in (*_STAFF_APPS, "core"):
                    following.append((f"{prefix}{one.name}__", to))
        if found:
            return tuple(found)
        level = following
    return ()


def _of_objects(root: type[models.Model], ids: list[Any]) -> Q:
    """Rows that name any object (threads, files): those whose object belongs to a root."""
    near = Q(object_kind=kind_of(root), object_id__in=ids)
    for model in our_models():
        for path in paths_to(model, root):
            mine = model._base_manager.filter(**{f"{path}__in": ids}).order_by().values("pk")
            near |= Q(object_kind=kind_of(model), object_id__in=mine)
    return near


def linked_rows(person: Person) -> Iterator[tuple[models.Model, bool]]:
    """Rows with a foreign key (True) or a many-to-many link (False) to one of the person's own rows."""
    for model in our_models():
        for one in [*model._meta.concrete_fields, *model._meta.local_many_to_many]:
            mine = [row.pk for row in person.rows if one.related_model is type(row)]
            if mine and not issubclass(model, type(person.rows[0])):
                rows = model._base_manager.filter(**{f"{one.name}__in": mine}).order_by("pk")
                for row in rows.distinct().iterator(chunk_size=CHUNK):
                    yield row, one.many_to_many is not True
