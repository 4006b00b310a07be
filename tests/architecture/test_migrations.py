"""A step that stands for several older ones makes exactly the tables that those would have made."""

import pytest
from django.db import migrations, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from config.quick_state import QuickState


def differences(first: ProjectState, second: ProjectState) -> dict[str, list[str]]:
    """What would still have to change to come from one state to the other, by app."""
    changes = MigrationAutodetector(first, second)._detect_changes()
    return {
        app: [step.describe() for each in found for step in each.operations] for app, found in changes.items()
    }


@pytest.fixture(scope="module")
def step_by_step() -> ProjectState:
    """The tables as somebody has them who took every single step."""
    loader = MigrationLoader(None, replace_migrations=False)
    ends = [key for key in loader.graph.leaf_nodes() if not loader.disk_migrations[key].replaces]
    return loader.project_state(ends)


def test_steps_as_one_leave_what_the_single_steps_leave(step_by_step):
    at_once = MigrationLoader(None)
    assert any(migration.replaces for migration in at_once.graph.nodes.values())
    assert differences(step_by_step, at_once.project_state()) == {}


def test_a_forgotten_column_is_found(step_by_step):
    other = step_by_step.clone()
    field = models.CharField(max_length=5, default="")
    migrations.AddField("customer", "forgotten", field).state_forwards("crm", other)
    assert differences(step_by_step, other) == {"crm": ["Add field forgotten to customer"]}


def state_with_two_models() -> QuickState:
    """A rendered state to which a model and another that points at it came new."""
    state = QuickState()
    assert not state.apps.get_models()
    state.add_model(ModelState("crm", "Pump", [("id", models.AutoField(primary_key=True))]))
    state = state.clone()
    pump = models.ForeignKey("crm.Pump", models.CASCADE)
    state.add_model(ModelState("crm", "Seal", [("id", models.AutoField(primary_key=True)), ("pump", pump)]))
    return state


def test_a_new_model_is_rendered_alone_and_steps_in_python_see_it_from_both_sides():
    state = state_with_two_models()
    assert state.apps.get_model("crm", "seal")._meta.get_field("pump").column == "pump_id"
    state.clear_delayed_apps_cache()
    pump = state.apps.get_model("crm", "pump")
    assert [found.name for found in pump._meta.related_objects] == ["seal"]


def test_a_model_that_gets_a_column_is_rendered_alone_and_its_new_relation_is_seen_from_both_sides():
    state = state_with_two_models()
    seal = state.apps.get_model("crm", "seal")
    state.add_field("crm", "seal", "spare", models.ForeignKey("crm.Pump", models.CASCADE, null=True), True)
    assert state.apps.get_model("crm", "seal")._meta.get_field("spare").column == "spare_id"
    state.add_field("crm", "pump", "flow", models.IntegerField(default=0), True)
    assert state.apps.get_model("crm", "pump")._meta.get_field("flow").column == "flow"
    assert state.apps.get_model("crm", "seal") is not seal
    state.clear_delayed_apps_cache()
    pump = state.apps.get_model("crm", "pump")
    assert {found.field.name for found in pump._meta.related_objects} == {"pump", "spare"}


def test_a_changed_column_that_others_point_at_is_seen_by_them():
    state = state_with_two_models()
    state.alter_field("crm", "pump", "id", models.BigAutoField(primary_key=True), True)
    seal = state.apps.get_model("crm", "seal")
    pointed_at = seal._meta.get_field("pump").target_field
    assert isinstance(pointed_at, models.BigAutoField)
    assert pointed_at.model is state.apps.get_model("crm", "pump")
