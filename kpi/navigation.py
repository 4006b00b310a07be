"""Where the numbers stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_item

register_item(
    "business", "metrics", _("Performance"), "chart", "kpi:metric_board", "kpi.view_metric", order=20
)
