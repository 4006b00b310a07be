"""Planning a next step, finishing one with the following, moving many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
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


@dataclass(frozen=True)
class Shift:
    """One line of a bulk postponement: from when to when, or why not."""

    follow_up: FollowUp
    before: datetime
    after: datetime
    refusal: str


def preview_snooze(
    *, by: Any, now: datetime, follow_ups: Iterable[FollowUp], due_at: datetime
) -> list[Shift]:
    """What postponing all of them to a day would do, and which could not be moved; changes nothing."""
    return [Shift(row, row.due_at, due_at, _refusal_to_snooze(row, by, due_at)) for row in follow_ups]


def _refusal_to_snooze(row: FollowUp, by: Any, due_at: datetime) -> str:
    if not row.is_open:
        return str(_("It is closed already."))
    if not ask(by, "crm.snooze_followup", row):
        return str(_("Not yours to move."))
    return str(_("It is due later than that.")) if row.due_at >= due_at else ""


def snooze_many(
    *, by: Any, now: datetime, follow_ups: Iterable[FollowUp], due_at: datetime, reason: str
) -> list[FollowUp]:
    """Postpone all that can be moved to one day, for one reason; the others stay. Refuses when nothing can."""
    with transaction.atomic():
        shifts = preview_snooze(by=by, now=now, follow_ups=follow_ups, due_at=due_at)
        movable = [shift.follow_up for shift in shifts if not shift.refusal]
        if not movable:
            raise RuleBroken(_("None of the chosen follow-ups can be moved to that day."))
        return [row.snooze(by=by, now=now, due_at=due_at, reason=reason) for row in movable]
