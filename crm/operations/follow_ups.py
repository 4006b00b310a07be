"""Promising a next step."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from crm.models import Activity, Customer, FollowUp
from crm.planning import reminded_at_planning


def plan_follow_up(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    text: str,
    due_at: datetime,
    owner: Any = None,
    activity: Activity | None = None,
) -> FollowUp:
    """Promise a next step for a day: one row, one line on the owner's day, reminders from then on."""
    with transaction.atomic():
        planned = FollowUp.objects.create(
            customer=customer,
            owner=owner or by,
            text=text.strip(),
            due_at=due_at,
            activity=activity,
            reminded_up_to=reminded_at_planning(due_at, now),
        )
        planned.put_on_list()
        customer.refresh_next_follow()
        data = {"due_at": due_at.isoformat()}
        audit.record("crm.add_followup", planned, by=by, now=now, to_state=planned.state, data=data)
    return planned
