"""Writing many rows at once by COPY, with a digest of what was written."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, models

from core.copying import copy_text, reader_of
from core.fields import PersonalField

CHUNK = 5_000


class Copier:
    """Loads instances table by table. What is sealed differs each time by its nonce, so digests leave it out."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.digests: dict[str, str] = {}

    def load(self, model: type[models.Model], rows: Iterable[models.Model]) -> None:
        """Write the instances with the ids they carry; the table's next id follows the highest."""
        fields = list(model._meta.concrete_fields)
        readers = [reader_of(field) for field in fields]
        open_columns = [not _depends_on_keys(field, fields) for field in fields]
        self._write(model._meta.db_table, [str(field.column) for field in fields], open_columns, (
            [read(row) for read in readers] for row in rows
        ))  # fmt: skip
        pk = model._meta.pk
        if isinstance(pk, models.AutoField | models.BigAutoField):
            _continue_ids(model._meta.db_table, str(pk.column))

    def load_plain(self, model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
        """The same from plain column values, for tables without computed columns: an instance a row costs too much.

        A JSON column may come as text already.
        """
        fields = list(model._meta.concrete_fields)
        defaults = {field.attname: field.get_default() for field in fields}
        texts = {field.attname for field in fields if isinstance(field, models.JSONField)}
        pk = str(fields[0].attname)

        def values() -> Iterator[list[Any]]:
            for number, row in enumerate(rows, start=1):
                found = {**defaults, pk: number, **row}
                for name in texts:
                    if not isinstance(found[name], str):
                        found[name] = json.dumps(found[name], ensure_ascii=False)
                yield list(found.values())

        self._write(
            model._meta.db_table, [str(field.column) for field in fields], [True] * len(fields), values()
        )
        _continue_ids(model._meta.db_table, str(fields[0].column))

    def load_pairs(self, relation: Any, pairs: Iterable[tuple[int, int]]) -> None:
        """Write the pairs (source id, target id) of a many-to-many relation."""
        through = relation.through._meta
        columns = [str(field.column) for field in through.concrete_fields]
        rows = ([number, *pair] for number, pair in enumerate(pairs, start=1))
        self._write(through.db_table, columns, [True, True, True], rows)
        _continue_ids(through.db_table, columns[0])

    def _write(self, table: str, columns: list[str], kept: list[bool], rows: Iterable[list[Any]]) -> None:
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        command = f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN"
        lines: list[str] = []
        written, digest = 0, hashlib.sha256()
        with connection.cursor() as cursor:
            for row in rows:
                texts = [copy_text(value) for value in row]
                lines.append("\t".join(texts))
                plain = "\t".join(text for text, keep in zip(texts, kept, strict=True) if keep)
                digest.update(plain.encode())
                written += 1
                if len(lines) >= CHUNK:
                    cursor.copy_expert(command, io.StringIO("\n".join(lines) + "\n"))
                    lines.clear()
            if lines:
                cursor.copy_expert(command, io.StringIO("\n".join(lines) + "\n"))
        self.counts[table] = written
        self.digests[table] = digest.hexdigest()


def _depends_on_keys(field: models.Field[Any, Any], fields: list[models.Field[Any, Any]]) -> bool:
    """Sealed values, and hashes under this installation's keys."""
    sealed = [one.name for one in fields if isinstance(one, PersonalField)]
    return field.name in sealed or any(field.name == f"{name}_hash" for name in sealed)


def _continue_ids(table: str, column: str) -> None:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(table)
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, %s), COALESCE(max({column}), 1)) FROM {name}",  # noqa: S608 - names of ours
            [table, column],
        )
