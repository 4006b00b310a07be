"""Where surveys stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_item

register_item(
    "service",
    "surveys",
    _("Satisfaction"),
    "survey",
    "surveys:response_list",
    "surveys.view_response",
    order=60,
    task_kinds=("surveys.",),
)
register_item(
    "service",
    "survey_overview",
    _("Satisfaction figures"),
    "chart",
    "surveys:result_overview",
    "surveys.view_aggregate",
    order=61,
)
