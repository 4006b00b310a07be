"""The projects floor."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Opportunities and orders: stages, gates, evidence."""

    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"
