"""Numbers of surveys the company may change."""

from django.utils.translation import gettext_lazy as _

from core.params import declare_param

declare_param("surveys.contact_pause_days", 30, _("Days before the same contact is asked again"))
declare_param("surveys.contact_per_year", 4, _("Times a contact may be asked within a year"))
declare_param(
    "surveys.invite_within_days", 14, _("Days after closing in which a ticket is still asked about")
)
declare_param(
    "surveys.alarm_words",
    ["安全", "起诉", "媒体", "换品牌"],
    _("Words in a remark that open a recovery whatever the score"),
)
declare_param(
    "surveys.call_minutes",
    {"vip": 240, "other": 480},
    _("Business minutes until an unhappy customer is called, by tier"),
)
declare_param("surveys.identity_kept_days", 730, _("Days after which answers no longer name who gave them"))
declare_param("surveys.answers_per_hour", 30, _("Survey answers accepted from one address an hour"))
declare_param("surveys.wrong_links_per_hour", 20, _("Wrong survey links tried from one address an hour"))
