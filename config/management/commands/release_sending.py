"""`release_sending`: a restored copy becomes the real one and may send mails and messages again."""

from typing import Any

from django.core.management.base import BaseCommand

from core import outbox


class Command(BaseCommand):
    """Only a person decides that no other copy is sending."""

    help = "Let a restored installation send again what is due."

    def handle(self, *args: Any, **options: Any) -> None:
        """Release, and say whether anything was held."""
        self.stdout.write("Sending is released." if outbox.release_sending() else "Sending was not held.")
