"""System checks of the ground floor: nobody may be a superuser, because Django would let one past every rule."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, register


@register()
def no_superuser_field(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The user model must not carry Django's all-powerful flag as a column."""
    fields = {field.name for field in get_user_model()._meta.get_fields()}
    if "is_superuser" in fields:
        return [Error("The user model has an is_superuser column.", id="core.E001")]
    return []
