"""`migrate` as the schema's owner, giving up a lock quickly and trying again, so that readers never queue behind it."""

import time
from typing import Any

from django.core.management.commands import migrate as django_migrate
from django.db import OperationalError, connection

from config.db_roles import acting_as_owner, grant_app_role
from config.folding import FoldingAutodetector
from config.quick_state import QuickExecutor

django_migrate.MigrationExecutor = QuickExecutor  # type: ignore[attr-defined]  # its only door
LOCK_SECONDS, TRIES, ONE_AT_A_TIME = 1, 30, 8_246_153


class Command(django_migrate.Command):
    """Django's migrate with lock_timeout and retry; two hosts at once wait for each other; rights follow."""

    autodetector = FoldingAutodetector

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant the product's role its rights."""
        with acting_as_owner():
            self._exclusively(*args, **options)
        grant_app_role()

    def _exclusively(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
            cursor.execute("SET lock_timeout = %s", [f"{LOCK_SECONDS}s"])
        try:
            self._patiently(*args, **options)
        finally:
            if connection.connection is not None and connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
                    cursor.execute("SET lock_timeout = 0")

    def _patiently(self, *args: Any, **options: Any) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if "lock timeout" not in str(error) or attempt == TRIES:
                    raise
                self.stderr.write(f"A table is in use; trying again ({attempt}/{TRIES}).")
                time.sleep(min(attempt, 5))
