"""What is promised next and when it is due and reminded of: arithmetic on dates and words without any row."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

REMINDER_OFFSETS = (0, 1, 3, 7)
"""Days after the due date on which the owner is reminded; on the last the branch manager too."""

NOTHING_REMINDED = -1

LEVEL_TIME = time(8, 0)
"""Local time at which a reminder level falls due, so that messages come in working hours."""

DUE_TIME = time(17, 30)
"""Local time by which a follow-up of a day must be done."""

SUGGESTED = {"vip": "in_3_days", "professional": "next_monday", "standard": "two_weeks", "na": "next_monday"}
"""The date chip that is chosen beforehand for a tier."""

MAX_SNOOZE = 183


@dataclass(frozen=True)
class DateChip:
    """One touch on the log form: its code and the day it means."""

    code: str
    day: date


def due_on(day: date) -> datetime:
    """The instant by which a follow-up of a local day is due."""
    return timezone.make_aware(datetime.combine(day, DUE_TIME))


def date_chips(now: datetime) -> list[DateChip]:
    """Tomorrow, in three days, next Monday, in two weeks — a Saturday or Sunday moves to the Monday after."""
    today = timezone.localtime(now).date()
    monday = today + timedelta(days=7 - today.weekday())
    days = (
        ("tomorrow", today + timedelta(days=1)),
        ("in_3_days", today + timedelta(days=3)),
        ("next_monday", monday),
        ("two_weeks", today + timedelta(days=14)),
    )
    chips: list[DateChip] = []
    for code, day in days:
        shifted = day if day.weekday() < 5 or code == "tomorrow" else day + timedelta(days=7 - day.weekday())
        chips.append(DateChip(code, shifted))
    return chips


def suggested_day(tier: str, now: datetime) -> DateChip:
    """The chip chosen beforehand: the more important the customer, the sooner."""
    wanted = SUGGESTED.get(tier, "next_monday")
    return next(chip for chip in date_chips(now) if chip.code == wanted)


def end_of_day(now: datetime) -> datetime:
    """The last instant of the local day; what is due by then counts as today's."""
    return timezone.make_aware(datetime.combine(timezone.localtime(now).date(), time.max))


def end_of_week(now: datetime) -> datetime:
    """The last instant of the coming Sunday, local."""
    return end_of_day(now + timedelta(days=6 - timezone.localtime(now).weekday()))


def level_at(due_at: datetime, offset: int) -> datetime:
    """When a reminder level falls due: 08:00 local, `offset` days after the due date."""
    day = timezone.localtime(due_at).date() + timedelta(days=offset)
    return timezone.make_aware(datetime.combine(day, LEVEL_TIME))


def levels_reached(due_at: datetime, reminded_up_to: int, now: datetime) -> list[tuple[int, datetime]]:
    """The reminder levels due by now beyond the last one reached, first to last, each with its instant."""
    levels = [(offset, level_at(due_at, offset)) for offset in REMINDER_OFFSETS if offset > reminded_up_to]
    return [(offset, at) for offset, at in levels if at <= now]


def due_before(offset: int, now: datetime) -> datetime:
    """A reminder level has been reached by every follow-up due before this instant."""
    local = timezone.localtime(now)
    day = local.date() - timedelta(days=offset if local.time() >= LEVEL_TIME else offset + 1)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def reminded_at_planning(due_at: datetime, planned_at: datetime) -> int:
    """The level that counts as reached when a follow-up is planned or moved.

    Planned on its own day, the reminder of that day would only repeat what was just typed.
    """
    return 0 if level_at(due_at, 0) <= planned_at else NOTHING_REMINDED


_SENTENCE_END = re.compile(r"[。！？；;!?\n]+")
_PROMISE = re.compile(
    r"请|需要|要求|要我|答应|承诺|下次|下周|约|给出|提供|发|寄|报价|回复|send|call|visit|quote|reply|promise",
    re.I,
)
MAX_STEP = 60


def step_from_text(summary: str) -> str:
    """The promise in a text: its last sentence that sounds like one, else its last sentence, shortened."""
    sentences = [part.strip(" ，,") for part in _SENTENCE_END.split(summary) if part.strip(" ，,")]
    if not sentences:
        return ""
    promised = [part for part in sentences if _PROMISE.search(part)]
    found = (promised or sentences)[-1]
    return found if len(found) <= MAX_STEP else f"{found[: MAX_STEP - 1]}…"
