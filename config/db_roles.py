"""The two database roles: acting as the schema's owner for a while, and what the product's own role may do."""

from collections.abc import Iterator
from contextlib import contextmanager

import dj_database_url
from django.conf import settings
from django.db import connection

LOGIN = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def acting_as_owner() -> Iterator[None]:
    """Connect as the role of MIGRATION_DATABASE_URL inside the block, to the database already chosen.

    Nothing changes where one role serves both (tests, or a server with a single role).
    """
    if settings.MIGRATION_DATABASE_URL == settings.DATABASE_URL:
        yield
        return
    owner = dict(dj_database_url.parse(settings.MIGRATION_DATABASE_URL))
    before = {name: connection.settings_dict.get(name) for name in LOGIN}
    connection.close()
    connection.settings_dict.update({name: owner.get(name, "") for name in LOGIN})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def app_role() -> str | None:
    """Return the product's own role when it differs from the owner."""
    if settings.MIGRATION_DATABASE_URL == settings.DATABASE_URL:
        return None
    return str(dj_database_url.parse(settings.DATABASE_URL)["USER"])


def grant_app_role() -> None:
    """Let the product's role read and write rows, but neither change the schema nor rewrite the audit.

    Runs as the owner after every migration; running it again changes nothing.
    """
    role = app_role()
    if role is None:
        return
    with acting_as_owner(), connection.cursor() as cursor:
        name = connection.ops.quote_name(role)
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM {name}, PUBLIC")
        for table in sorted(tables.intersection(settings.APPEND_ONLY_TABLES)):
            cursor.execute(
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {connection.ops.quote_name(table)} FROM {name}"
            )
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}")
