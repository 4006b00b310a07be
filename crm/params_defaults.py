"""Numbers of the customer floor that the company may change, with their defaults."""

from django.utils.translation import gettext_lazy as _

from core.params import declare_param

declare_param("crm.reveals_per_day", 50, _("Full phone numbers one person may open in a day"))
declare_param(
    "crm.cadence_days",
    {"vip": 14, "professional": 30, "standard": 90, "prospect": 30, "care": 180, "party": 180},
    _("Longest pause between two-way contacts by class of customer, in calendar days; 0 promises nothing"),
)
declare_param(
    "crm.foreign_lookups_per_day", 60, _("Customers of others one person may be shown as duplicates in a day")
)
declare_param("crm.users_unmet_days", 90, _("Days without meeting an end user before the account is warned"))
