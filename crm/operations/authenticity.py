"""Scoring contact logs against the author's other logs and the people they name."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from core import audit
from core.calendars import work_calendar
from core.clock import db_now
from core.edits import save_versioned
from crm.authenticity import (
    BELIEVABLE,
    CROWD,
    RULE_VERSION,
    SIMILAR_DAYS,
    VERY_LATE,
    Evidence,
    Log,
    Signal,
    crowd_signals,
    is_two_way,
    judge,
    total,
)
from crm.choices import ActivityType
from crm.distance import Point
from crm.log_review_choices import Finding
from crm.models import Activity, Contact, Customer, LogReview, VisitConfirmation
from crm.operations.care import recount_contact_due
from crm.operations.check_ins import distance_of, is_expected
from crm.operations.log_files import files_say

LOOKED_AT_AGAIN = timedelta(days=7)
HISTORY = 500  # the author's newest logs that are compared; nobody honest writes more in 90 days
READ = (
    "pk", "customer_id", "type", "occurred_at", "entered_at", "created_at", "summary", "outcome", "direction",
    "duration_minutes", "entered_via", "check_in__latitude", "check_in__longitude",
)  # fmt: skip


def score_activity(activity: Activity, ruling: str = "") -> Activity:
    """Judge a log that is saved with its contacts, and keep score, reasons and rule version on it.

    `verified` follows: believable, two-way, and with somebody who took part. Whether it is believable a person's final
    finding (`ruling`) says, where there is one, else the score. Imported history is not judged.
    """
    verdict = judge(_log_of(activity), _history(activity), _evidence(activity), work_calendar())
    return _keep(activity, verdict.signals, ruling)


def _keep(activity: Activity, signals: Sequence[Signal], ruling: str) -> Activity:
    """Write score, reasons and what follows from them onto a log."""
    activity.score, activity.score_version = total(signals), RULE_VERSION
    activity.signals = [_kept(one) for one in signals]
    activity.verified = _counts(activity, ruling)
    Activity.objects.filter(pk=activity.pk).update(
        score=activity.score,
        score_version=activity.score_version,
        signals=activity.signals,
        verified=activity.verified,
    )
    return activity


def _counts(activity: Activity, ruling: str) -> bool:
    """Whether a judged log is a verified contact."""
    by_person = {Finding.GENUINE.value: True, Finding.FALSIFIED.value: False}
    believable = by_person.get(ruling, (activity.score or 0) >= BELIEVABLE)
    spoken = is_two_way(activity.type, activity.direction, activity.outcome)
    return spoken and believable and activity.contacts.exists()


def ruling_on(activity: Activity) -> str:
    """The latest final finding about a log, or nothing."""
    rows = LogReview.objects.final().filter(activity=activity.pk).order_by("-closed_at", "-pk")
    return rows.values_list("finding", flat=True).first() or ""


def correct_activity(*, by: Any, now: datetime, form: Any, version: Any) -> Activity:
    """Write the author's correction over a log and judge it again; the customer's verified contact keeps step."""
    with transaction.atomic():
        activity: Activity = save_versioned(form, version=version, by=by)
        rescore_activity(activity, now, by=by)
    return activity


def rescore_activity(activity: Activity, now: datetime, ruling: str | None = None, by: Any = None) -> None:
    """Judge a log again after something about it changed; imported history stays unjudged.

    `ruling` is a finding that becomes final in this moment, `by` who changed something. A score that moved is kept in
    the audit trail with what it was before.
    """
    if activity.score is None:
        return
    before, score, signals = activity.verified, activity.score, activity.signals
    score_activity(activity, ruling_on(activity) if ruling is None else ruling)
    if activity.signals != signals:
        _note_new_score(activity, score, signals, by, now)
    if activity.verified != before:
        _recount_verified_contact(activity.customer_id, now)


def _note_new_score(
    activity: Activity, score: int, signals: list[dict[str, Any]], by: Any, now: datetime
) -> None:
    data = {
        "from": score, "to": activity.score,
        "were": [one["code"] for one in signals], "are": [one["code"] for one in activity.signals],
    }  # fmt: skip
    audit.record("crm.rescore_activity", activity, by=by, now=now, rule_version=RULE_VERSION, data=data)


def look_again(now: datetime) -> int:
    """Judge last week's logs anew among their author's later ones: a pile is seen only when it is complete.

    Authors who wrote nothing in the last two days are left as they are. Returns how many logs got other signals; run
    twice it changes nothing more.
    """
    judged = Activity.objects.filter(score__isnull=False)
    writing = judged.filter(entered_at__gte=now - timedelta(days=2), entered_at__lt=now)
    authors = writing.order_by("author").values_list("author", flat=True).distinct()
    return sum(_look_again_at(author, now) for author in list(authors))


def _look_again_at(author: int, now: datetime) -> int:
    """One author's logs of the last week, each against all of the last months."""
    week = now - LOOKED_AT_AGAIN
    since = week - timedelta(days=SIMILAR_DAYS) - VERY_LATE
    rows = Activity.objects.filter(author=author, occurred_at__gte=since).select_related("check_in")
    all_rows = list(rows.order_by("-occurred_at", "-pk")[:HISTORY])
    past = {row.pk: _past(row) for row in all_rows}
    recent = [row for row in all_rows if row.score is not None and past[row.pk].entered_at >= week]
    return sum(_crowd_changed(row, past, now) for row in recent)


def _crowd_changed(activity: Activity, past: dict[int, Log], now: datetime) -> bool:
    """Put the signals a log has among the others in the place of those it had; whether they differ."""
    kept = [Signal(one["code"], one["points"], one.get("data") or {}) for one in activity.signals]
    own = [one for one in kept if one.heuristic not in CROWD]
    found = [*own, *crowd_signals(past[activity.pk], list(past.values()), work_calendar())]
    found.sort(key=lambda signal: int(signal.heuristic[1:]))
    if [_kept(one) for one in found] == activity.signals:
        return False
    with transaction.atomic():
        before, score, signals = activity.verified, activity.score or 0, activity.signals
        _keep(activity, found, ruling_on(activity))
        _note_new_score(activity, score, signals, None, now)
        if activity.verified != before:
            _recount_verified_contact(activity.customer_id, now)
    return True


def _kept(signal: Signal) -> dict[str, Any]:
    return {"code": signal.code, "points": signal.points, "data": dict(signal.data)}


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
        place=_place(activity),
    )


def _place(activity: Activity) -> Point | None:
    row = getattr(activity, "check_in", None)
    return row.point if row is not None else None


def _history(activity: Activity) -> list[Log]:
    """The author's other logs of the last 90 days and a week, by the index on author and time."""
    entered: datetime = activity.entered_at or activity.created_at
    since = entered - timedelta(days=SIMILAR_DAYS) - VERY_LATE
    rows = Activity.objects.filter(author=activity.author_id, occurred_at__gte=since).exclude(pk=activity.pk)
    newest = rows.select_related("check_in").order_by("-occurred_at", "-pk").only(*READ)[:HISTORY]
    return [_past(row) for row in newest]


def _past(row: Activity) -> Log:
    """A log as one of the author's others."""
    return Log(
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
        place=_place(row),
    )


def _statement(activity: Activity) -> str:
    said = VisitConfirmation.objects.filter(activity=activity.pk).values_list("statement", flat=True)
    return said.first() or ""


def silent_checks(activity: Activity, now: datetime) -> list[str]:
    """The signals nobody can look at for this log: no telephone system is connected, no check-in is expected."""
    if activity.type == ActivityType.CALL:
        return ["H11"]
    visited = activity.type == ActivityType.SITE_VISIT and not hasattr(activity, "check_in")
    return ["H10"] if visited and not is_expected(activity, now) else []


def _evidence(activity: Activity) -> Evidence:
    """What the people named say: whether they were still there, whose their numbers are; and where the author was.

    A missing check-in counts only where the company asks for one; no telephone system is connected, so missing
    records of calls accuse nobody.
    """
    place = getattr(activity, "check_in", None)
    files = files_say(activity)
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
        checked_in=True if place is not None else (False if is_expected(activity, db_now()) else None),
        photo_reused=files.reused,
        photo_hours_off=files.hours_off,
        proof=files.proof,
        km=distance_of(place) if place is not None else None,
        shared_by=max((row["n"] for row in shared), default=0) if hashes else 0,
    )
