"""What the search box finds among colleagues."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.search_registry import Hit, register_search


def find_people(user: Any, typed: str, limit: int) -> Sequence[Hit]:
    """Colleagues by name or user name; a small table, read as plain text."""
    if not typed:
        return []
    words = Q(name_zh__icontains=typed) | Q(name_en__icontains=typed) | Q(username__istartswith=typed)
    rows = User.objects.visible_to(user).active().filter(words).select_related("unit").order_by("username")
    return [
        Hit(
            title=row.name,
            subtitle=" · ".join(filter(None, [row.unit.name if row.unit else "", row.job_title])),
            url=reverse("accounts:user_detail", args=[row.pk]),
        )
        for row in rows[:limit]
    ]


register_search("people", _("Colleagues"), "people", find_people, permission="accounts.view_user", order=90)
