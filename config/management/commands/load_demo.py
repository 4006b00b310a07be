"""Builds the demo company through the product's own operations, floor by floor, in one transaction."""

from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.clock import db_now
from core.demo import DemoWorld
from core.models import AuditEntry, Parameter


class Command(BaseCommand):
    """Each app's `demo.load(world)` adds its rows; a second run changes nothing."""

    help = "Load the invented demo company (refused where real users exist)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--seed picks another invented history."""
        parser.add_argument("--seed", type=int, default=20261122)

    def handle(self, *args: Any, **options: Any) -> None:
        """Build everything or nothing."""
        if Parameter.objects.filter(key="demo.loaded").exists():
            self.stdout.write("The demo company is already there.")
            return
        with transaction.atomic():
            world = DemoWorld(now=db_now(), seed=options["seed"])
            for app in settings.OUR_APPS:
                if find_spec(f"{app}.demo") and app != "core":
                    import_module(f"{app}.demo").load(world)
            Parameter.objects.create(key="demo.loaded", value=True, valid_from=world.now)
            self._require_history()

    def _require_history(self) -> None:
        """Refuse a demo in which a row stands in a state no audit entry led to."""
        from django.apps import apps

        known = set(AuditEntry.objects.values_list("object_kind", "object_id", "to_state"))
        for model in apps.get_models():
            if model._meta.app_label not in settings.OUR_APPS or model._meta.app_label == "core":
                continue
            names = {field.name for field in model._meta.concrete_fields}
            if not {"state", "version"} <= names:
                continue
            rows = model._default_manager.all()
            if "historical" in names:
                rows = rows.exclude(historical=True)
            for pk, state in rows.values_list("pk", "state"):
                if (model._meta.label_lower, pk, state) not in known:
                    raise CommandError(f"{model._meta.label} {pk} is {state} without an audit entry")
