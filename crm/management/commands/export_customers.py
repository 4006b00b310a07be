"""`manage.py export_customers FILE`: the export page's own code from a terminal."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from core.clock import db_now
from core.errors import DomainError
from core.middleware import full_sentence
from crm.exports.run import download, request_export
from crm.imports.choices import FileFormat
from crm.models import Customer


class Command(BaseCommand):
    """Write the customers a user may export into a file; logged like every export."""

    help = "Export customers to a CSV or XLSX file, with the rights of a user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="ends in .csv or .xlsx")
        parser.add_argument("--by", required=True, metavar="USER")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--search", default="", help="only customers this text finds")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"], is_active=True).first()
        if user is None:
            raise CommandError(f"no active user {options['by']!r}")
        file: Path = options["file"]
        if file.suffix[1:] not in FileFormat.values:
            raise CommandError("the file must end in .csv or .xlsx")
        rows = Customer.objects.visible_to(user)
        rows = rows.matching(options["search"]) if options["search"] else rows
        try:
            export = request_export(
                by=user,
                now=db_now(),
                rows=rows,
                query=f"search={options['search']}" if options["search"] else "",
                file_format=file.suffix[1:],
                reason=options["reason"],
            )
            parts = download(export, by=user, rows=rows, now=db_now())
        except DomainError as refusal:
            raise CommandError(full_sentence(refusal)) from refusal
        with file.open("wb") as target:
            for part in parts:
                target.write(part)
        export.refresh_from_db()
        self.stdout.write(f"{export.code}: {export.rows} rows, sha256 {export.sha256}")
