"""Which columns hold personal data, and how a person is erased from them: a registry that each app fills."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models

from core.fields import EncryptedTextField, PersonalField, personal_columns

_TELLING_NAMES: Final = re.compile(
    r"(^|_)(mobile|phone|wechat|email(?!_domain)|birthday|id_card|reporter_name|signer_name|ip|latitude|longitude)($|_)"
)
_COMPANIONS: Final = ("_hash", "_last4", "_masked")


@dataclass(frozen=True)
class PersonalData:
    """The personal columns of one model; `eraser(row)` empties them and returns the names of what it changed."""

    label: str
    fields: tuple[str, ...]
    eraser: Callable[[models.Model], list[str]]
    staff: bool = False


_REGISTRY: dict[str, PersonalData] = {}


def register_personal_data(
    label: str,
    fields: Iterable[str],
    eraser: Callable[[models.Model], list[str]] | None = None,
    *,
    staff: bool = False,
) -> None:
    """Declare the personal columns of `app.Model`, from the app's `personal.py`.

    Without an eraser they are emptied (NULL where allowed) and `contact_removed` is set where the model has it.
    `staff` marks columns about our own people, whom an erasure of somebody else never touches.
    """
    named = tuple(fields)
    _REGISTRY[label.lower()] = PersonalData(label.lower(), named, eraser or _emptier(named), staff)


def registered() -> list[PersonalData]:
    """What is declared, for the erasure operation, exports and the audit's own test."""
    return list(_REGISTRY.values())


def outsiders() -> list[PersonalData]:
    """The declared models about people who do not work for us."""
    return [one for one in registered() if not one.staff]


def erase_personal_data(row: models.Model) -> list[str]:
    """Erase one row's personal columns, and what is computed from them, in the database; returns their names.

    Refuses an undeclared model.
    """
    changed = _REGISTRY[row._meta.label_lower].eraser(row)
    derived = [one.name for one in row._meta.concrete_fields if getattr(one, "derived", False)]
    row.save(update_fields=list(dict.fromkeys([*changed, *derived])))
    return changed


def unregistered_columns(models_to_check: Iterable[type[models.Model]] | None = None) -> list[str]:
    """Columns that look personal (sealed, or so named) but are not declared: a test demands the empty list."""
    checked = apps.get_models() if models_to_check is None else models_to_check
    return sorted(
        f"{model._meta.label_lower}.{field.name}"
        for model in checked
        for field in _personal_looking(model)
        if field.name not in _declared(model)
    )


def _declared(model: type[models.Model]) -> set[str]:
    found = _REGISTRY.get(model._meta.label_lower)
    return set(found.fields) if found else set()


def _personal_looking(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The model's own columns that hold personal data by type or by name, companions left out."""
    fields = {field.name: field for field in model._meta.local_fields}
    for name, field in fields.items():
        owner = next((name.removesuffix(end) for end in _COMPANIONS if name.endswith(end)), "")
        if isinstance(fields.get(owner), PersonalField):
            continue
        textual = isinstance(field, models.CharField | models.TextField | models.GenericIPAddressField)
        if isinstance(field, EncryptedTextField) or (textual and _TELLING_NAMES.search(name)):
            yield field


def _emptier(fields: tuple[str, ...]) -> Callable[[models.Model], list[str]]:
    """An eraser that empties columns, the sealed ones with all that is known of them."""

    def erase(row: models.Model) -> list[str]:
        changed: list[str] = []
        for name in fields:
            field = row._meta.get_field(name)
            setattr(row, name, None if getattr(field, "null", False) else "")
            changed += personal_columns(type(row), name) if isinstance(field, PersonalField) else [name]
        if any(field.name == "contact_removed" for field in row._meta.local_fields):
            row.contact_removed = True  # type: ignore[attr-defined]
            changed.append("contact_removed")
        return changed

    return erase
