"""The book of a merge: every row moved and every column changed, in order, so that all of it can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction

from core.fields import PersonalField, personal_columns
from core.kinds import kind_of, model_for

AT_ONCE = 2000
UNTOLD = {"version", "updated_at", "created_at"}


class Ledger:
    """Writes changes down as it makes them. `steps` is plain JSON: ids, codes, business values, no personal data."""

    def __init__(self, steps: list[dict[str, Any]] | None = None) -> None:
        self.steps: list[dict[str, Any]] = steps if steps is not None else []
        self.stayed: dict[str, int] = {}

    def move(self, rows: models.QuerySet[Any], column: str, *, before: Any, after: Any) -> int:
        """Set a column of many rows from one value to another; returns how many moved.

        A row that may not stand beside one the target has already (a unique constraint) stays where it is.
        """
        model = rows.model
        ids = list(rows.filter(**{column: before}).order_by("pk").values_list("pk", flat=True))
        moved: list[int] = []
        for start in range(0, len(ids), AT_ONCE):
            moved += self._move(model, ids[start : start + AT_ONCE], column, after)
        if moved:
            self.steps.append(
                {
                    "do": "move",
                    "kind": kind_of(model),
                    "column": column,
                    "ids": moved,
                    "before": before,
                    "after": after,
                }
            )
        if len(moved) < len(ids):
            self.stayed[kind_of(model)] = self.stayed.get(kind_of(model), 0) + len(ids) - len(moved)
        return len(moved)

    def _move(self, model: Any, ids: list[int], column: str, after: Any) -> list[int]:
        """Move these rows, or, when the database refuses, each half by itself."""
        try:
            with transaction.atomic():
                model._base_manager.filter(pk__in=ids).update(**{column: after})
        except IntegrityError:
            if len(ids) == 1:
                return []
            middle = len(ids) // 2
            return self._move(model, ids[:middle], column, after) + self._move(
                model, ids[middle:], column, after
            )
        return ids

    @contextmanager
    def noting(self, row: models.Model) -> Iterator[None]:
        """Write down what happens to a row's columns inside the block, whoever changes them."""
        before = _snapshot(row)
        yield
        after = _snapshot(row)
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        if changed:
            self.steps.append({"do": "change", "kind": kind_of(row), "id": row.pk, "columns": changed})

    def made(self, row: models.Model) -> None:
        """Write down a row that the merge created."""
        self.steps.append({"do": "made", "kind": kind_of(row), "id": row.pk})

    def fill_personal(self, target: Any, source: Any, name: str) -> None:
        """Give an empty sealed column the source's value; the book names the rows, never the value."""
        setattr(target, name, getattr(source, name))
        target.save(update_fields=[*personal_columns(type(target), name), *_derived(target)])
        self.steps.append(
            {"do": "fill", "kind": kind_of(target), "id": target.pk, "source": source.pk, "column": name}
        )

    def take_back(self) -> list[str]:
        """Undo every step, the last first. What somebody has changed since is left as it is and named (kind.column)."""
        kept: list[str] = []
        for step in reversed(self.steps):
            kept += _UNDO[step["do"]](step)
        return kept


def set_columns(row: Any, values: Mapping[str, Any]) -> None:
    """Write columns, with whatever is derived from them."""
    for name, value in values.items():
        setattr(row, name, value)
    names = [row._meta.get_field(name).name for name in values]
    row.save(update_fields=[*names, *_derived(row)])


def _undo_move(step: dict[str, Any]) -> list[str]:
    model, column, ids = model_for(step["kind"]), step["column"], step["ids"]
    for start in range(0, len(ids), AT_ONCE):
        rows = model._base_manager.filter(pk__in=ids[start : start + AT_ONCE], **{column: step["after"]})
        rows.update(**{column: step["before"]})
    return []


def _undo_change(step: dict[str, Any]) -> list[str]:
    model = model_for(step["kind"])
    row = model._base_manager.filter(pk=step["id"]).first()
    if row is None:
        return []
    now = _snapshot(row)
    back = {name: before for name, (before, after) in step["columns"].items() if now[name] == after}
    values = {
        name: model._meta.get_field(_field_name(model, name)).to_python(value) for name, value in back.items()
    }
    if values:
        set_columns(row, values)
    return [f"{step['kind']}.{name}" for name in step["columns"] if name not in back]


def _undo_made(step: dict[str, Any]) -> list[str]:
    model_for(step["kind"])._base_manager.filter(pk=step["id"]).delete()
    return []


def _undo_fill(step: dict[str, Any]) -> list[str]:
    rows, name = model_for(step["kind"])._base_manager, step["column"]
    row, source = rows.filter(pk=step["id"]).first(), rows.filter(pk=step["source"]).first()
    code = f"{name}_hash"
    if row is not None and source is not None and getattr(row, code) == getattr(source, code):
        setattr(row, name, "")
        row.save(update_fields=[*personal_columns(type(row), name), *_derived(row)])
        return []
    return [f"{step['kind']}.{name}"]


_UNDO = {"move": _undo_move, "change": _undo_change, "made": _undo_made, "fill": _undo_fill}


def _snapshot(row: models.Model) -> dict[str, Any]:
    """The stored values of a row as JSON has them, without what is sealed, derived or counts versions."""
    fields = [field for field in row._meta.concrete_fields if _is_told(field)]
    stored = type(row)._base_manager.filter(pk=row.pk).values(*(field.attname for field in fields)).get()
    values: dict[str, Any] = json.loads(json.dumps(stored, cls=DjangoJSONEncoder))
    return values


def _is_told(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, PersonalField) or getattr(field, "derived", False) or field.name in UNTOLD:
        return False
    return not field.name.endswith(("_hash", "_last4", "_masked"))


def _derived(row: models.Model) -> list[str]:
    return [field.name for field in row._meta.concrete_fields if getattr(field, "derived", False)]


def _field_name(model: type[models.Model], attname: str) -> str:
    return next(field.name for field in model._meta.concrete_fields if field.attname == attname)
