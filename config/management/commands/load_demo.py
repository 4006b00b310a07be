"""Builds the demo company through the product's own operations, floor by floor, in one transaction."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Model, base, query
from django.db.models.fetch_modes import FETCH_ONE, FetchMode

from accounts import demo as people
from config import invariants
from core import audit, outbox
from core.clock import db_now
from core.demo import DemoWorld
from core.models import Parameter
from core.params import read_once

# What an invented history must keep like a lived one.
HISTORY = (
    invariants.numbers_are_behind_their_counters,
    invariants.states_were_led_to_by_the_audit,
    invariants.work_has_one_bearer,
    invariants.imports_add_up,
    invariants.nothing_points_nowhere,
)


@contextmanager
def no_savepoints() -> Iterator[None]:
    """Let nested transactions set no points to fall back to: here everything stands or nothing, and they are a third
    of all statements. An error inside makes the whole load fail, which it should.
    """
    features: Any = connection.features
    features.uses_savepoints = False
    try:
        yield
    finally:
        del features.uses_savepoints


class KnownRows(FetchMode):
    """Gives the people and units that are there already to whoever follows a foreign key to one."""

    def __init__(self, rows: Iterable[Model]) -> None:
        self.rows = {(type(row), row.pk): row for row in rows}

    def fetch(self, fetcher: Any, instance: Model) -> None:
        """The row we know, else Django's way."""
        relation = getattr(fetcher.field, "remote_field", None)
        known = relation and self.rows.get((relation.model, getattr(instance, fetcher.field.attname)))
        if known is None:
            fetcher.fetch_one(instance)
        else:
            fetcher.field.set_cached_value(instance, known)


@contextmanager
def known_company(world: DemoWorld) -> Iterator[None]:
    """Read nobody and no unit anew inside, nor their rights: the company stands, and nobody else is at work."""
    places: tuple[tuple[Any, str], ...] = ((base, "FETCH_ONE"), (query, "DEFAULT_FETCH_MODE"))
    company = KnownRows([*world.users.values(), *world.units.values()])
    for module, name in places:
        setattr(module, name, company)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, FETCH_ONE)


class Command(BaseCommand):
    """Each app's `demo.load(world)` adds its rows, then each `demo_after.load(world)` what spans apps; a second run changes nothing."""

    help = "Load the invented demo company (refused where real users exist)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--seed picks another invented history."""
        parser.add_argument("--seed", type=int, default=20261122)

    def handle(self, *args: Any, **options: Any) -> None:
        """Build everything or nothing."""
        if Parameter.objects.filter(key="demo.loaded").exists():
            self.stdout.write("The demo company is already there.")
            return
        with outbox.without_hints(), read_once(), transaction.atomic(), no_savepoints():
            world = DemoWorld(now=db_now(), seed=options["seed"])
            with audit.gathered():
                self._build(world)
            Parameter.objects.create(key="demo.loaded", value=True, valid_from=world.now)
            wrong = [found for check in HISTORY for found in check()]
            if wrong:
                raise CommandError("\n".join(wrong))

    def _build(self, world: DemoWorld) -> None:
        people.load(world)
        with known_company(world):
            for name in ("demo", "demo_after"):
                for app in settings.OUR_APPS:
                    if find_spec(f"{app}.{name}") and app not in ("core", "accounts"):
                        import_module(f"{app}.{name}").load(world)
