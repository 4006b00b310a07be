"""The weekly look at what left: those who guard personal data and the auditors are told how much it was."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.choices import Flag, Role
from accounts.models import User
from core.notify import notify
from crm.models import Export


def tell_last_week(now: datetime) -> int:
    """Tell each of them once a week, when anything was downloaded in the week before (Monday to Sunday)."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    week = Export.objects.filter(downloaded_at__gte=monday - timedelta(days=7), downloaded_at__lt=monday)
    found = week.aggregate(count=Count("pk"), full=Count("pk", filter=Q(unmasked=True)))
    if not found["count"]:
        return 0
    people = [*User.objects.with_flag(Flag.PRIVACY_OFFICER, now), *User.objects.holding(Role.AU, now=now)]
    year, number, _weekday = (monday - timedelta(days=7)).isocalendar()
    return notify(
        people, "crm.exports_of_week", None, now=now, data=found, dedupe_key=f"exports:{year}-W{number:02}"
    )
