"""Finding projects from the one search box."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.search_fields import search_terms_filter
from core.search_registry import Badge, Hit, register_search
from projects.models import Project


def find_projects(user: Any, typed: str, limit: int) -> Sequence[Hit]:
    """Projects by title, number or pinyin; without a text the user's own going ones."""
    rows = Project.objects.visible_to(user)
    rows = (
        search_terms_filter(rows, "search_terms", typed) if typed else rows.in_progress().filter(owner=user)
    )
    return [
        Hit(
            project.title,
            project.get_absolute_url(),
            subtitle=f"{project.customer} · {project.shown_code}",
            badges=[Badge(project.short_state, project.state_tone)],
        )
        for project in rows.for_list().order_by("-id")[:limit]
    ]


register_search(
    "projects",
    _("Projects"),
    "project",
    find_projects,
    permission="projects.view_project",
    list_url=lambda typed: f"{reverse('projects:project_list')}?{urlencode({'search': typed})}",
    order=30,
)
