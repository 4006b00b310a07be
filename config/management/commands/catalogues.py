"""`catalogues`: bring the Chinese catalogue up to date, or say what it lacks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import catalogues


class Command(BaseCommand):
    """Merge locale/parts/*.po with the words in use, check, compile."""

    help = "Merge the apps' translations into one catalogue and compile it; --check only reports."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check changes nothing and fails on anything missing; --missing APP prints a PO stub of what lacks."""
        parser.add_argument(
            "--check", action="store_true", help="fail when anything is missing or out of date"
        )
        parser.add_argument(
            "--missing", metavar="FOLDER", help="print a PO stub of words under FOLDER without Chinese"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Report, or write and compile."""
        if options["missing"]:
            self._print_missing(options["missing"])
            return
        found = catalogues.problems()
        text = catalogues.as_text(catalogues.merge())
        if options["check"]:
            if not catalogues.MERGED.exists() or catalogues.MERGED.read_bytes() != text:
                found.append(
                    "locale/zh_Hans/LC_MESSAGES/django.po is out of date: run ./impeller manage catalogues"
                )
            if found:
                raise CommandError(f"{len(found)} problems:\n" + "\n".join(found))
            self.stdout.write("catalogues: complete")
            return
        catalogues.MERGED.parent.mkdir(parents=True, exist_ok=True)
        catalogues.MERGED.write_bytes(text)
        catalogues.compile_all()
        for line in found:
            self.stderr.write(line)
        self.stdout.write(f"catalogues: written, {len(found)} problems")

    def _print_missing(self, folder: str) -> None:
        translated, _conflicts = catalogues.read_parts()
        for message in catalogues.messages(catalogues.extract_words()):
            places = [name for name, _ in message.locations]
            if any(folder in name for name in places) and catalogues.key(message) not in translated:
                context = f'msgctxt "{message.context}"\n' if message.context else ""
                text = (
                    catalogues.key(message)[0].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
                )
                self.stdout.write(f'#: {places[0]}\n{context}msgid "{text}"\nmsgstr ""\n')
