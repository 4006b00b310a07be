"""The search column of a model: a `tsvector` filled from named attributes whenever the row is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from core.search import beginning_query, beginnings_vector, query_terms, search_vector


class _ComputedTokens(DeferredAttribute):
    """The attribute behind the field: asking computes, loading stores only that the column was loaded."""

    field: SearchTermsField

    def __get__(self, row: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        return self if row is None else self.field.tokens_of(row)

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = None


class SearchTermsField(models.Field):
    """Tokens of `names`, `people` and `codes` (attribute names; a list attribute counts as several texts).

    Computed whenever it is asked for, hence the same by `save()`, `bulk_create` and `bulk_update`; a COPY loader
    writes `core.search.search_vector(…)` and gets the same value. The column is never read back, so lists stay
    light. With `update_fields`, name this field whenever one of its sources is named. Give the model a
    `GinIndex` on it.
    """

    descriptor_class = _ComputedTokens
    derived = True

    def __init__(
        self,
        *,
        names: Sequence[str] = (),
        people: Sequence[str] = (),
        codes: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.sources = {"names": tuple(names), "people": tuple(people), "codes": tuple(codes)}
        options |= {"editable": False, "null": True, "serialize": False}
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for fixed in ("editable", "null", "serialize"):
            options.pop(fixed, None)
        options |= {kind: list(attributes) for kind, attributes in self.sources.items() if attributes}
        return name, path, args, options

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector"

    def tokens_of(self, row: models.Model) -> str:
        """The value of this column for a row as its sources stand now."""
        texts = {kind: list(_texts(row, attributes)) for kind, attributes in self.sources.items()}
        return search_vector(texts["names"], people=texts["people"], codes=texts["codes"])

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, tuple[Any, ...]]:
        """Nothing ever needs the tokens in Python, so the database does not send them."""
        return "NULL", ()


class BeginningsField(SearchTermsField):
    """Beginnings of a person's `people` names, user name, pinyin and initials, for `begins` while somebody types."""

    def tokens_of(self, row: models.Model) -> str:
        """The value of this column for a row as its sources stand now."""
        return beginnings_vector(_texts(row, self.sources["people"]))


@BeginningsField.register_lookup
class Begins(models.Lookup):
    """`starts__begins="wang"`: rows with a name that begins so; nothing typed finds nothing."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*params, beginning_query(str(self.rhs)))


@SearchTermsField.register_lookup
class Matches(models.Lookup):
    """`search__matches="云润"`: rows in which every typed word is found; nothing searchable finds nothing."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*params, query_terms(str(self.rhs)).tsquery)


def search_terms_filter[Rows: models.QuerySet[Any]](rows: Rows, field: str, typed: str) -> Rows:
    """The rows a typed text finds; blank text narrows nothing, unsearchable text (only signs) finds nothing."""
    if not typed.strip():
        return rows
    if not query_terms(typed).tsquery:
        return rows.none()
    return rows.filter(**{f"{field}__matches": typed})


def _texts(row: models.Model, attributes: Iterable[str]) -> Iterator[str | None]:
    """The texts of a row's source attributes, lists taken apart."""
    for attribute in attributes:
        value = getattr(row, attribute)
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield value
