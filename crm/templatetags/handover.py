"""Whether a customer is being handed over, for its page."""

from typing import Any

from django import template

from crm.models import Handover

register = template.Library()


@register.inclusion_tag("crm/handover_action.html")
def handover_action(customer: Any, user: Any) -> dict[str, Any]:
    """A badge that leads to the running handover, or the button that starts one."""
    handover = None
    if customer.changes_hands:
        rows = Handover.objects.visible_to(user).under_way().filter(entries__customer=customer)
        handover = rows.first()
    return {"customer": customer, "handover": handover, "user": user}
