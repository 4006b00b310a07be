"""`manage.py import_tickets FILE --format events`: take over the tickets of a former system."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from core.clock import db_now
from core.rules import require
from service.imports import import_events

SHOWN = 20


class Command(BaseCommand):
    """Import old tickets with all their events; a second run creates nothing and says so row by row."""

    help = "Take over tickets of a former system from its event log."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["events"], required=True)
        parser.add_argument("--by", metavar="USER", help="the person in whose name this is done")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file")
        by = None
        if options["by"]:
            by = User.objects.filter(username=options["by"]).first()
            if by is None:
                raise CommandError(f"there is no user {options['by']}")
            require(by, "service.import_ticket")
        outcome = import_events(by=by, now=db_now(), path=path)
        self.stdout.write(
            f"{outcome.tickets} tickets and {outcome.accepted} events accepted, {len(outcome.rejects)} rows rejected,"
            f" {outcome.agents} agents added"
        )
        for reason, number in outcome.reasons.items():
            self.stdout.write(f"  {reason}: {number}")
        for row, reason in outcome.rejects[:SHOWN]:
            self.stdout.write(f"    row {row}: {reason}")
        if len(outcome.rejects) > SHOWN:
            self.stdout.write(f"    … and {len(outcome.rejects) - SHOWN} more")
