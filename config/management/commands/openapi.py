"""`openapi`: write the API's document, or say whether the committed one is still true."""

from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


class Command(BaseCommand):
    """Others build on the API: a change to its document must be meant, and so stands in a commit."""

    help = "Write docs/openapi.yaml; --check fails when the API no longer is what it says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate in English, compare or write."""
        out = StringIO()
        with translation.override("en"):
            call_command("spectacular", stdout=out, stderr=StringIO())
        if not options["check"]:
            DOCUMENT.write_text(out.getvalue(), encoding="utf-8")
            self.stdout.write(
                f"{DOCUMENT.relative_to(settings.BASE_DIR)}: {len(out.getvalue().splitlines())} lines"
            )
        elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != out.getvalue():
            raise CommandError(
                "The API is not what docs/openapi.yaml says; if that is meant: ./impeller manage openapi"
            )
