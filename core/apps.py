"""Start-up of the ground floor: registers system checks and imports each app's registrations."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

REGISTRATION_MODULES = (
    "params_defaults",
    "notices",
    "task_kinds",
    "sweeps",
    "outbox_handlers",
    "rules",
    "navigation",
    "finders",
    "personal",
    "handover",
    "lists",
    "file_kinds",
)


class CoreConfig(AppConfig):
    """Imports, for every installed app of ours, the modules that only register things."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import core.checks  # noqa: F401

        for config in apps.get_app_configs():
            file = config.module.__file__ if config.module else None
            if not file or "site-packages" in file:
                continue
            for module in REGISTRATION_MODULES:
                name = f"{config.name}.{module}"
                if find_spec(name) is not None:
                    import_module(name)
