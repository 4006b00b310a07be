"""Reminding of follow-ups: on the day and 1, 3, 7 days late, each level once per recipient, late or not."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from core import outbox
from core.notify import notify
from core.sweep import for_each_due
from crm.models import FollowUp, FollowUpReminder
from crm.operations import managers_of
from crm.planning import REMINDER_OFFSETS, levels_reached

ESCALATION_OFFSET = REMINDER_OFFSETS[-1]
MAIL_KIND = "crm.followup_mail"


def remind(now: datetime) -> int:
    """Handle every follow-up with a reminder level reached; running twice or after a kill repeats nothing."""
    due = FollowUp.objects.to_remind(now).order_by("due_at", "pk")
    return for_each_due("crm.followup_reminders", due, lambda row: remind_of(row, now))


def remind_of(row: FollowUp, now: datetime) -> None:
    """Write down each level reached and tell its people; runs inside the transaction that holds the row's lock.

    After a downtime every missed level gets its row with the time it was due, but the owner hears only of the
    last one. The branch manager hears of the seventh day.
    """
    levels = levels_reached(row.due_at, row.reminded_up_to, now)
    if not levels:
        return
    for offset, at in levels:
        _write(row, row.owner, offset, at, now, speak=offset == levels[-1][0])
        if offset == ESCALATION_OFFSET:
            for manager in managers_of(row.customer.branch, now):
                if manager.pk != row.owner_id:
                    _write(row, manager, offset, at, now, speak=True)
    FollowUp.objects.filter(pk=row.pk).update(reminded_up_to=levels[-1][0])


def _write(
    row: FollowUp, recipient: Any, offset: int, level_at: datetime, now: datetime, *, speak: bool
) -> None:
    due_on = timezone.localtime(row.due_at).date()
    reminder, created = FollowUpReminder.objects.get_or_create(
        follow_up=row,
        due_on=due_on,
        offset_days=offset,
        recipient=recipient,
        defaults={"level_at": level_at, "reached_at": now},
    )
    if not created or not speak:
        return
    told = notify(
        [recipient],
        _notice_code(row, recipient, offset),
        row,
        now=now,
        dedupe_key=f"fu:{row.pk}:{due_on}:{offset}",
        data={"days": (timezone.localtime(now).date() - due_on).days},
        mail=False,
    )
    if told and recipient.email and recipient.mail_notices:
        FollowUpReminder.objects.filter(pk=reminder.pk).update(mail_wanted=True)
        outbox.enqueue(
            MAIL_KIND,
            f"fu-mail:{reminder.pk}",
            {"recipient": recipient.pk, "reminder": reminder.pk},
            due_at=now,
        )


def _notice_code(row: FollowUp, recipient: Any, offset: int) -> str:
    if recipient.pk != row.owner_id:
        return "crm.followup_escalated"
    return "crm.followup_overdue" if offset else "crm.followup_due"
