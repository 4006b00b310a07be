"""The list of projects: its columns."""

from django.utils.translation import gettext_lazy as _

from core.lists import ListSpec, columns_from, register_list
from projects.filters import ProjectFilter
from projects.models import Project

register_list(
    ListSpec(
        code="projects.project",
        label=_("Projects"),
        model=Project,
        url_name="projects:project_list",
        permission="projects.view_project",
        filterset=ProjectFilter,
        columns=columns_from(
            (
                ("customer", _("Customer")),
                ("stage", _("Stage")),
                ("due", _("Standard end")),
                ("amount", _("Amount")),
                ("manager", _("Project manager")),
                ("last_contact", _("Last contact")),
                ("next_step", _("Next step")),
                ("code", _("Number")),
            )
        ),
    )
)
