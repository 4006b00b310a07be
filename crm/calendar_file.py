"""A person's calendar as a file for calendar programs (iCalendar, RFC 5545).

It leaves our house: no contact's number or address stands in it, and numbers and mail addresses typed into a step are
taken out. The same rows give the same bytes, so that programs need not load it again.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from core.phones import parse_phone
from crm.agenda import Entry, agenda
from crm.planning import DUE_TIME

LOOKS_BACK, LOOKS_AHEAD = timedelta(days=30), timedelta(days=400)
TIMED_FOR = timedelta(minutes=30)

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_DIGITS = re.compile(r"\+?\d(?:[\d\s()（）-]{5,}\d)")
HIDDEN = "…"


def without_numbers(text: str) -> str:
    """The text without telephone numbers and mail addresses; document numbers and dates stay."""
    return _DIGITS.sub(lambda found: HIDDEN if parse_phone(found[0]) else found[0], _MAIL.sub(HIDDEN, text))


def calendar_file(person: Any, *, now: datetime) -> bytes:
    """What is open for this person from a month back to a year ahead, in what they may see now."""
    today = timezone.localdate(now)
    found = agenda(person, today - LOOKS_BACK, today + LOOKS_AHEAD, now=now, owner=person)
    calendar = Calendar()
    calendar.add("prodid", "-//Impeller//CRM//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Impeller: my calendar"))
    calendar.add("refresh-interval", timedelta(minutes=30), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    for entry in found.entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    """All day where the time is only the end of the working day, else half an hour."""
    event, row, local = Event(), entry.row, timezone.localtime(entry.at)
    event.add("uid", f"{entry.uid}@impeller")
    event.add("dtstamp", row.updated_at)
    event.add("last-modified", row.updated_at)
    event.add("sequence", row.version)
    event.add("summary", without_numbers(f"{entry.party}: {entry.title}"))
    event.add("categories", [entry.label])
    event.add("url", f"{settings.BASE_URL}{entry.url}")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    if local.time() == DUE_TIME:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
    else:
        event.add("dtstart", entry.at)
        event.add("dtend", entry.at + TIMED_FOR)
    return event
