"""`check_invariants`: ask the database whether everything that must always hold does; nightly and after a restore."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import invariants


class Command(BaseCommand):
    """Exit status 1 and one line for each finding."""

    help = "Check what must hold whatever was killed, restored or run twice (N1–N10)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask all, then say."""
        if found := list(invariants.findings()):
            raise CommandError("\n".join(found))
        self.stdout.write(f"All {len(invariants.INVARIANTS)} invariants hold.")
