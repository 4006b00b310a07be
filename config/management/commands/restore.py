"""`restore DIR`: fill an empty installation from one backup; it sends nothing until `release_sending`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import backup
from config.db_roles import acting_as_owner, grant_app_role
from core import outbox


class Command(BaseCommand):
    """Checks every byte first; then everything or nothing."""

    help = (
        "Restore a backup into an empty database and files folder. Mails and messages stay held afterwards."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """DIR is one backup's own folder."""
        parser.add_argument("dir", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, bring the schema to this version, hold sending, and compare the rows with the manifest."""
        try:
            found = backup.read(options["dir"])
            with acting_as_owner():
                backup.restore(found)
                restored = backup.counts()
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        grant_app_role()
        outbox.hold_sending()
        call_command("migrate", interactive=False, verbosity=0)
        if restored != found.manifest["rows"]:
            raise CommandError(f"The rows differ: {restored} instead of {found.manifest['rows']}.")
        self.stdout.write(f"Restored what was backed up at {found.manifest['made_at']}: {restored}")
        self.stdout.write("Nothing is sent from this copy until you run: ./impeller manage release_sending")
