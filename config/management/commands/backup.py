"""`backup DIR`: the database and the files, proved readable, into a new folder under DIR."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import backup
from config.backup import ERASURES
from crm.erasure_list import keep_list


class Command(BaseCommand):
    """Fails loudly rather than leave half a backup."""

    help = (
        "Back up the database and the files. FIELD_KEYS and SECRET_KEY are not included: keep them elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """DIR is made when missing; each backup is a folder of its own in it."""
        parser.add_argument("dir", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say where the backup lies and what it holds."""
        try:
            made = backup.make(options["dir"], now=datetime.now(UTC))
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        listed = keep_list(options["dir"] / ERASURES, also=[Path(settings.ERASURE_LIST)])
        rows = ", ".join(f"{table} {count}" for table, count in made.manifest["rows"].items())
        size = sum(made.manifest["bytes"].values()) / 1e6
        self.stdout.write(f"{made.folder}: {size:.1f} MB; {rows}")
        self.stdout.write(
            f"{options['dir'] / ERASURES}: {len(listed)} people erased, for every restore to erase again."
        )
        self.stdout.write("FIELD_KEYS and SECRET_KEY are not in it. Keep them in another place.")
