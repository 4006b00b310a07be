"""No personal column without a declaration: what is not declared would survive an erasure."""

from django.apps import apps

from core.personal_data import registered, unregistered_columns

FLOORS = {"core", "accounts", "training", "crm", "projects", "service", "complaints", "surveys", "kpi"}


def test_every_personal_column_is_declared():
    ours = [model for model in apps.get_models() if model._meta.app_label in FLOORS]
    assert unregistered_columns(ours) == []


def test_every_declaration_names_a_model_and_columns_that_exist():
    for declared in registered():
        columns = {field.name for field in apps.get_model(declared.label)._meta.local_fields}
        assert set(declared.fields) <= columns, declared.label
