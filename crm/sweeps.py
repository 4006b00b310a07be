"""Scans of the customer floor."""

from datetime import datetime

from core.sweep import sweep
from crm import operations, reminders


@sweep("crm.followup_reminders", every=60)
def followup_reminders(now: datetime) -> int:
    """Remind of due and overdue follow-ups; the levels fall due at 08:00, so this is quiet for most of the day."""
    return reminders.remind(now)


@sweep("crm.completeness", every=60)
def completeness_counted(now: datetime) -> int:
    """Count how completely customers are described, where that is unknown or a day old."""
    return operations.count_due_completeness(now)


@sweep("crm.mirror_departments", every=600)
def mirror_departments(now: datetime) -> int:
    """Keep our departments as parties, so that requests, ratings and complaints can point at them."""
    return operations.mirror_departments(now=now)
