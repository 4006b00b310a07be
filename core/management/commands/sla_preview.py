"""`sla_preview`: how a span of business time is counted from an instant, day by day."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from core.calendars import COMPANY, work_calendar
from core.models import Calendar
from core.workdays import SHANGHAI, WorkCalendar, add_business_minutes, business_minutes_between

SHOWN_DAYS = 60


def instant(text: str) -> datetime:
    """An ISO instant; without a zone it is meant in the company's."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no instant like 2026-11-23T16:30 or 2026-11-23T16:30+08:00")
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


class Command(BaseCommand):
    """Answers "why is it due then?" without a ticket."""

    help = (
        "Count business minutes from an instant and explain each day: --start ISO --minutes N [--calendar C]."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to begin, how long, on which calendar."""
        parser.add_argument("--start", type=instant, required=True, metavar="ISO")
        parser.add_argument("--minutes", type=int, required=True, metavar="N")
        parser.add_argument("--calendar", default=COMPANY, metavar="C", help="a calendar's code, or 24x7")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the days counted and the due instant."""
        if options["minutes"] < 0:
            raise CommandError("--minutes must not be negative.")
        try:
            calendar = work_calendar(options["calendar"])
        except Calendar.DoesNotExist:
            known = ", ".join([*Calendar.objects.order_by("code").values_list("code", flat=True), "24x7"])
            raise CommandError(f"There is no calendar {options['calendar']!r}; known: {known}.") from None
        start = options["start"]
        due = add_business_minutes(start, options["minutes"], calendar)
        for line in counted_days(start.astimezone(calendar.zone), due.astimezone(calendar.zone), calendar):
            self.stdout.write(line)
        provisional = calendar.is_provisional_between(start, due)
        self.stdout.write(f"due {due.astimezone(calendar.zone).isoformat(timespec='minutes')}")
        if provisional:
            self.stdout.write("provisional: the official days off of that year are not known yet")


def counted_days(start: datetime, due: datetime, calendar: WorkCalendar) -> Iterator[str]:
    """One line for each local date from the start to the due instant: kind of day, windows, minutes counted."""
    day, left = start.date(), SHOWN_DAYS
    while day <= due.date() and left:
        midnight = datetime.combine(day, datetime.min.time(), calendar.zone)
        counted = business_minutes_between(
            max(start, midnight), min(due, midnight + timedelta(days=1)), calendar
        )
        windows = (
            " ".join(f"{clock(begin)}-{clock(end)}" for begin, end in calendar.windows_on(day)) or "closed"
        )
        kind = calendar.special_days.get(day, "") if calendar.observes_holidays else ""
        yield f"{day:%a %Y-%m-%d}  {kind:8}  {windows:24}  {counted:5} min"
        day, left = day + timedelta(days=1), left - 1
    if day <= due.date():
        yield f"… and {(due.date() - day).days + 1} more days"


def clock(minutes: int) -> str:
    """Minutes since midnight as people write them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
