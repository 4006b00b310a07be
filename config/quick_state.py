"""Migrations of a new database in a fraction of the time: a model that comes new or changes is rendered alone.

Django renders everything related to it once more, in our product half of all models for each of a hundred steps. What
is missing then are only relations seen from the other side, so the state counts as Django's own `is_delayed`: whatever
runs Python, or changes what others point at, gets all models rendered anew.
"""

from __future__ import annotations

from typing import Any, Self

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.models import Field


class QuickState(ProjectState):
    """Django's project state, which leaves the others alone when one model changes."""

    def add_model(self, model_state: ModelState) -> None:
        rendered = self.__dict__.pop("apps", None)
        super().add_model(model_state)
        self._render_alone(rendered, model_state)

    def add_field(
        self, app_label: str, model_name: str, name: str, field: Field[Any, Any], preserve_default: bool
    ) -> None:
        rendered = self.__dict__.pop("apps", None)
        super().add_field(app_label, model_name, name, field, preserve_default)
        self._render_alone(rendered, self.models[app_label, model_name])

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Django says with `delay` that no other model is touched; else all of them are rendered at their next use."""
        rendered = self.__dict__.pop("apps", None)
        if delay:
            self._render_alone(rendered, self.models[app_label, model_name])

    def _render_alone(self, rendered: StateApps | None, model_state: ModelState) -> None:
        if rendered is not None:
            self.apps = rendered
            self.is_delayed = True
            self.apps.render_multiple([model_state])

    def clone(self) -> Self:
        copied = type(self)(real_apps=self.real_apps)
        copied.__dict__.update(super().clone().__dict__)
        return copied


class QuickExecutor(MigrationExecutor):
    """Django's executor, beginning with a quick state."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> Any:
        state = QuickState(real_apps=self.loader.unmigrated_apps)
        planned = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        state.__dict__.update(planned.__dict__)
        return state
