"""Scans of the customer floor."""

from datetime import datetime

from core.sweep import sweep
from crm import operations, reminders


@sweep("crm.followup_reminders", every=60)
def followup_reminders(now: datetime) -> int:
    """Remind of due and overdue follow-ups; the levels fall due at 08:00, so this is quiet for most of the day."""
    return reminders.remind(now)


@sweep("crm.contact_due", every=3600)
def contact_due(now: datetime) -> int:
    """Recount by when each customer must be contacted, after tier, pool or parameter changed."""
    return operations.recount_contact_due(now)
