"""Numbers and limits the company may change: a default in code, dated company values in rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.errors import RuleBroken, Sentence
from core.models import Parameter


@dataclass(frozen=True)
class Declared:
    """A parameter as code knows it: its default and what it means."""

    key: str
    default: Any
    meaning: Sentence


_declared: dict[str, Declared] = {}


def declare_param(key: str, default: Any, meaning: Sentence) -> None:
    """Declare a parameter beside the rule that reads it; an undeclared key cannot be read or set."""
    _declared[key] = Declared(key, default, meaning)


def declared_params() -> dict[str, Declared]:
    """Every declared parameter by key."""
    return dict(_declared)


def param(key: str, *, at: datetime, unit_code: str = "") -> Any:
    """The value in force at an instant: the unit's row, else the company's, else the default."""
    default = _declared[key].default
    row = _in_force(key, at, unit_code)
    return default if row is None else row.value


def param_version(key: str, *, at: datetime) -> str:
    """Which value a result was computed with: the day it came into force, "0" for the default in code."""
    row = _in_force(key, at, "")
    return "0" if row is None else row.valid_from.date().isoformat()


_read: list[Parameter] | None = None


@contextmanager
def read_once() -> Iterator[None]:
    """Read all company values once for the block: for long work in one transaction that changes none of them."""
    global _read
    _read = list(Parameter.objects.order_by("-unit_code", "-valid_from"))
    try:
        yield
    finally:
        _read = None


def _in_force(key: str, at: datetime, unit_code: str) -> Parameter | None:
    if _read is not None:
        counting = (row for row in _read if row.key == key and row.unit_code in (unit_code, ""))
        return next((row for row in counting if row.valid_from <= at and not _ended(row, at)), None)
    rows = (
        Parameter.objects.filter(key=key, unit_code__in={unit_code, ""}, valid_from__lte=at)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))
        .order_by("-unit_code", "-valid_from")
    )
    return rows.first()


def _ended(row: Parameter, at: datetime) -> bool:
    return row.valid_to is not None and row.valid_to <= at


def set_param(
    key: str,
    value: Any,
    *,
    by: Any,
    approved_by: Any,
    reason: str,
    valid_from: datetime,
    now: datetime,
    unit_code: str = "",
) -> Parameter:
    """Give a parameter a new value from a future instant on; the past is never rewritten.

    Refuses an undeclared key, a past start, and a proposer who approves their own change.
    """
    if key not in _declared:
        raise LookupError(key)
    if _read is not None:
        raise RuntimeError("values read once cannot be changed meanwhile")
    if valid_from < now:
        raise RuleBroken(errors={"valid_from": [_("A parameter can only change in the future.")]})
    if by is not None and by == approved_by:
        raise RuleBroken(errors={"approved_by": [_("Someone else must approve the change.")]})
    Parameter.objects.filter(key=key, unit_code=unit_code, valid_to=None, valid_from__lt=valid_from).update(
        valid_to=valid_from
    )
    return Parameter.objects.create(
        key=key,
        unit_code=unit_code,
        value=value,
        valid_from=valid_from,
        proposed_by=by,
        approved_by=approved_by,
        reason=reason,
    )
