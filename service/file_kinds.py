"""Whose recordings stay longer than others: tickets of people under a legal hold."""

from collections.abc import Collection
from datetime import datetime

from core.recordings import keep_recordings
from service.models import ServiceReport, Ticket


def _held_tickets(ids: Collection[int], now: datetime) -> set[int]:
    rows = Ticket.objects.filter(pk__in=ids, contact__isnull=False).exclude(contact__legal_hold="")
    return set(rows.values_list("pk", flat=True))


def _held_reports(ids: Collection[int], now: datetime) -> set[int]:
    rows = ServiceReport.objects.filter(pk__in=ids, ticket__contact__isnull=False)
    return set(rows.exclude(ticket__contact__legal_hold="").values_list("pk", flat=True))


keep_recordings("service.ticket", _held_tickets)
keep_recordings("service.servicereport", _held_reports)
