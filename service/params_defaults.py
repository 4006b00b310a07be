"""Numbers of service the company may change."""

from django.utils.translation import gettext_lazy as _

from core.params import declare_param

declare_param("service.callback_percent", 20, _("Share of ordinary tickets called back, percent"))
declare_param(
    "service.public_reports_per_hour", 6, _("Public fault reports accepted from one address an hour")
)
