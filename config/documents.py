"""Documents the product writes about itself: the command that makes one, and says whether the committed one is true."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class DocumentCommand(BaseCommand):
    """Write `document`, or with --check fail when the committed file says something else than `text()`."""

    document: ClassVar[str]  # path inside the checkout

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check writes nothing."""
        parser.add_argument("--check", action="store_true", help="only compare; fail when out of date")

    def text(self) -> str:
        """The document as it should be now."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare or write."""
        path, text = Path(settings.BASE_DIR) / self.document, self.text()
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{self.document}: {len(text.splitlines())} lines")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            command = type(self).__module__.rsplit(".", 1)[1]
            raise CommandError(
                f"The product is not what {self.document} says; if that is meant: ./impeller manage {command}"
            )
