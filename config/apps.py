"""The project itself as an app, so that its commands and system checks are found."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Loads the Celery application and the start-up checks in every Django process."""

    name = "config"
    label = "project"

    def ready(self) -> None:
        """Make `shared_task` bind to our Celery application and register the checks."""
        from config import celery, checks  # noqa: F401
