"""Numbers of complaints that the company may change, with their defaults."""

from django.utils.translation import gettext_lazy as _

from core.params import declare_param

declare_param(
    "complaints.recording_kept_days",
    3 * 365,
    _("Days after closing for which recordings of a complaint are kept"),
)
