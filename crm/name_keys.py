"""The column by which "the same name" is decided: the normalised full and former names of a customer."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.identifiers import full_name_key

LENGTH = 100


def name_key(name: str) -> str:
    """The key of one name, as long as the column."""
    return full_name_key(name)[:LENGTH]


class NameKeysField(ArrayField):
    """Keys of `name` and every former name, filled whenever the row is written; give it a `GinIndex`."""

    derived = True

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {"base_field": models.CharField(max_length=LENGTH), "default": list, "editable": False}
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, _path, _args, _options = super().deconstruct()
        return name, "crm.name_keys.NameKeysField", (), {}

    def pre_save(self, model_instance: models.Model, add: bool) -> list[str]:
        names = [model_instance.name, *model_instance.former_names]  # type: ignore[attr-defined]
        keys = list(dict.fromkeys(filter(None, map(name_key, names))))
        setattr(model_instance, self.attname, keys)
        return keys
