"""Whether a customer is being handed over, for its page."""

from typing import Any

from django import template

from crm.models import Handover

register = template.Library()


@register.inclusion_tag("crm/handover_action.html")
def handover_action(customer: Any, user: Any) -> dict[str, Any]:
    """A badge that leads to the running handover, or the button that starts one."""
    rows = Handover.objects.visible_to(user).under_way().filter(entries__customer=customer)
    return {"customer": customer, "handover": rows.first(), "user": user}
