"""Model fields of our own: sealed personal data with what may be searched and shown of it; the search column."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from core.crypto import blind_hash, blind_hashes, seal, unseal
from core.phones import comparable_phone, mask_phone, parse_phone
from core.search_fields import SearchTermsField, search_terms_filter

__all__ = [
    "EncryptedTextField",
    "PersonalField",
    "SearchTermsField",
    "personal_columns",
    "search_terms_filter",
]


@dataclass(frozen=True)
class PersonalKind:
    """How values of one kind are compared, shortened and masked."""

    comparable: Callable[[str], str]
    masked: Callable[[str], str]
    last4: Callable[[str], str]


class EncryptedTextField(models.TextField):
    """Text that is ciphertext in the database and plain in Python; it cannot be searched or sorted."""

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        return None if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None or hasattr(value, "as_sql") else seal(str(value))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: the database cannot compare it ({lookup_name})")
        return super().get_lookup(lookup_name)


class _Opened(str):
    """A value as it came out of the database: its companions came with it."""

    __slots__ = ()


class _Sealing(DeferredAttribute):
    """The attribute behind a personal field: assigning a plain value renews its companions at once."""

    field: PersonalField

    def __set__(self, row: models.Model, value: Any) -> None:
        loaded = isinstance(value, _Opened)
        row.__dict__[self.field.attname] = str(value) if loaded else value
        if not loaded and isinstance(value, str):
            row.__dict__.update(self.field.companions_for(value))


class PersonalField(EncryptedTextField):
    """A phone number, WeChat name or e-mail address, sealed, with three plain companions beside it.

    `<name>_hash` finds the whole value (`filter(mobile="138 0013 8000")` uses it, whatever the spelling),
    `<name>_last4` the four last digits of a phone, `<name>_masked` is what lists show. Saving and assigning
    renew the companions; with `update_fields` or `bulk_update` name them too: `personal_columns(Model, "mobile")`.
    A COPY loader takes all four values from `columns_for`.
    """

    descriptor_class = _Sealing

    def __init__(self, *args: Any, kind: str, companions: bool = True, **options: Any) -> None:
        self.kind = kind
        self.companions = companions
        self.rules = KINDS[kind]
        options.setdefault("default", "")
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """In migrations the companions are columns in their own right, so the field must not add them again."""
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"kind": self.kind, "companions": False}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if self.companions and not cls._meta.abstract:
            hidden: dict[str, Any] = {"blank": True, "default": "", "editable": False}
            models.CharField(max_length=64, db_index=True, **hidden).contribute_to_class(cls, f"{name}_hash")
            models.CharField(max_length=4, db_index=self.kind == "phone", **hidden).contribute_to_class(
                cls, f"{name}_last4"
            )
            models.CharField(max_length=80, **hidden).contribute_to_class(cls, f"{name}_masked")

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        opened = super().from_db_value(value, expression, connection)
        return None if opened is None else _Opened(opened)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        model_instance.__dict__.update(self.companions_for(value or ""))
        return value

    def columns_for(self, value: str) -> dict[str, str]:
        """The values of all four columns for a plain value, ready for COPY."""
        return {self.attname: seal(value), **self.companions_for(value)}

    def companions_for(self, value: str) -> dict[str, str]:
        """What may be known of a value without opening it."""
        if not value:
            return {f"{self.attname}_{what}": "" for what in ("hash", "last4", "masked")}
        return {
            f"{self.attname}_hash": blind_hash(self.rules.comparable(value)),
            f"{self.attname}_last4": self.rules.last4(value),
            f"{self.attname}_masked": self.rules.masked(value),
        }

    def get_lookup(self, lookup_name: str) -> Any:
        return BlindEquality if lookup_name in ("exact", "in") else super().get_lookup(lookup_name)

    def formfield(self, **options: Any) -> Any:
        form_class = forms.EmailField if self.kind == "email" else forms.CharField
        defaults = {"max_length": 80, "form_class": form_class, "widget": form_class.widget}
        return models.Field.formfield(self, **(defaults | options))


class BlindEquality(models.Lookup):
    """`mobile="…"` and `mobile__in=[…]`: equality through the hash column, under every key in use."""

    lookup_name = "exact"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        field = self.lhs.target
        values = self.rhs if isinstance(self.rhs, list | tuple | set) else [self.rhs]
        hashes = [found for value in values for found in blind_hashes(field.rules.comparable(str(value)))]
        quote = connection.ops.quote_name
        column = f"{quote(self.lhs.alias)}.{quote(f'{field.column}_hash')}"
        return f"{column} = ANY(%s)", (hashes,)


def personal_columns(model: type[models.Model], name: str) -> list[str]:
    """The field and its companions, for `update_fields`."""
    return [name, f"{name}_hash", f"{name}_last4", f"{name}_masked"]


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip().casefold()


def _mask_name(value: str) -> str:
    """w***8: the first and the last character of a name of more than three."""
    return f"{value[0]}***{value[-1]}" if len(value) > 3 else f"{value[0]}***"


def _mask_email(value: str) -> str:
    """l***@example.com: the first character and the domain."""
    local, _, domain = value.strip().rpartition("@")
    return f"{local[:1]}***@{domain}"[:80] if local else "***"


def _last_four(value: str) -> str:
    phone = parse_phone(value)
    return phone.last_four if phone else ""


KINDS: Final[dict[str, PersonalKind]] = {
    "phone": PersonalKind(comparable_phone, mask_phone, _last_four),
    "wechat": PersonalKind(_folded, _mask_name, lambda value: ""),
    "email": PersonalKind(_folded, _mask_email, lambda value: ""),
    "name": PersonalKind(_folded, _mask_name, lambda value: ""),
}
