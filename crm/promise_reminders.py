"""Reminding of promises: the owner on the day and 1, 3, 7 days late, the branch manager from the third day on."""

from datetime import datetime

from django.utils import timezone

from core.notify import notify
from core.sweep import for_each_due
from crm.models import Promise
from crm.operations import managers_of
from crm.planning import levels_reached

MANAGER_FROM = 3


def remind_of_promises(now: datetime) -> int:
    """Handle every promise with a reminder level reached; running twice or after a kill repeats nothing."""
    due = Promise.objects.to_remind(now).order_by("due_at", "pk")
    return for_each_due("crm.promise_reminders", due, lambda row: _remind(row, now))


def _remind(row: Promise, now: datetime) -> None:
    levels = levels_reached(row.due_at, row.reminded_up_to, now)
    if not levels:
        return
    offset = levels[-1][0]
    due_on = timezone.localdate(row.due_at)
    key = f"promise:{row.pk}:{due_on}:{offset}"
    data = {"days": (timezone.localdate(now) - due_on).days}
    code = "crm.promise_overdue" if offset else "crm.promise_due"
    notify([row.owner], code, row, now=now, dedupe_key=key, data=data, mail=False)
    if offset >= MANAGER_FROM:
        managers = [one for one in managers_of(row.customer.branch, now) if one.pk != row.owner_id]
        notify(managers, "crm.promise_escalated", row, now=now, dedupe_key=key, data=data, mail=False)
    Promise.objects.filter(pk=row.pk).update(reminded_up_to=offset)
