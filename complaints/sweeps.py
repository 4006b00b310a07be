"""What complaints look for every minute: rungs of the ladder that have become due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from complaints import desk, timekeeping
from complaints.models import Complaint, ComplaintClock
from core.notify import notify
from core.sweep import for_each_due, sweep
from crm.models import Customer

REPEAT = timedelta(days=1)


@sweep("complaints.ladder", every=60)
def climb_ladders(now: datetime) -> int:
    """Climb every rung that is due; after the last one tell its people once a day while the clock stays breached."""
    due = ComplaintClock.objects.climbing(now).select_related("complaint")
    return for_each_due("complaints.ladder", due, lambda clock: climb_clock(clock, now), limit=1000)


@sweep("complaints.customer_facts", every=60)
def bring_facts_down(now: datetime) -> int:
    """Count anew for customers whose cases were graded, answered or settled after their figures were written."""
    moved = Complaint.objects.filter(customer=OuterRef("pk"), updated_at__gt=OuterRef("facts__complaints_at"))
    due = Customer.objects.filter(Exists(moved)).order_by("pk")
    return for_each_due(
        "complaints.customer_facts", due, lambda customer: desk.count_cases(customer, now=now), limit=500
    )


def climb_clock(clock: ComplaintClock, now: datetime) -> None:
    """The missed rungs of one clock get their rows with the true due times; people hear of the highest once."""
    case = clock.complaint
    rungs = timekeeping.rungs_of(clock)
    fresh = [
        rung for rung, at in rungs if at <= now and desk.climb(case, clock.key, rung, due_at=at, now=now)
    ]
    if fresh:
        _tell(clock, max(fresh), now, key=max(fresh))
    elif clock.is_overdue_at(now):
        reached = max(rung for rung, at in rungs if at <= now)
        _tell(clock, reached, now, key=f"{reached}:{timezone.localtime(now).date()}")
    ahead = [at for _rung, at in rungs if at > now]
    repeat = now + REPEAT if clock.is_overdue_at(now) else None
    clock.next_level_at = min([at for at in (*ahead, repeat) if at is not None], default=None)
    clock.save(update_fields=["next_level_at"])


def _tell(clock: ComplaintClock, rung: str, now: datetime, *, key: str) -> None:
    case = clock.complaint
    notify(
        desk.recipients(case, rung),
        "complaints.escalated",
        case,
        now=now,
        data={"rung": rung.replace("rung_", "L"), "clock": clock.kind},
        dedupe_key=f"esc:{case.pk}:{clock.key}:{key}",
    )
