"""Backup and restore: one folder holding the database dump, the files and a manifest that proves them whole.

Keys are not in it: FIELD_KEYS and SECRET_KEY are kept elsewhere, or a stolen backup would read itself.
"""

import contextlib
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.db import connection

from config.embedded import EmbeddedError, postgres_binaries

DUMP, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
ERASURES = "erasures.json"  # beside the backups, not in one: newer than any of them
COUNTED = ("core_auditentry", "core_storedfile", "accounts_user", "crm_customer", "service_ticket")


class BackupError(RuntimeError):
    """The backup or restore did not happen; the text says why and that nothing counts."""


@dataclass(frozen=True)
class Backup:
    """One finished backup folder."""

    folder: Path
    manifest: dict[str, Any]


def program(name: str) -> str:
    """Return a PostgreSQL program of the server's major version; another major makes dumps nobody can restore."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10000
    candidates = [shutil.which(name)]
    with contextlib.suppress(EmbeddedError, OSError):
        candidates.insert(0, str(postgres_binaries() / name))
    for candidate in filter(None, candidates):
        answer = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False).stdout
        if answer.split()[-1].split(".")[0] == str(server) or f" {server}." in answer:
            return candidate
    raise BackupError(f"There is no {name} of PostgreSQL {server} here.")


def server_environment(url: str) -> dict[str, str]:
    """Return libpq's variables for an address, so that no password stands in a command line."""
    import dj_database_url

    parts = dict(dj_database_url.parse(url))
    env = {
        "PGHOST": str(parts["HOST"]),
        "PGPORT": str(parts["PORT"] or 5432),
        "PGUSER": str(parts["USER"]),
        "PGPASSWORD": str(parts["PASSWORD"]),
        "PGDATABASE": str(settings.DATABASES["default"]["NAME"]),
    }
    env |= {f"PG{key.upper()}": value for key, value in parse_qsl(urlsplit(url).query)}
    return dict(os.environ) | env


def run(command: list[str], what: str) -> None:
    """Run a PostgreSQL program as the schema's owner; its own words explain a failure."""
    env = server_environment(settings.MIGRATION_DATABASE_URL)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{what} failed:\n{done.stderr[-1500:]}")


def make(target: Path, *, now: datetime) -> Backup:
    """Write a backup into a new folder under `target`; it gets its final name only when it is whole.

    The database is dumped before the files are packed: a file is written before its row, so each row's file is there.
    """
    target.mkdir(parents=True, exist_ok=True)
    final = target / f"impeller-{now:%Y%m%dT%H%M%SZ}"
    draft = target / f".{final.name}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    dump = draft / DUMP
    run(
        [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--file", str(dump)],
        "pg_dump",
    )
    run([program("pg_restore"), "--list", "--file", os.devnull, str(dump)], "reading the dump back")
    with tarfile.open(draft / FILES, "w") as archive:
        if Path(settings.MEDIA_ROOT).exists():
            archive.add(settings.MEDIA_ROOT, arcname=".")
    manifest = {
        "made_at": now.isoformat(),
        "postgres": server_version(),
        "rows": counts(),
        "field_keys": key_marks(),
        "sha256": {name: digest(draft / name) for name in (DUMP, FILES)},
        "bytes": {name: (draft / name).stat().st_size for name in (DUMP, FILES)},
    }
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    draft.rename(final)
    return Backup(final, manifest)


def read(folder: Path) -> Backup:
    """Return a backup after checking every byte against its manifest, and that our keys can read it."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} is not a finished backup: {error}") from error
    for name, expected in manifest["sha256"].items():
        path = folder / name
        if not path.exists() or digest(path) != expected:
            raise BackupError(f"{path} is missing or not what was written; this backup cannot be trusted.")
    ours = key_marks()
    if missing := [name for name, mark in manifest["field_keys"].items() if ours.get(name) != mark]:
        raise BackupError(
            f"FIELD_KEYS lacks the backup's key {missing}: phones and addresses could not be read."
        )
    return Backup(folder, manifest)


def key_marks() -> dict[str, str]:
    """Return a mark of each field key that tells keys apart and gives nothing away."""
    return {
        name: hmac.new(key, b"backup mark", "sha256").hexdigest()[:16]
        for name, key in settings.FIELD_KEYS.items()
    }


def restore(backup: Backup) -> None:
    """Fill an empty database and an empty files folder from a backup, then prove the row counts."""
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            raise BackupError(
                "The database is not empty. Restore into a new one (another DATA_DIR, a new database)."
            )
    media = Path(settings.MEDIA_ROOT)
    if media.exists() and any(media.iterdir()):
        raise BackupError(f"{media} is not empty.")
    connection.close()
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    name = str(settings.DATABASES["default"]["NAME"])
    run([program("pg_restore"), *options, "--dbname", name, str(backup.folder / DUMP)], "pg_restore")
    media.mkdir(parents=True, exist_ok=True)
    with tarfile.open(backup.folder / FILES) as archive:
        archive.extractall(media, filter="data")


def server_version() -> str:
    """Return the server's version."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def counts() -> dict[str, int]:
    """Return how many rows the tables hold by which a restore is judged."""
    found = {}
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for table in sorted(tables.intersection(COUNTED)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own names
            found[table] = int(cursor.fetchone()[0])
    return found


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
