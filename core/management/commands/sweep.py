"""`manage.py sweep`: every scan without a broker, once or for ever."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core import sweep


class Command(BaseCommand):
    """The same list of scans that Celery beat runs."""

    help = "Run all due scans; several sweepers at once are harmless."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--once (default) or --loop."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--once", action="store_true", help="run every scan now, then stop")
        group.add_argument("--loop", action="store_true", help="run due scans every 5 seconds until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report what each scan handled."""
        if not options["loop"]:
            for code, rows in sweep.run_all(force=True).items():
                self.stdout.write(f"{code}: {'busy' if rows is None else rows}")
            return
        while True:
            sweep.run_all()
            time.sleep(5)
