"""Numbers of the ground floor that the company may change, with their defaults."""

from django.utils.translation import gettext_lazy as _

from core.params import declare_param

declare_param("core.recording_kept_days", 180, _("Days after which voice recordings are removed"))
