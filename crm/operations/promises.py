"""Giving the customer a promise."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
from core.rules import require
from crm.models import Activity, Customer, Promise
from crm.models.promises import MAX_PROMISE
from crm.planning import reminded_at_planning


def give_promise(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    text: str,
    due_at: datetime | None,
    owner: Any = None,
    activity: Activity | None = None,
) -> Promise:
    """Write down what was promised: one row in the ledger, one line on the owner's day, reminders from then on.

    Given when `activity` took place. Without an owner the one who gave it must keep it. Refuses a promise without a
    day, for a day not after it was given, or one more than two years ahead.
    """
    require(by, "crm.add_promise", customer)
    made_at = activity.occurred_at if activity is not None else now
    if due_at is None or not made_at < due_at <= now + MAX_PROMISE:
        raise RuleBroken(errors={"promised_for": [_("Choose the day by which it is promised.")]})
    with transaction.atomic():
        promise = Promise.objects.create(
            customer=customer,
            made_by=by,
            owner=owner or by,
            text=text.strip(),
            made_at=made_at,
            due_at=due_at,
            activity=activity,
            reminded_up_to=reminded_at_planning(due_at, now),
        )
        promise.put_on_list()
        data = {"due_at": due_at.isoformat()}
        audit.record("crm.add_promise", promise, by=by, now=now, to_state=promise.state, data=data)
    return promise
