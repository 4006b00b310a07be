"""Planning a next step, finishing one with the following, moving many."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
from core.notify import notify
from core.rules import ask
from crm.choices import FollowUpKind
from crm.models import Activity, Customer, FollowUp, Site
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
    kind: str = FollowUpKind.STEP,
    occasion: str = "",
    site: Site | None = None,
) -> FollowUp:
    """Promise a next step for a day: one row, one line on the owner's day, reminders from then on.

    A visit may name the place it goes to. What the calendar asks for has an `occasion` and no words.
    """
    if site is not None and site.customer_id != customer.pk:
        raise RuleBroken(errors={"site": [_("Choose a place of this customer.")]})
    with transaction.atomic():
        planned = FollowUp.objects.create(
            customer=customer,
            owner=owner or by,
            text=text.strip(),
            due_at=due_at,
            activity=activity,
            kind=kind,
            occasion=occasion,
            site=site,
            reminded_up_to=reminded_at_planning(due_at, now),
        )
        planned.put_on_list()
        customer.refresh_next_follow()
        data = {"due_at": due_at.isoformat(), "kind": kind}
        audit.record("crm.add_followup", planned, by=by, now=now, to_state=planned.state, data=data)
    return planned


def finish_follow_up(
    *,
    by: Any,
    now: datetime,
    follow_up: FollowUp,
    version: int | None = None,
    next_step: str = "",
    next_at: datetime | None = None,
) -> FollowUp:
    """Done, and the next step planned in the same breath (or none, when `next_at` is empty).

    The next step keeps the words of the last one unless others are given.
    """
    with transaction.atomic():
        done: FollowUp = follow_up.complete(by=by, now=now, version=version)
        if next_at is not None:
            text = next_step.strip() or done.words
            plan_follow_up(
                by=by, now=now, customer=done.customer, text=text, due_at=next_at, owner=done.owner
            )
    return done


def nudge_person(*, by: Any, now: datetime, owner: Any) -> int:
    """Ask a colleague about everything overdue of theirs that one may ask about: one notice a day; returns how many.

    Refuses when nothing is overdue.
    """
    with transaction.atomic():
        overdue = FollowUp.objects.visible_to(by).overdue(now).filter(owner=owner)
        asked = [row for row in overdue.for_detail() if ask(by, "crm.nudge_followup", row)]
        if not asked or owner == by:
            raise RuleBroken(_("It is not overdue: there is nothing to urge."))
        key = f"nudge-all:{owner.pk}:{by.pk}:{timezone.localdate(now)}"
        data = {"n": len(asked)}
        if notify([owner], "crm.followups_nudged", None, now=now, dedupe_key=key, data=data):
            audit.record_many(
                "crm.nudge_followup", asked, by=by, now=now, data_of=lambda row: {"in_all": len(asked)}
            )
    return len(asked)
