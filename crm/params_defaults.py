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
declare_param(
    "crm.care_lead_days", 7, _("Days before a promised contact falls due at which a care contact is planned")
)
declare_param(
    "crm.greetings",
    {
        "vip": ["new_year", "spring_festival", "mid_autumn", "national"],
        "professional": ["spring_festival", "mid_autumn"],
    },
    _("Festivals on which customers of a class get greetings"),
)
declare_param("crm.greeting_lead_days", 10, _("Days before a festival at which greetings are planned"))
declare_param(
    "crm.sponsor_visit_days", 180, _("Days between visits of the executive sponsor to a VIP customer")
)
declare_param(
    "crm.holds_forbidding_merge",
    ["complaint"],
    _("Kinds of open business that keep a customer from being merged away"),
)
