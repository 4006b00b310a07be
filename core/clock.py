"""The one clock of the product: the database's, so that hosts with wrong clocks cannot decide what is due."""

from datetime import datetime

from django.db import connection


def db_now() -> datetime:
    """The database server's present instant (timezone-aware, UTC)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
