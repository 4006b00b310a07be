"""Fills an empty installation with an invented company of a chosen size: the same arguments, the same rows."""

import time
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from accounts.models import User
from config.db_roles import acting_as_owner
from config.generate.company import generate
from config.generate.profiles import PROFILES


class Command(BaseCommand):
    """`--profile demo` is the hand-written demo company, the letters are sizes made in bulk for measuring."""

    help = "Generate an invented company (refused where users exist)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--as-of is the company's today: nothing lies after it but planned steps."""
        parser.add_argument("--profile", choices=["demo", *PROFILES], default="demo")
        parser.add_argument("--seed", type=int, default=20261122)
        parser.add_argument("--as-of", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the rows, say how many there are and what they add up to."""
        if options["profile"] == "demo":
            call_command("load_demo", seed=options["seed"])
            return
        if User.objects.exists():
            raise CommandError("There are users here already; generated rows belong into an empty database.")
        day = options["as_of"] or timezone.localdate()
        as_of = timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here
        began = time.monotonic()
        with acting_as_owner():
            manifest = generate(PROFILES[options["profile"]], options["seed"], as_of)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM (ANALYZE)")  # the planner learns the sizes
        for table, count in manifest.counts.items():
            self.stdout.write(f"{count:>9,}  {table:<28} {manifest.digests[table][:12]}")
        self.stdout.write(f"checksum {manifest.checksum}")
        self.stderr.write(f"{time.monotonic() - began:.1f} s")
