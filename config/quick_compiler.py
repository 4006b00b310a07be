"""Django's SQL compilers with a memory: the text of a column and of all columns of a model is the same every time.

Putting statements together takes longer here than running them, and half of that went into naming columns one by one.
Only what depends on nothing but the model is remembered; whatever else a query asks for goes Django's way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.backends.postgresql import compiler as postgresql
from django.db.models import Model
from django.db.models.expressions import Col
from django.db.models.sql.query import Query

SQLAggregateCompiler = postgresql.SQLAggregateCompiler
SQLInsertCompiler = postgresql.SQLInsertCompiler
PLAIN: tuple[frozenset[str], bool] = (frozenset(), True)  # nothing deferred


class RememberedColumns:
    """For any compiler: a column remembers its own text and how its values are read."""

    connection: Any

    def compile(self, node: Any) -> tuple[str, Any]:
        """The text of a column has no parameters and does not change; columns are shared by all queries of a model."""
        if type(node) is not Col:
            return super().compile(node)  # type: ignore[misc,no-any-return]
        known = node.__dict__
        if "remembered_sql" not in known:
            known["remembered_sql"] = super().compile(node)  # type: ignore[misc]
        return known["remembered_sql"]  # type: ignore[no-any-return]

    def get_converters(self, expressions: Sequence[Any]) -> dict[int, tuple[list[Any], Any]]:
        """What turns a column's values into those of Python, by its place."""
        found = {}
        for place, expression in enumerate(expressions):
            if type(expression) is not Col:
                return super().get_converters(expressions)  # type: ignore[misc,no-any-return]
            known = expression.__dict__
            if "remembered_ways" not in known:
                general = self.connection.ops.get_db_converters(expression)
                known["remembered_ways"] = [*general, *expression.get_db_converters(self.connection)]
            if known["remembered_ways"]:
                found[place] = (known["remembered_ways"], expression)
        return found


class SQLCompiler(RememberedColumns, postgresql.SQLCompiler):
    """Reads whole rows of one model without asking each column anew."""

    def get_select(self, with_col_aliases: bool = False) -> tuple[Any, Any, Any]:
        """All columns of the model as remembered, where exactly those are wanted."""
        query = self.query
        if with_col_aliases or not reads_whole_rows(query):
            return super().get_select(with_col_aliases)
        if query.get_initial_alias() != query.get_meta().db_table:
            return super().get_select(with_col_aliases)
        columns = [(column, self._as_read(column), None) for column in columns_of(query.model)]
        return columns, {"model": query.model, "select_fields": list(range(len(columns)))}, {}

    def _as_read(self, column: Col) -> tuple[str, Any]:
        """The text that reads a column; some are computed columns, of which nobody wants the content."""
        known = column.__dict__
        if "remembered_reading" not in known:
            known["remembered_reading"] = column.select_format(self, *self.compile(column))
        return known["remembered_reading"]  # type: ignore[no-any-return]


class SQLDeleteCompiler(RememberedColumns, postgresql.SQLDeleteCompiler):
    """Django's, remembering columns."""


class SQLUpdateCompiler(RememberedColumns, postgresql.SQLUpdateCompiler):
    """Django's, remembering columns."""


def reads_whole_rows(query: Query) -> bool:
    """Whether a query reads all columns of its own table and nothing else."""
    return bool(
        query.default_cols
        and query.selected is None
        and query.deferred_loading == PLAIN
        and not query.select_related
        and not query.annotation_select
        and not query.extra_select
        and columns_of(query.model)
    )


@cache
def columns_of(model: type[Model]) -> tuple[Col, ...]:
    """The columns of a model's own table in their order; empty where there are others too (parents)."""
    fields = model._meta.concrete_fields
    if model._meta.concrete_model is not model or model._meta.parents:
        return ()
    columns = [field.get_col(model._meta.db_table) for field in fields]
    return tuple(columns) if all(type(column) is Col for column in columns) else ()
