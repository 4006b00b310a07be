"""`manage.py export_customers FILE`: the export page's own code from a terminal."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from core.clock import db_now
from core.errors import DomainError
from core.middleware import full_sentence
from crm.exports.asking import request_export
from crm.exports.choices import ExportResource, ExportState
from crm.exports.fetching import ENDINGS, download, reveal_password
from crm.exports.tables import TABLES
from crm.exports.work import wait_for
from crm.imports.choices import FileFormat
from crm.models import Export


class Command(BaseCommand):
    """Write the rows a user may export into a locked file; logged, and approved by others, like every export."""

    help = "Export customers, contacts or contact logs to a locked workbook (.xlsx) or ZIP of a CSV (.zip)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="ends in .xlsx or .zip")
        parser.add_argument("--by", required=True, metavar="USER")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--search", default="", help="only rows this text finds")
        parser.add_argument("--list", default=ExportResource.CUSTOMERS, choices=ExportResource.values)
        parser.add_argument(
            "--fetch", metavar="NUMBER", help="an export asked for earlier and approved since"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"], is_active=True).first()
        if user is None:
            raise CommandError(f"no active user {options['by']!r}")
        file: Path = options["file"]
        formats = {ending: kind for kind, ending in ENDINGS.items()}
        if file.suffix[1:] not in formats:
            raise CommandError("the file must end in .xlsx or .zip")
        try:
            export = self._asked(user, formats[file.suffix[1:]], options)
            if export.state == ExportState.REQUESTED:
                self.stdout.write(
                    f"{export.code}: {export.rows} rows wait for approval; then --fetch {export.code}"
                )
                return
            export = wait_for(export)
            password = reveal_password(export, by=user, now=db_now())
            parts = download(export, by=user, now=db_now())
        except DomainError as refusal:
            raise CommandError(full_sentence(refusal)) from refusal
        with file.open("wb") as target:
            for part in parts:
                target.write(part)
        self.stdout.write(f"{export.code}: {export.file_rows} rows, sha256 {export.sha256}")
        self.stdout.write(f"password: {password}")

    def _asked(self, user: User, file_format: FileFormat, options: dict[str, Any]) -> Export:
        """The export named by --fetch, else a new one."""
        if options["fetch"]:
            export = Export.objects.visible_to(user).filter(code=options["fetch"]).first()
            if export is None:
                raise CommandError(f"no export {options['fetch']!r}")
            return export
        searches = "search" in TABLES[options["list"]].filterset.base_filters
        if options["search"] and not searches:
            raise CommandError("this list cannot be searched by text")
        query = urlencode({"search": options["search"]}) if options["search"] else ""
        return request_export(
            by=user,
            now=db_now(),
            query=query,
            resource=options["list"],
            file_format=file_format,
            reason=options["reason"],
        )
