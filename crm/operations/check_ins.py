"""Checking in at a customer's, and what the visit's log takes over from it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
from core.params import param
from core.rules import require
from crm.choices import ActivityType
from crm.distance import Point, blurred, kilometres
from crm.models import Activity, CheckIn, Customer, Site

AGAIN = timedelta(minutes=10)
WORST_ACCURACY = 5_000  # metres; beyond, the device does not know where it is
BLUR_AFTER = timedelta(days=180)
BLUR_ROWS = 500


def check_in(
    *, by: Any, now: datetime, customer: Customer, latitude: Decimal, longitude: Decimal, accuracy: int
) -> CheckIn:
    """Keep where the person is, for the visit's log of this day. A second tap within ten minutes corrects the first.

    Refuses who may not log contacts here, places not on the globe and fixes worse than 5 km.
    """
    require(by, "crm.add_activity", customer)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RuleBroken(errors={"latitude": [_("This is no place on the globe.")]})
    if accuracy > WORST_ACCURACY:
        raise RuleBroken(
            errors={"accuracy": [_("The device does not know where it is. Go outside and try again.")]}
        )
    with transaction.atomic():
        rows = CheckIn.objects.free_of(by, customer, now - AGAIN).select_for_update()
        row = rows.first() or CheckIn(customer=customer, user=by)
        row.at, row.latitude, row.longitude, row.accuracy = now, latitude, longitude, accuracy
        row.save()
        audit.record("crm.check_in", customer, by=by, now=now, data={"accuracy": accuracy})
    return row


def free_check_in(user: Any, customer: Customer, at: datetime) -> CheckIn | None:
    """The newest check-in of that day which the person's visit log of the day will take over."""
    morning = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = CheckIn.objects.free_of(user, customer, morning)
    return rows.filter(at__lt=morning + timedelta(days=1)).first()


def take_over_check_in(activity: Activity) -> None:
    """Give a visit's log the author's check-in of that day, where there is one."""
    if activity.type != ActivityType.SITE_VISIT:
        return
    row = free_check_in(activity.author, activity.customer, activity.occurred_at)
    if row is not None:
        row.activity = activity
        row.save(update_fields=["activity"])


def distance_from(row: CheckIn, sites: Iterable[Site]) -> float | None:
    """Kilometres to the nearest known site, less what the device may be wrong by; None where no site's place is known."""
    places = (
        Point(float(site.latitude), float(site.longitude))
        for site in sites
        if site.latitude is not None and site.longitude is not None
    )
    found = [far for place in places if (far := kilometres(row.point, place)) is not None]
    return max(0.0, min(found) - row.accuracy / 1000) if found else None


def distance_of(row: CheckIn) -> float | None:
    """`distance_from` the sites of its customer."""
    return distance_from(row, Site.objects.filter(customer=row.customer_id).exclude(latitude=None))


def is_expected(activity: Activity, now: datetime) -> bool:
    """Whether the company asks for a check-in on the day of this visit (`crm.check_in_from`, empty: nobody is asked)."""
    begun = param("crm.check_in_from", at=now)
    return bool(begun) and timezone.localdate(activity.occurred_at).isoformat() >= begun


def blur_old_check_ins(now: datetime) -> int:
    """Keep places older than 180 days to about 100 m only; returns how many."""
    rows = list(CheckIn.objects.exact_before(now - BLUR_AFTER).order_by("at")[:BLUR_ROWS])
    for row in rows:
        place = blurred(row.point)
        row.latitude, row.longitude = Decimal(str(place.latitude)), Decimal(str(place.longitude))
        row.blurred = True
    CheckIn.objects.bulk_update(rows, ["latitude", "longitude", "blurred"])
    return len(rows)
