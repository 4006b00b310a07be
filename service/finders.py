"""How the search box finds tickets and pumps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.fields import search_terms_filter
from core.search_registry import Badge, Hit, register_search
from service.faults import symptom_label
from service.models import Pump, Ticket


def find_tickets(user: Any, typed: str, limit: int) -> Sequence[Hit]:
    """Open tickets first; without a text the user's own open ones."""
    rows = Ticket.objects.visible_to(user).select_related("customer").defer("search_terms")
    if typed:
        rows = search_terms_filter(rows, "search_terms", typed).order_by("historical", "-id")
    else:
        rows = rows.open().filter(engineer=user).in_queue_order()
    return [
        Hit(
            title=row.code,
            url=row.get_absolute_url(),
            subtitle=f"{row.customer} · {symptom_label(row.symptom) or row.get_type_display()}",
            badges=[Badge(row.get_state_display(), row.state_tone)],
            tier=row.tier_snapshot,
            meta=row.priority.upper(),
        )
        for row in rows[:limit]
    ]


def find_pumps(user: Any, typed: str, limit: int) -> Sequence[Hit]:
    """By any part of the serial number, position or model."""
    if not typed:
        return []
    rows = Pump.objects.visible_to(user).select_related("customer").defer("search_terms")
    found = search_terms_filter(rows, "search_terms", typed).order_by("-id")[:limit]
    return [
        Hit(
            title=row.serial,
            url=row.get_absolute_url(),
            subtitle=f"{row.model} · {row.customer}",
            badges=[Badge(row.get_status_display())],
        )
        for row in found
    ]


register_search(
    "tickets",
    _("Tickets"),
    "ticket",
    find_tickets,
    permission="service.view_ticket",
    list_url=lambda typed: f"{reverse('service:ticket_list')}?{urlencode({'search': typed})}",
    order=40,
)
register_search(
    "pumps",
    _("Installed pumps"),
    "pump",
    find_pumps,
    permission="service.view_pump",
    list_url=lambda typed: f"{reverse('service:pump_list')}?{urlencode({'search': typed})}",
    order=50,
)
