"""The project itself as an app, so that its commands and system checks are found."""

from django.apps import AppConfig
from django.db.backends.postgresql.operations import DatabaseOperations


class ProjectConfig(AppConfig):
    """Loads the Celery application and the start-up checks in every Django process."""

    name = "config"
    label = "project"

    def ready(self) -> None:
        """Make `shared_task` bind to our application, fill the beat table and register the checks; SQL is put together quickly."""
        from config import checks, quick_locals  # noqa: F401 - checks register themselves
        from config.celery import app
        from core.tasks import beat_schedule

        app.conf.beat_schedule = beat_schedule()
        DatabaseOperations.compiler_module = "config.quick_compiler"
        quick_locals.install()
