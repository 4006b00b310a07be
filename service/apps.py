"""Start-up of after-sales service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceConfig(AppConfig):
    """Installed pumps, tickets with their clocks, visits and reports."""

    name = "service"
    verbose_name = _("After-sales service")
    default_auto_field = "django.db.models.BigAutoField"
