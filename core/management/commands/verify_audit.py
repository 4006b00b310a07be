"""`manage.py verify_audit`: recompute the hash chain over the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import audit


class Command(BaseCommand):
    """Exit status 1 and one line per broken seal when the trail was changed."""

    help = "Check that no sealed audit entry was changed, removed or slipped in."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify the whole chain."""
        findings = audit.verify()
        if findings:
            raise CommandError("\n".join(findings))
        self.stdout.write("The audit trail is intact.")
