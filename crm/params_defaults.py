"""Numbers of the customer floor that the company may change, with their defaults."""

from django.utils.translation import gettext_lazy as _

from core.params import declare_param

declare_param("crm.reveals_per_day", 50, _("Full phone numbers one person may open in a day"))
