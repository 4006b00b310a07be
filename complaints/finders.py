"""What the search box finds among complaints: cases by their number."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from core.search_registry import Badge, Hit, register_search


def find_cases(user: Any, typed: str, limit: int) -> Sequence[Hit]:
    """Cases by any part of their number; without words the newest ones."""
    rows = Complaint.objects.visible_to(user).select_related("customer", "lead_department")
    if typed:
        rows = rows.filter(search_terms__matches=typed)
    return [
        Hit(
            title=case.code,
            subtitle=f"{case.customer} · {case.lead_department.name}",
            url=case.get_absolute_url(),
            badges=[Badge(case.severity.upper()), Badge(case.get_state_display(), case.state_tone)],
        )
        for case in rows.order_by("-received_at", "-pk")[:limit]
    ]


register_search(
    "complaints", _("Complaints"), "complaint", find_cases, permission="complaints.view_complaint"
)
