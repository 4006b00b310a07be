"""Opening reviews of contact logs: by hand, after a customer's denial, by the weekly draw; and what time does to them."""

import hashlib
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
from core.notify import notify
from core.rules import require
from core.sweep import for_each_due
from crm import log_review_desk as desk
from crm.log_lot import Entry, Week, draw, week_to_draw
from crm.log_review_choices import ReviewCause, ReviewState
from crm.models import Activity, LogDraw, LogReview

WEEKS_BACK = 4  # after a downtime, draws that were missed longer ago are not made up


def add_log_review(*, by: Any, now: datetime, activity: Activity, note: str) -> LogReview:
    """Have a log looked at, with the reason. It goes to whoever of the CRM office has the fewest and is not close to the author.

    Refuses one's own log and those of one's reporting line, imported history, a note that says nothing, and a second open
    review of a log.
    """
    require(by, "crm.review_authenticity_activity", activity)
    desk.refuse_few_words("note", note)
    if activity.score is None:
        raise RuleBroken(_("Imported history was not judged, so it is not reviewed."))
    row = _open_once(activity, ReviewCause.BY_HAND, now=now, by=by, note=note.strip())
    if row is None:
        raise RuleBroken(_("This log is under review already."))
    return row


def review_denied(activity: Activity, *, now: datetime) -> LogReview | None:
    """The customer says that nobody came: a person looks, and whoever is looking already hears of it."""
    row = _open_once(activity, ReviewCause.DENIED, now=now)
    if row is None:
        going = LogReview.objects.under_way().select_related("reviewer").get(activity=activity)
        key = f"review-denied:{going.pk}"
        notify([going.reviewer], "crm.log_review_denied", going, now=now, dedupe_key=key)
    return row


def _open_once(activity: Activity, cause: str, **values: Any) -> LogReview | None:
    """Open a review unless one is under way, also one that a colleague or the draw opens in this very moment."""
    going = LogReview.objects.under_way().filter(activity=activity)
    if going.exists():
        return None
    try:
        with transaction.atomic():
            return _open(activity, cause, **values)
    except IntegrityError:
        if going.exists():
            return None
        raise


def _open(
    activity: Activity,
    cause: str,
    *,
    now: datetime,
    by: Any = None,
    note: str = "",
    made_in: LogDraw | None = None,
    load: Counter[int] | None = None,
) -> LogReview:
    """One review, given by itself to the reviewer with the fewest; open where nobody may look."""
    row = LogReview.objects.create(
        activity=activity,
        author=activity.author,
        cause=cause,
        note=note,
        draw=made_in,
        score=activity.score or 0,
        opened_at=now,
        opened_by=by,
        due_at=desk.deadline(now, "decide_days"),
        lapses_at=desk.deadline(now, "lapse_days"),
    )
    data = {"activity": activity.pk, "cause": str(cause)}
    audit.record("crm.add_logreview", row, by=by, now=now, to_state=row.state, data=data)
    return _hand_out(row, now=now, load=load, quiet=made_in is not None)


def _hand_out(
    row: LogReview, *, now: datetime, load: Counter[int] | None = None, quiet: bool = False
) -> LogReview:
    """Give a review to the reviewer with the fewest, other than who has it; it stays where it is when there is nobody."""
    load = desk.load_of(LogReview, "reviewer") if load is None else load
    people = [person for person in desk.reviewers(row.author, now) if person.pk != row.reviewer_id]
    chosen = desk.least_busy(people, load)
    if chosen is None:
        return row
    load[chosen.pk] += 1
    row = row.assign(by=None, now=now, reviewer=chosen)
    if not quiet:
        key = f"review-given:{row.pk}:{row.version}"
        notify([chosen], "crm.log_review_assigned", row, now=now, dedupe_key=key)
    return row


# --- the weekly draw -----------------------------------------------------------------------------------------------------


def draw_due_weeks(now: datetime) -> int:
    """Draw from the week that is over, and from those missed since the last draw; each week once. Returns the reviews opened."""
    week = week_to_draw(now)
    last = LogDraw.objects.order_by("-week").values_list("week", flat=True).first()
    due = [week]
    while last is not None and due[0].code > last and len(due) < WEEKS_BACK:
        due.insert(0, week_to_draw(due[0].start + timedelta(hours=12)))
    return sum(draw_week(one, now=now) for one in due if last is None or one.code > last)


def draw_week(week: Week, *, now: datetime) -> int:
    """Open the reviews of one week: all suspicious logs of who wrote several, and a share of the others by lot.

    The row of the draw is made first, in the same transaction: a second run finds it and does nothing.
    """
    numbers = desk.rules_at(now)
    with transaction.atomic():
        columns = {"drawn_at": now, "share": float(numbers["share"])}
        made, new = LogDraw.objects.get_or_create(week=week.code, defaults=columns)
        if not new:
            return 0
        heaped = set(_heaped(week, least=int(numbers["suspicious"]), days=int(numbers["days"])))
        entries = [Entry(pk, score) for pk, score in _of_week(week) if pk not in heaped]
        chosen = draw(entries, share=made.share, most=int(numbers["most"]), key=lot_key(), week=week.code)
        counts = Counter(one.band for one in entries)
        made.strata = {
            "heaped": [len(heaped), len(heaped)],
            **{band: [counts[band], len(ids)] for band, ids in chosen.items()},
        }
        made.save(update_fields=["strata", "updated_at"])
        ids = {pk: ReviewCause.SAMPLE for drawn in chosen.values() for pk in drawn}
        ids |= dict.fromkeys(heaped, ReviewCause.SUSPICIOUS)
        return _open_drawn(made, ids, now=now)


def _open_drawn(made: LogDraw, causes: dict[int, ReviewCause], *, now: datetime) -> int:
    """The reviews of a draw, spread evenly; each reviewer hears of all at once."""
    load, given = desk.load_of(LogReview, "reviewer"), Counter[Any]()
    rows = Activity.objects.filter(pk__in=causes).select_related("author__unit", "customer").order_by("pk")
    for activity in rows:
        row = _open(activity, causes[activity.pk], now=now, made_in=made, load=load)
        given[row.reviewer] += 1
    for person, count in given.items():
        key, data = f"logs-drawn:{made.week}", {"count": count}
        notify([person], "crm.logs_drawn", None, now=now, dedupe_key=key, data=data)
    return len(causes)


def _reviewable() -> QuerySet[Activity]:
    """Judged logs nobody looked at, of people who still work here."""
    judged = Activity.objects.filter(score__isnull=False, entered_at__isnull=False)
    seen = LogReview.objects.values("activity")
    return judged.filter(author__is_active=True, customer__deleted_at=None).exclude(pk__in=seen)


def _of_week(week: Week) -> Any:
    rows = _reviewable().filter(entered_at__gte=week.start, entered_at__lt=week.end)
    return rows.order_by("pk").values_list("pk", "score").iterator(chunk_size=5000)


def _heaped(week: Week, *, least: int, days: int) -> Any:
    """All suspicious logs of the last days of authors who wrote `least` of them, reviewed ones counted along."""
    since = week.end - timedelta(days=days)
    written = {"entered_at__gte": since, "entered_at__lt": week.end}
    authors = (
        Activity.objects.doubted()
        .filter(**written)
        .order_by()
        .values("author")
        .annotate(n=Count("pk"))
        .filter(n__gte=least)
    )
    rows = _reviewable().doubted().filter(**written, author__in=authors.values("author"))  # type: ignore[attr-defined]
    return rows.values_list("pk", flat=True)


def lot_key() -> bytes:
    """The key of the lot: without it nobody can tell which log will be drawn."""
    return hashlib.sha256(b"log-reviews|" + settings.SECRET_KEY.encode()).digest()


# --- what time does ------------------------------------------------------------------------------------------------------


def keep_time(now: datetime) -> int:
    """Make findings final whose time to appeal is over, let lapse what nobody decided, hand on what lies with nobody."""
    rows = LogReview.objects.select_related("activity__customer", "author__unit", "reviewer")
    final = rows.filter(state=ReviewState.DECIDED, due_at__lt=now)
    waiting = (ReviewState.OPEN, ReviewState.ASSIGNED, ReviewState.APPEALED)
    stale = rows.filter(state__in=waiting, lapses_at__lt=now)
    left = rows.filter(state=ReviewState.ASSIGNED, reviewer__is_active=False, lapses_at__gte=now)
    lying = rows.filter(state=ReviewState.OPEN, lapses_at__gte=now)
    return (
        for_each_due("crm.log_reviews", final, lambda row: row.close(by=None, now=now))
        + for_each_due("crm.log_reviews", stale, lambda row: row.lapse(by=None, now=now))
        + for_each_due("crm.log_reviews", left, lambda row: _hand_out(row, now=now))
        + for_each_due("crm.log_reviews", lying, lambda row: _hand_out(row, now=now))
    )
