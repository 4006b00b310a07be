"""Where projects stand in the navigation: opportunities (P01–P05) and projects are two filters of one list."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.navigation import register_item

register_item(
    "sales", "opportunities", pgettext_lazy("navigation", "Opportunities"), "opportunity", "projects:project_board",
    "projects.view_project", order=10, task_kinds=("projects.",),
)  # fmt: skip
register_item(
    "sales", "projects", _("Projects"), "project", "projects:project_list", "projects.view_project", order=20,
)  # fmt: skip
