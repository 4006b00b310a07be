"""`restore DIR`: fill an empty installation from one backup; it sends nothing until `release_sending`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import backup
from config.db_roles import acting_as_owner, grant_app_role
from core import outbox
from core.clock import db_now
from crm.erasure_list import keep_list, read_lists
from crm.operations import replay_erasures


class Command(BaseCommand):
    """Checks every byte first; then everything or nothing."""

    help = (
        "Restore a backup into an empty database and files folder. Mails and messages stay held afterwards."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """DIR is one backup's own folder."""
        parser.add_argument("dir", type=Path)
        parser.add_argument(
            "--erasures", type=Path, help="a further list of people to erase again (DATA_DIR/erasures.json)"
        )

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
        self._erase_again(options)
        self.stdout.write(f"Restored what was backed up at {found.manifest['made_at']}: {restored}")
        self.stdout.write("Nothing is sent from this copy until you run: ./impeller manage release_sending")

    def _erase_again(self, options: dict[str, Any]) -> None:
        """Whoever was erased after the backup was made must not come back with it."""
        named = options["erasures"]
        if named is not None and not named.exists():
            raise CommandError(f"{named} does not exist.")
        beside, own = options["dir"].resolve().parent / backup.ERASURES, Path(settings.ERASURE_LIST)
        try:
            listed = read_lists(path for path in (beside, own, named) if path is not None)
        except (ValueError, AttributeError) as error:
            raise CommandError(
                f"The list of erasures cannot be read, nobody was erased again: {error}"
            ) from error
        again = replay_erasures(listed, now=db_now())
        keep_list(own, also=[beside])
        self.stdout.write(f"{again} of {len(listed)} people on the list of erasures were erased again.")
