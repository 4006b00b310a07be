"""Start-up of complaints and supervision."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    """Complaints, their clocks and ladder, the emergency plan."""

    name = "complaints"
    verbose_name = _("Complaints and supervision")
    default_auto_field = "django.db.models.BigAutoField"
