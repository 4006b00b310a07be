"""A person's own address for calendar programs: made, renewed, withdrawn; and the brake on reading it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit, public_tokens
from core.errors import TooMany
from core.params import param
from core.rules import require
from crm.models import CalendarFeed

FEED_KIND = "calendar"


def feed_of(user: Any) -> CalendarFeed | None:
    """The person's own feed, open or withdrawn; None where there never was one."""
    return CalendarFeed.objects.visible_to(user).first()


def feed_token(feed: CalendarFeed) -> str:
    """The word in the address; "" while the feed is withdrawn."""
    return public_tokens.make_token(FEED_KIND, feed.pk, feed.generation) if feed.is_open else ""


def open_calendar_feed(*, by: Any, now: datetime) -> CalendarFeed:
    """Make one's own address, or a new one: the former stops answering at once."""
    require(by, "crm.change_calendarfeed")
    with transaction.atomic():
        CalendarFeed.objects.get_or_create(user=by)
        feed = CalendarFeed.objects.select_for_update().get(user=by)
        feed.generation += 1
        feed.token_digest = public_tokens.token_hash(
            public_tokens.make_token(FEED_KIND, feed.pk, feed.generation)
        )
        feed.last_read_at = None
        feed.save()
        audit.record("crm.open_calendarfeed", feed, by=by, now=now, data={"generation": feed.generation})
    return feed


def close_calendar_feed(*, by: Any, now: datetime) -> None:
    """Withdraw one's own address; withdrawing again changes nothing."""
    require(by, "crm.change_calendarfeed")
    with transaction.atomic():
        feed = CalendarFeed.objects.select_for_update().filter(user=by, token_digest__isnull=False).first()
        if feed is not None:
            feed.token_digest = None
            feed.save(update_fields=["token_digest", "updated_at"])
            audit.record("crm.close_calendarfeed", feed, by=by, now=now, data={"generation": feed.generation})


COUNT = """
UPDATE crm_calendarfeed
   SET reads = CASE WHEN reads_since > %(hour_ago)s THEN reads + 1 ELSE 1 END,
       reads_since = CASE WHEN reads_since > %(hour_ago)s THEN reads_since ELSE %(now)s END,
       last_read_at = %(now)s
 WHERE id = %(feed)s RETURNING reads
"""


def count_calendar_read(feed: CalendarFeed, *, now: datetime) -> None:
    """Count a reading in one statement, and refuse (429) the one above the hourly limit."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"feed": feed.pk, "now": now, "hour_ago": now - timedelta(hours=1)})
        (reads,) = cursor.fetchone()
    if reads > int(param("crm.calendar_reads_per_hour", at=now)):
        raise TooMany(_("This calendar is read too often. Please try again in an hour."))
