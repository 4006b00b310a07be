"""`manage.py import_customers FILE`: the import pages' own code from a terminal."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from core.clock import db_now
from core.errors import DomainError
from core.middleware import full_sentence
from crm.imports.choices import DuplicatePolicy, RowOutcome
from crm.imports.intake import take_upload, wait_for
from crm.imports.report import report_rows
from crm.models import ImportBatch

REPORTED = (RowOutcome.REJECTED, RowOutcome.SKIPPED)


class Command(BaseCommand):
    """Take a file in as a user would: read, assign columns by their headers, check every row, import."""

    help = "Import customers from a CSV or XLSX file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="USER", help="user name of the importer")
        parser.add_argument("--dry-run", action="store_true", help="check every row, write no customer")
        parser.add_argument("--policy", choices=DuplicatePolicy.values, default=DuplicatePolicy.SKIP)
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=N",
            help="field in column N, counted from 1",
        )
        parser.add_argument(
            "--constant",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="value of a field for all rows",
        )
        parser.add_argument("--rows", type=int, default=20, help="rows not imported to name (0: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"], is_active=True).first()
        if user is None:
            raise CommandError(f"no active user {options['by']!r}")
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        try:
            batch = self.run(user, options["file"].name, content, options)
        except DomainError as refusal:
            raise CommandError(full_sentence(refusal)) from refusal
        self.tell(batch, user, options["rows"])

    def run(self, user: User, name: str, content: bytes, options: dict[str, Any]) -> ImportBatch:
        """The steps of the import pages, one after the other."""
        batch = take_upload(by=user, now=db_now(), file_name=name, content=content)
        self.stdout.write(
            f"{batch.code}: {batch.file_name}, {batch.format} {batch.encoding} {batch.delimiter!r}, {batch.total} rows"
        )
        columns = {field: int(number) - 1 for field, number in _pairs(options["column"])}
        mapping = {
            **{field: at for field, at in batch.mapping.items() if at not in columns.values()},
            **columns,
        }
        self.stdout.write(f"columns: {json.dumps({field: at + 1 for field, at in mapping.items()})}")
        batch = batch.map_columns(
            by=user,
            mapping=mapping,
            constants={**batch.constants, **dict(_pairs(options["constant"]))},
            policy=options["policy"],
        )
        batch = wait_for(batch.dry_run(by=user))
        if options["dry_run"]:
            return batch
        if not user.has_perm("crm.start_importbatch", batch):
            return batch.submit(by=user)
        return wait_for(batch.start(by=user))

    def tell(self, batch: ImportBatch, user: User, limit: int) -> None:
        """Counts that add up to the rows of the file, then the rows that did not come in, each with its reason."""
        self.stdout.write(
            f"{batch.state}: {batch.created_rows} created, {batch.updated_rows} filled in, {batch.skipped_rows} skipped,"
            f" {batch.rejected_rows} rejected, {batch.done} of {batch.total} rows; {batch.pooled_rows} in the pool"
        )
        rows = batch.rows.filter(outcome__in=REPORTED).order_by("number")
        for line in report_rows(batch, rows[:limit] if limit else rows, user):
            self.stdout.write(
                f"  row {line.row.number} {line.row.outcome}: {line.name} – {line.reason} {line.hint}"
            )
        more = rows.count() - limit if limit else 0
        if more > 0:
            self.stdout.write(f"  … and {more} more (--rows 0 names all)")


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    pairs = [word.partition("=") for word in words]
    if any(not sign or not value for _name, sign, value in pairs):
        raise CommandError("write FIELD=VALUE")
    return [(name, value) for name, _sign, value in pairs]
