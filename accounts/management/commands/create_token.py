"""`manage.py create_token USER --name N`: make an API token and print its secret once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.choices import TokenScope
from accounts.models import User
from accounts.operations import create_token
from core.clock import db_now


class Command(BaseCommand):
    """The secret is printed on standard output and kept nowhere."""

    help = "Make an API token for a user and print its secret, which cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """USER --name N [--scope read|write] [--days 90]."""
        parser.add_argument("user", help="user name")
        parser.add_argument("--name", required=True, help="what the token is for")
        parser.add_argument("--scope", choices=TokenScope.values, default=TokenScope.WRITE)
        parser.add_argument("--days", type=int, default=90, help="0 = without end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the secret."""
        user = User.objects.active().filter(username=options["user"].lower()).first()
        if user is None:
            raise CommandError(f"There is no open account called {options['user']}.")
        _token, secret = create_token(
            by=None,
            now=db_now(),
            user=user,
            name=options["name"],
            scope=options["scope"],
            days=options["days"] or None,
        )
        self.stdout.write(secret)
