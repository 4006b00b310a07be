"""Where complaints stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_item

register_item(
    "service",
    "complaints",
    _("Complaint desk"),
    "complaint",
    "complaints:complaint_desk",
    "complaints.view_complaint",
    order=50,
    task_kinds=("complaints.",),
)
