"""`params`: what the company may change, what is in force, and a new value from a future instant on."""

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from core.clock import db_now
from core.errors import DomainError
from core.management.commands.sla_preview import instant
from core.params import declared_params, param, set_param


class Command(BaseCommand):
    """Without arguments it lists; a change names who asks for it and who approves it."""

    help = "List the company's parameters, or give one a new value: params KEY JSON --from ISO --by U --approved-by V."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """KEY and VALUE go together with their reasons."""
        parser.add_argument("key", nargs="?")
        parser.add_argument("value", nargs="?", help="the new value as JSON")
        parser.add_argument("--from", dest="valid_from", type=instant, metavar="ISO")
        parser.add_argument("--by", metavar="USER")
        parser.add_argument("--approved-by", metavar="USER")
        parser.add_argument("--reason", default="")
        parser.add_argument("--unit", default="", help="only for the unit with this code")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, or change one."""
        now = db_now()
        if options["key"] is None:
            for key, declared in sorted(declared_params().items()):
                value = json.dumps(param(key, at=now), ensure_ascii=False)
                self.stdout.write(f"{key} = {value}  (default {declared.default!r})  {declared.meaning}")
            return
        missing = [
            name for name in ("value", "valid_from", "by", "approved_by", "reason") if not options[name]
        ]
        if missing:
            raise CommandError(f"A change also needs: {', '.join(missing)}.")
        try:
            set_param(
                options["key"],
                json.loads(options["value"]),
                by=person(options["by"]),
                approved_by=person(options["approved_by"]),
                reason=options["reason"],
                valid_from=options["valid_from"],
                now=now,
                unit_code=options["unit"],
            )
        except LookupError:
            raise CommandError(f"There is no parameter {options['key']}; `params` lists them.") from None
        except ValueError as error:
            raise CommandError(f"The value is not JSON: {error}") from error
        except DomainError as error:
            raise CommandError("; ".join([str(s) for said in error.errors.values() for s in said])) from error
        self.stdout.write(f"{options['key']} changes at {options['valid_from'].isoformat()}.")


def person(username: str) -> Any:
    """The user behind a login."""
    found = get_user_model()._default_manager.filter(username=username).first()
    if found is None:
        raise CommandError(f"There is no user {username}.")
    return found
