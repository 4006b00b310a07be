"""Whose recordings stay longer than others: complaints till three years after they closed, and the tickets they came from."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from complaints.models import Complaint
from core.params import param
from core.recordings import keep_recordings


def _needed(now: datetime) -> Q:
    """Open, closed not so long ago, or with somebody under a legal hold."""
    since = now - timedelta(days=int(param("complaints.recording_kept_days", at=now)))
    held = Q(contact__isnull=False) & ~Q(contact__legal_hold="")
    return Q(closed_at__isnull=True) | Q(closed_at__gt=since) | held


def _kept_cases(ids: Collection[int], now: datetime) -> set[int]:
    return set(Complaint.objects.filter(_needed(now), pk__in=ids).values_list("pk", flat=True))


keep_recordings("complaints.complaint", _kept_cases)
