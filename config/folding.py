"""Migrations that create a model whole: its indexes and constraints stand inside CreateModel, not behind it.

Django renders every related model again for each separate AddIndex; with a user model that everything points to, a
new database then takes twice as long to make.
"""

from collections.abc import Sequence

from django.db.migrations import operations as ops
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations.base import Operation

Foldable = ops.AddIndex | ops.AddConstraint


def folded(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations with each AddIndex and AddConstraint moved into the CreateModel of its model.

    Left where they are: those that name a field which the model gets only later, and those of a model that is
    changed in any other way after its creation.
    """
    created = {one.name_lower: one for one in operations if isinstance(one, ops.CreateModel)}
    later: dict[str, list[str]] = {}
    for one in operations:
        if isinstance(one, ops.AddField):
            later.setdefault(one.model_name_lower, []).append(one.name)
        elif not isinstance(one, ops.CreateModel | Foldable):
            name = getattr(one, "model_name_lower", getattr(one, "name_lower", ""))
            later.setdefault(name, []).append("")  # stands in every text: nothing of this model moves
    result: list[Operation] = []
    for one in operations:
        home = created.get(one.model_name_lower) if isinstance(one, Foldable) else None
        if home is None or any(name in repr(one.deconstruct()) for name in later.get(home.name_lower, [])):
            result.append(one)
        elif isinstance(one, ops.AddIndex):
            home.options = home.options | {"indexes": [*home.options.get("indexes", []), one.index]}
        elif isinstance(one, ops.AddConstraint):
            home.options = home.options | {
                "constraints": [*home.options.get("constraints", []), one.constraint]
            }
    return result


class FoldingAutodetector(MigrationAutodetector):
    """Django's autodetector, whose new models come whole."""

    def _optimize_migrations(self) -> None:
        super()._optimize_migrations()  # type: ignore[misc]
        for migrations in self.migrations.values():  # type: ignore[attr-defined]
            for migration in migrations:
                migration.operations = folded(migration.operations)
