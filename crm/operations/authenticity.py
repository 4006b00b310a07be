"""Scoring contact logs against the author's other logs and the people they name."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from core.calendars import work_calendar
from core.edits import save_versioned
from crm.authenticity import (
    BELIEVABLE,
    RULE_VERSION,
    SIMILAR_DAYS,
    VERY_LATE,
    Evidence,
    Log,
    is_two_way,
    judge,
)
from crm.models import Activity, Contact, Customer, VisitConfirmation
from crm.operations.care import recount_contact_due

HISTORY = 500  # the author's newest logs that are compared; nobody honest writes more in 90 days
READ = (
    "pk", "customer_id", "type", "occurred_at", "entered_at", "created_at", "summary", "outcome", "direction",
    "duration_minutes", "entered_via",
)  # fmt: skip


def score_activity(activity: Activity) -> Activity:
    """Judge a log that is saved with its contacts, and keep score, reasons and rule version on it.

    `verified` follows: believable, two-way, and with somebody who took part. Imported history is not judged.
    """
    verdict = judge(_log_of(activity), _history(activity), _evidence(activity), work_calendar())
    activity.score, activity.score_version = verdict.score, RULE_VERSION
    activity.signals = [
        {"code": one.code, "points": one.points, "data": dict(one.data)} for one in verdict.signals
    ]
    spoken = is_two_way(activity.type, activity.direction, activity.outcome)
    activity.verified = spoken and verdict.score >= BELIEVABLE and activity.contacts.exists()
    Activity.objects.filter(pk=activity.pk).update(
        score=activity.score,
        score_version=activity.score_version,
        signals=activity.signals,
        verified=activity.verified,
    )
    return activity


def correct_activity(*, by: Any, now: datetime, form: Any, version: Any) -> Activity:
    """Write the author's correction over a log and judge it again; the customer's verified contact keeps step."""
    with transaction.atomic():
        activity: Activity = save_versioned(form, version=version, by=by)
        rescore_activity(activity, now)
    return activity


def rescore_activity(activity: Activity, now: datetime) -> None:
    """Judge a log again after something about it changed; imported history stays unjudged."""
    if activity.score is None:
        return
    before = activity.verified
    score_activity(activity)
    if activity.verified != before:
        _recount_verified_contact(activity.customer_id, now)


def _recount_verified_contact(customer_id: int, now: datetime) -> None:
    """The customer's last verified contact is that of its newest verified log; the next one is promised from there."""
    logs = Activity.objects.verified().filter(customer=customer_id).order_by("-occurred_at", "-pk")
    last = logs.values_list("occurred_at", flat=True).first()
    rows = Customer.objects.filter(pk=customer_id)
    rows.update(last_verified_contact_at=last)
    recount_contact_due(now, rows)


def _log_of(activity: Activity) -> Log:
    return Log(
        id=activity.pk,
        customer=activity.customer_id,
        type=activity.type,
        occurred_at=activity.occurred_at,
        entered_at=activity.entered_at or activity.created_at,
        summary=activity.summary,
        outcome=activity.outcome,
        direction=activity.direction,
        next_step=activity.next_step,
        next_at=activity.next_at,
        minutes=activity.duration_minutes,
        note=activity.late_reason,
        via=activity.entered_via,
    )


def _history(activity: Activity) -> list[Log]:
    """The author's other logs of the last 90 days and a week, by the index on author and time."""
    entered: datetime = activity.entered_at or activity.created_at
    since = entered - timedelta(days=SIMILAR_DAYS) - VERY_LATE
    rows = Activity.objects.filter(author=activity.author_id, occurred_at__gte=since).exclude(pk=activity.pk)
    newest = rows.order_by("-occurred_at", "-pk").only(*READ)[:HISTORY]
    return [
        Log(
            id=row.pk,
            customer=row.customer_id,
            type=row.type,
            occurred_at=row.occurred_at,
            entered_at=row.entered_at or row.created_at,
            summary=row.summary,
            outcome=row.outcome,
            direction=row.direction,
            minutes=row.duration_minutes,
            via=row.entered_via,
        )
        for row in newest
    ]


def _statement(activity: Activity) -> str:
    said = VisitConfirmation.objects.filter(activity=activity.pk).values_list("statement", flat=True)
    return said.first() or ""


def _evidence(activity: Activity) -> Evidence:
    """What the people named say: whether they were still there, and whose their numbers are.

    Nobody can check in or record calls yet, so those signals stay silent rather than accuse everybody.
    """
    day = timezone.localdate(activity.occurred_at)
    people = list(activity.contacts.values_list("left_at", "contact_removed", "mobile_hash"))
    gone = [removed or (left is not None and left < day) for left, removed, _hash in people]
    hashes = {number for _left, _removed, number in people if number}
    shared = (
        Contact.objects.alive()
        .filter(mobile_hash__in=hashes)
        .values("mobile_hash")
        .annotate(n=Count("customer", distinct=True))
    )
    return Evidence(
        contacts=len(people),
        left=bool(people) and all(gone),
        employee=bool(hashes) and User.objects.filter(phone_hash__in=hashes).exists(),
        statement=_statement(activity),
        shared_by=max((row["n"] for row in shared), default=0) if hashes else 0,
    )
