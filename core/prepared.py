"""Statements that the database plans once a connection: for what every request asks and planning costs more than running."""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def fetch_prepared(name: str, sql: str, types: str, values: Sequence[Any]) -> list[Any]:
    """Every row of a statement whose places are $1, $2 …, of these SQL types; `name` stands for this text alone.

    Preparing leaves no line in Django's log of statements. PostgreSQL plans anew by itself when a table changes.
    """
    connection.ensure_connection()
    raw = connection.connection
    with connection.cursor() as cursor:
        if name not in _known.setdefault(raw, set()):
            with raw.cursor() as plain:
                plain.execute(f"PREPARE {name} ({types}) AS {sql}")
            _known[raw].add(name)
        places = ", ".join(["%s"] * len(values))
        cursor.execute(f"EXECUTE {name} ({places})", values)
        return list(cursor.fetchall())
