"""Paging by the last row seen instead of by offset: page 10,000 costs what page 1 costs.

A resource offers a closed list of orderings, each backed by an index; a cursor is the ordering's name with
the values of the last row. Nullable columns sort last.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Subquery, Value
from django.utils.translation import gettext_lazy as _

from core.errors import RuleBroken
from core.kept import Among

MAX_LIMIT = 200
NEAR = 2_000  # keys looked through for somebody who sees few rows, before these are collected
COUNT_CAP = 10_000


@dataclass
class Page[Row: models.Model]:
    """One page of rows and the cursors of its neighbours (None at the ends)."""

    rows: list[Row]
    next: str | None
    previous: str | None


def encode_cursor(ordering: str, values: list[Any], *, backwards: bool = False) -> str:
    """Pack an ordering name and the values of a row into an opaque word for a URL."""
    raw = json.dumps([ordering, values, backwards], cls=DjangoJSONEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[str, list[Any], bool]:
    """Unpack a cursor. Raises RuleBroken (400) for anything this product did not make."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        ordering, values, backwards = json.loads(raw)
        if not isinstance(ordering, str) or not isinstance(values, list) or not isinstance(backwards, bool):
            raise ValueError(cursor)
    except (ValueError, TypeError, UnicodeDecodeError) as error:
        raise RuleBroken(
            _("This page address is damaged."), errors={"cursor": [_("Not a page cursor.")]}
        ) from error
    return ordering, values, backwards


def paginate[Row: models.Model](
    rows: models.QuerySet[Row],
    fields: tuple[str, ...],
    *,
    ordering: str,
    cursor: str | None,
    limit: int,
    few: Callable[[], models.QuerySet[Row]] | None = None,
) -> Page[Row]:
    """The page of `rows` after (or before) a cursor in the order of `fields`.

    `fields` are model or annotation names, "-" for descending, ending in a unique one; `ordering` is their
    public name, which a cursor must match. In the order of the key alone, `few` is for somebody who sees few rows of a
    big table: it gives the same rows in a shape by which all of them can be collected.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    backwards, after, start = False, Q(), None
    if cursor:
        name, values, backwards = decode_cursor(cursor)
        if name != ordering or len(values) != len(fields):
            raise RuleBroken(errors={"cursor": [_("Not a page cursor.")]})
        try:
            after = _after(rows.model, fields, values, backwards=backwards)
            rows = rows.filter(after)
            start = int(values[0]) if few is not None else None
        except (ValueError, TypeError) as error:
            raise RuleBroken(errors={"cursor": [_("Not a page cursor.")]}) from error
    if few is None:
        found = list(first_of(rows, fields, limit, backwards=backwards))
    else:
        found = list(first_near(rows, fields, limit, backwards=backwards, start=start))
        if len(found) <= limit:
            found = list(first_collected(rows, few().filter(after), fields, limit, backwards=backwards))
    return page_of(found, fields, ordering=ordering, limit=limit, backwards=backwards, inside=bool(cursor))


def first_of[Rows: models.QuerySet[Any]](
    rows: Rows, fields: tuple[str, ...], limit: int, *, backwards: bool = False
) -> Rows:
    """The rows of a page in their order, and one more that tells whether another page follows."""
    return rows.order_by(*[_order(rows.model, field, backwards) for field in fields])[: limit + 1]


def first_near[Rows: models.QuerySet[Any]](
    rows: Rows, fields: tuple[str, ...], limit: int, *, backwards: bool = False, start: int | None = None
) -> Rows:
    """The first rows in the order of the key, among the next keys of the table from `start` (or its end) on.

    Who sees few rows finds most pages there. Without the bound a page is a walk past everybody else's rows: after an
    import, past all that came with it.
    """
    bound, by = ("pk__gt", -NEAR) if _goes_down(fields, backwards) else ("pk__lt", NEAR)
    if start is None:
        end = Subquery(rows.model._base_manager.order_by(*fields).values("pk")[:1])
        rows = rows.filter(**{bound: _whole(end + Value(by))})
    else:
        rows = rows.filter(**{bound: start + by})
    return first_of(rows, fields, limit, backwards=backwards)


def first_collected[Rows: models.QuerySet[Any]](
    rows: Rows, few: models.QuerySet[Any], fields: tuple[str, ...], limit: int, *, backwards: bool = False
) -> Rows:
    """The first rows in the order of the key out of `few`, which are all collected and sorted.

    Sorted by a sum, because no index has that order: in the order of the key PostgreSQL would hope to meet them soon,
    and walk.
    """
    key = _whole(F("pk") + Value(0))
    ids = few.order_by(key.desc() if _goes_down(fields, backwards) else key.asc()).values("pk")
    among = Among(F("pk"), ArraySubquery(ids[: limit + 1]))
    return first_of(rows.filter(among), fields, limit, backwards=backwards)


def _goes_down(fields: tuple[str, ...], backwards: bool) -> bool:
    return fields[0].startswith("-") != backwards


def _whole(number: Any) -> ExpressionWrapper:
    return ExpressionWrapper(number, output_field=models.BigIntegerField())


def page_of[Row: models.Model](
    found: list[Row],
    fields: tuple[str, ...],
    *,
    ordering: str,
    limit: int,
    backwards: bool = False,
    inside: bool = False,
) -> Page[Row]:
    """The page of rows that `first_of` found; `inside` when they come after or before a cursor."""
    more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    has_next, has_previous = (inside, more) if backwards else (more, inside)
    return Page(
        found,
        encode_cursor(ordering, _values(found[-1], fields)) if found and has_next else None,
        encode_cursor(ordering, _values(found[0], fields), backwards=True)
        if found and has_previous
        else None,
    )


def capped_count(rows: models.QuerySet[Any]) -> tuple[int, bool]:
    """Rows up to 10,000 and whether there are more; a broad search never counts a whole table."""
    counted = rows.order_by().values("pk")[: COUNT_CAP + 1].count()
    return min(counted, COUNT_CAP), counted > COUNT_CAP


def _order(model: type[models.Model], field: str, backwards: bool) -> Any:
    """A field's order with its empty values last; a column that is never empty does without the words, because with
    them PostgreSQL does not recognise the order of an index on "-id"."""
    name = field.lstrip("-")
    descending = field.startswith("-") != backwards
    if "__" not in name and not _nullable(model, name):
        return f"-{name}" if descending else name
    if backwards:
        return F(name).desc(nulls_first=True) if descending else F(name).asc(nulls_first=True)
    return F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)


def _values(row: models.Model, fields: tuple[str, ...]) -> list[Any]:
    values = []
    for field in fields:
        value: Any = row
        for part in field.lstrip("-").split("__"):
            value = getattr(value, part)
        values.append(value.isoformat() if isinstance(value, (datetime, date)) else value)
    return [str(value) if isinstance(value, Decimal) else value for value in values]


def _after(model: type[models.Model], fields: tuple[str, ...], values: list[Any], *, backwards: bool) -> Q:
    """Rows beyond the cursor row: for (a, b) it is `a > x OR (a = x AND b > y)`, nulls counting as largest."""
    beyond, equal = Q(pk__in=[]), Q()
    for field, value in zip(fields, values, strict=True):
        name = field.lstrip("-")
        descending = field.startswith("-") != backwards
        if value is None:
            step = Q(**{f"{name}__isnull": False}) if backwards else Q(pk__in=[])
            same = Q(**{f"{name}__isnull": True})
        else:
            step = Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
            if not backwards and _nullable(model, name):
                step |= Q(**{f"{name}__isnull": True})
            same = Q(**{name: value})
        beyond |= equal & step
        equal &= same
    # A plain bound on the first column lets PostgreSQL start in the index instead of filtering from its head.
    first, first_value = fields[0], values[0]
    if first_value is not None and not _nullable(model, first.lstrip("-")):
        descending = first.startswith("-") != backwards
        beyond &= Q(**{f"{first.lstrip('-')}__{'lte' if descending else 'gte'}": first_value})
    return beyond


def _nullable(model: type[models.Model], name: str) -> bool:
    try:
        return bool(getattr(model._meta.get_field(name.split("__")[0]), "null", False))
    except FieldDoesNotExist:
        return True
