"""Queries whose statement is put together once and then only filled in: for the fixed questions of the busiest pages.

Putting a statement together in Python often takes longer than running it, and so may planning it in PostgreSQL. A page
that asks the same of each row or reader writes its question down as a `Kept`; everything else goes on using querysets.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary, ref

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, Field, ForeignObject, Lookup, QuerySet
from django.db.models.query import (
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)
from psycopg2.extensions import AsIs

READERS = 500  # people whose statements one process keeps of one question
LARGEST = BigIntegerField.MAX_BIGINT
PLANS = 200  # statements one connection keeps planned

_numbers = count(1)
_known: WeakKeyDictionary[Any, OrderedDict[str, None]] = WeakKeyDictionary()


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):  # type: ignore[type-arg]
    """`pk__among=ids`: like `in`, but one place in the statement however many there are. Ids that a query finds
    (`ArraySubquery`) are found before anything else, and each row then by its key."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        if hasattr(self.rhs, "as_sql"):
            found, found_params = compiler.compile(self.rhs)
            return f"{column} = ANY({found})", (*params, *found_params)
        return f"{column} = ANY(%s)", (*params, self.rhs)


class Kept:
    """A question with places: `build(user, *values)` gives its queryset, `kinds` the type of each value.

    `build` makes the same statement whatever the values are (while it is put together it gets marks that stand for
    them; to compare with a list it uses `among`), and its rows depend on the reader only through the reader's
    rights: a statement is kept per rights held, so changed rights mean another one.

    A `planned` question is planned once a connection as well: right where rows are found by a key, wrong where the best
    way depends on the values. PostgreSQL plans anew by itself when a table changes.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *kinds: type, planned: bool = False) -> None:
        self._build, self._marks = build, [_MARKS[kind](place) for place, kind in enumerate(kinds)]
        self._statement = _Planned if planned else _Statement
        self._for = lru_cache(READERS)(self._put_together)

    def rows(self, user: Any, *values: Any) -> list[Any]:
        """The rows for this reader (None: the system) and these values, as the queryset would give them."""
        if any(type(value) is int and abs(value) > LARGEST for value in values):
            return []  # no row has such a number, and the database would call it an error
        kept = self._for(_Reader(user))
        return kept.rows(values) if kept is not None else []

    def first(self, user: Any, *values: Any) -> Any:
        """The first of the rows, or None."""
        return next(iter(self.rows(user, *values)), None)

    def _put_together(self, reader: "_Reader") -> "_Statement | None":
        rows = self._build(reader.leave(), *self._marks)
        try:
            return self._statement(rows, self._marks)
        except EmptyResultSet:  # nothing this reader could see
            return None


class KeptRows:
    """A queryset that many narrow down further, begun once per rights held: `build(user)` as for `Kept`."""

    def __init__(self, build: Callable[[Any], QuerySet[Any]]) -> None:
        self._for = lru_cache(READERS)(lambda reader: build(reader.leave()))

    def rows(self, user: Any) -> Any:
        """The queryset for this reader."""
        return self._for(_Reader(user)).all()


class _Reader:
    """Whose statement: equal where the same rights are held by the same person."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.rights: Hashable = None if user is None else (user.pk, user.is_active, user.authority())

    def leave(self) -> Any:
        """The person, who need not stay with what is kept."""
        user, self.user = self.user, None
        return user

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader) and self.rights == other.rights

    def __hash__(self) -> int:
        return hash(self.rights)


class _Statement:
    """A queryset put together: its SQL, where the values go, and what makes its columns into rows."""

    def __init__(self, rows: QuerySet[Any], marks: list[Any]) -> None:
        compiler = rows.query.get_compiler(using=rows.db)
        self.db = rows.db
        self.sql, params = compiler.as_sql()
        self.params = list(params)
        self.places = [
            [at for at, param in enumerate(self.params) if type(param) is type(mark) and param == mark]
            for mark in marks
        ]
        if not all(self.places):
            raise ValueError("A kept question lost one of its values on the way into SQL.")
        self.converters = compiler.get_converters([column[0] for column in compiler.select]).items()
        self.shape = _SHAPES[rows._iterable_class](rows, compiler)

    def rows(self, values: tuple[Any, ...]) -> list[Any]:
        """The rows of this statement with these values."""
        connection = connections[self.db]
        with connection.cursor() as cursor:
            cursor.execute(*self.said(connection, values))
            found = cursor.fetchall()
        if self.converters:
            found = [self._converted(list(row), connection) for row in found]
        return self.shape(found)

    def _converted(self, row: list[Any], connection: Any) -> list[Any]:
        for place, (ways, column) in self.converters:
            for way in ways:
                row[place] = way(row[place], column, connection)
        return row

    def said(self, connection: Any, values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """The SQL and its parameters."""
        params = self.params.copy()
        for places, value in zip(self.places, values, strict=True):
            for at in places:
                params[at] = value
        return self.sql, tuple(params)


class _Planned(_Statement):
    """A statement that PostgreSQL has planned under a name; the name and the values are all that is sent."""

    def __init__(self, rows: QuerySet[Any], marks: list[Any]) -> None:
        super().__init__(rows, marks)
        self.name = f"kept_{next(_numbers)}"
        dollars = {at: AsIs(f"${number}") for number, found in enumerate(self.places, 1) for at in found}
        self.params = [dollars.get(at, param) for at, param in enumerate(self.params)]
        self.execute = f"EXECUTE {self.name} ({', '.join(['%s'] * len(marks))})"

    def said(self, connection: Any, values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """The call of the planned statement, which this connection is taught the first time."""
        connection.ensure_connection()
        raw = connection.connection
        known = _known.setdefault(raw, OrderedDict())
        if self.name not in known:
            with raw.cursor() as cursor:  # Django's own would count it among the statements of the page
                while len(known) >= PLANS:
                    cursor.execute(f"DEALLOCATE {known.popitem(last=False)[0]}")
                cursor.execute(f"PREPARE {self.name} AS {self.sql}", self.params)
            known[self.name] = None
        known.move_to_end(self.name)
        return self.execute, values


# --- the shapes of rows -----------------------------------------------------------------------------------------------
type Shape = Callable[[Iterable[Sequence[Any]]], list[Any]]


def _as_models(rows: QuerySet[Any], compiler: Any) -> Shape:
    """Instances, with those read beside them and what was computed for them."""
    info, columns, db, mode = compiler.klass_info, compiler.select, rows.db, rows._fetch_mode  # type: ignore[attr-defined]
    own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [column[0].target.attname for column in columns[own]]
    from_db = partial(info["model"].from_db, db, names, fetch_mode=mode)
    computed = compiler.annotation_col_map.items()
    kept_beside = None if mode.track_peers else get_related_populators(info, columns, db, mode)

    def shape(found: Iterable[Sequence[Any]]) -> list[Any]:
        beside = get_related_populators(info, columns, db, mode) if kept_beside is None else kept_beside
        made = []
        peers: list[Any] = []
        for row in found:
            one = from_db(row[own])
            made.append(one)
            if mode.track_peers:
                peers.append(ref(one))
                one._state.peers = peers
            for populator in beside:
                populator.populate(row, one)
            for name, place in computed:
                setattr(one, name, row[place])
        return made

    return shape


def _as_dicts(rows: QuerySet[Any], compiler: Any) -> Shape:
    names = tuple(rows.query.selected or (*rows.query.values_select, *rows.query.annotation_select))
    return lambda found: [dict(zip(names, row, strict=True)) for row in found]


_SHAPES: dict[Any, Callable[[QuerySet[Any], Any], Shape]] = {
    ModelIterable: _as_models,
    ValuesIterable: _as_dicts,
    ValuesListIterable: lambda rows, compiler: lambda found: list(map(tuple, found)),
}

# What stands for a value while a statement is put together: nothing real is equal to it.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda place: -9_007_199_254_740_000 - place,
    str: lambda place: f"\x1a{place}\x1a",
    datetime: lambda place: datetime(9998, 1, 1 + place, tzinfo=UTC),
    list: lambda place: [-9_007_199_254_740_000 - place],
}
