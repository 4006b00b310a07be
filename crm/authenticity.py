"""How far a contact log can be believed: the signals H1–H16 and the score A; pure, no row is read here.

`A = clamp(100 − Σ penalties + Σ bonuses, 0, 100)`; 80 and more is trusted, 60–79 to be checked, below 60 suspicious.
The score never punishes: it chooses what a person looks at. Every signal carries the numbers its sentence needs.
Source: domain specification §2.11.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any

from django.utils import timezone

from core.workdays import HOLIDAY, WorkCalendar
from crm.choices import ActivityOutcome, ActivityType, Direction, EnteredVia
from crm.distance import Point, kilometres

RULE_VERSION = "H2026.2"
TRUSTED, BELIEVABLE = 80, 60

POINTS: dict[str, int] = {
    "H1": -25, "H2": -15, "H3": -10, "H3_week": -20, "H4": -20, "H5": -5, "H6": -40, "H7": -5, "H8": -10, "H9": -10,
    "H10": -10, "H10_far": -25, "H11": -10, "H12": -5, "H13": -20, "H14": -30, "H14_time": -10, "H15": 15, "H16": 10,
}  # fmt: skip
"""Points of each signal; a second level has a name of its own. A denial by the customer (H15) sets the score to 0."""

SHORT_SUMMARY, FACT_FROM = 15, 10
FACT = re.compile(
    r"\d|(?:周|星期|礼拜)[一二三四五六日天末]|[今明后昨]天|[上下]周|[上下本]月|月[初中底]|[一二两三四五六七八九十]+[号日点台]"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:today|tomorrow|yesterday)\b",
    re.IGNORECASE,
)
"""A figure or a day: a note of ten characters that names one can be checked, however short it is."""
STOCK_PHRASES = (
    "已联系", "正常跟进", "电话沟通", "继续跟进", "保持联系", "常规拜访", "已拜访", "已回访", "情况正常", "无异常", "一切正常", "暂无需求",
    "微信沟通", "沟通顺利", "客户满意", "后续跟进", "日常维护", "无", "ok", "none", "contacted", "followedup", "normalfollowup",
    "calledcustomer", "nothingnew", "allgood",
)  # fmt: skip
"""Phrases that say nothing, letters only; a text made of nothing else is a stock phrase, however long."""

SIMILAR, SIMILAR_DAYS, SIMILAR_FROM = 0.90, 90, 10
LATE, VERY_LATE = timedelta(hours=72), timedelta(days=7)
BURST, BURST_SPAN = 8, timedelta(minutes=10)
MONTH_END_SHARE, MONTH_END_FROM, CLOSING_DAYS = 0.40, 5, 2
NIGHT_FROM, NIGHT_TO = time(22, 0), time(6, 30)
FAR_KM, SAME_PLACE_KM = 1.0, 1.0
NEAR_KM, NEAR_SPEED, FAR_SPEED = 300, 150, 400
ROUND_THE_WORLD = timedelta(days=3)
"""Apart so long, no two places are too far from each other."""
ROUND_OF, ROUND_SHARE = 20, 0.80
MANY_CUSTOMERS = 3
EXIF_HOURS = 24

_SPOKEN = {
    ActivityType.SITE_VISIT, ActivityType.FACTORY_TOUR, ActivityType.CALL, ActivityType.VIDEO, ActivityType.MEETING,
    ActivityType.FAIR,
}  # fmt: skip
_PRESENT = {
    ActivityType.SITE_VISIT,
    ActivityType.FACTORY_TOUR,
    ActivityType.MEETING,
    ActivityType.FAIR,
}
_FRUITLESS = {ActivityOutcome.NO_ANSWER, ActivityOutcome.NOT_MET, ActivityOutcome.SENT}


@dataclass(frozen=True)
class Log:
    """What the score reads of one log. `place` is where the author checked in, `minutes` how long it took."""

    id: int
    customer: int
    type: str
    occurred_at: datetime
    entered_at: datetime
    summary: str
    outcome: str = ""
    direction: str = Direction.OUT
    next_step: str = ""
    next_at: datetime | None = None
    minutes: int | None = None
    note: str = ""
    via: str = EnteredVia.WEB
    place: Point | None = None

    @cached_property
    def ends_at(self) -> datetime:
        """The end; a contact of unknown length still takes a minute."""
        return self.occurred_at + timedelta(minutes=max(self.minutes or 0, 1))

    @cached_property
    def entered_on(self) -> date:
        """The day it was written down."""
        return timezone.localtime(self.entered_at).date()


@dataclass(frozen=True)
class Evidence:
    """What other rows say about a log.

    `left` — everybody named had left the company before; `employee` — a named number is a colleague's; `shared_by` —
    at how many customers a named number stands; `km` — distance of the check-in from the nearest known place of the
    customer; `call_recorded` — None where no telephone system is connected, `checked_in` — None where nobody can check in; `statement` — what the customer said.
    """

    contacts: int = 1
    left: bool = False
    employee: bool = False
    shared_by: int = 1
    checked_in: bool | None = None
    km: float | None = None
    call_recorded: bool | None = None
    photo_reused: bool = False
    photo_hours_off: float | None = None
    statement: str = ""
    proof: bool = False


@dataclass(frozen=True)
class Signal:
    """One thing that was noticed, its points (negative: a doubt) and the numbers its sentence names."""

    code: str
    points: int
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def heuristic(self) -> str:
        """The H number without its level."""
        return self.code.partition("_")[0]


@dataclass(frozen=True)
class Verdict:
    """The score and why."""

    score: int
    signals: tuple[Signal, ...]


def band_of(score: int) -> str:
    """trusted, check or suspicious."""
    return "trusted" if score >= TRUSTED else "check" if score >= BELIEVABLE else "suspicious"


def total(signals: Sequence[Signal]) -> int:
    """The score of a set of signals; a customer who denies the contact leaves nothing of it."""
    if any(signal.code == "H15" and signal.data.get("denied") for signal in signals):
        return 0
    return max(0, min(100, 100 + sum(signal.points for signal in signals)))


def is_two_way(type_code: str, direction: str, outcome: str) -> bool:
    """Whether somebody on the other side took part: spoken with, or an inbound reply in writing."""
    if outcome in _FRUITLESS:
        return False
    return type_code in _SPOKEN or direction == Direction.IN


def judge(
    log: Log,
    history: Sequence[Log],
    evidence: Evidence,
    calendar: WorkCalendar,
    points: Mapping[str, int] = POINTS,
) -> Verdict:
    """Score one log against the author's other logs of the last 90 days and what other rows say."""
    found = [
        *_own_signals(log, calendar, points),
        *_copied(log, history, points),
        *crowd_signals(log, history, calendar, points),
        *evidence_signals(log, evidence, points),
    ]
    found.sort(key=lambda signal: int(signal.heuristic[1:]))
    return Verdict(total(found), tuple(found))


# --- the log itself: H2 H3 H7 H8 ---------------------------------------------------------------------------------------


def _own_signals(log: Log, calendar: WorkCalendar, points: Mapping[str, int]) -> Iterator[Signal]:
    if is_thin(log.summary):
        yield Signal("H2", points["H2"], {"n": len(log.summary.strip())})
    late = log.entered_at - log.occurred_at
    if late > LATE:
        code = "H3_week" if late > VERY_LATE else "H3"
        excused = bool(log.note.strip())
        cost = int(points[code] / 2) if excused else points[code]
        yield Signal(code, cost, {"days": late.days, "excused": excused})
    if is_odd_hour(log.occurred_at, calendar) and not log.note.strip():
        yield Signal("H7", points["H7"], {"at": f"{timezone.localtime(log.occurred_at):%H:%M}"})
    if not log.next_step.strip() or log.next_at is None:
        yield Signal("H8", points["H8"])


def is_odd_hour(at: datetime, calendar: WorkCalendar) -> bool:
    """Between 22:00 and 06:30, or on a public holiday."""
    local = timezone.localtime(at)
    return local.time() >= NIGHT_FROM or local.time() < NIGHT_TO or is_holiday(local.date(), calendar)


def is_holiday(day: date, calendar: WorkCalendar) -> bool:
    """A public holiday; an ordinary Saturday or Sunday is none."""
    if calendar.special_days.get(day) == HOLIDAY:
        return True
    return day.weekday() < 5 and not calendar.is_working_day(day)


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """A text as it is compared: one width, lower case, no blanks and no punctuation."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


def is_thin(summary: str) -> bool:
    """Shorter than 15 characters without a fact, or made of stock phrases only: worth a warning, never a refusal."""
    text = summary.strip()
    if len(text) < (FACT_FROM if FACT.search(text) else SHORT_SUMMARY):
        return True
    rest = letters(summary)
    for phrase in sorted(STOCK_PHRASES, key=len, reverse=True):
        rest = rest.replace(phrase, "")
    return len(rest) < 4


# --- H1: copied from an own log --------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def trigrams(text: str) -> frozenset[str]:
    """The runs of three characters of a text as it is compared."""
    plain = letters(text)
    return frozenset(plain[start : start + 3] for start in range(len(plain) - 2))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared trigrams ÷ all trigrams, 0–1."""
    shared = len(one & other)
    union = len(one) + len(other) - shared
    return shared / union if union else 0.0


def likeness(one: str, other: str) -> float:
    """How far one text is the other: shared trigrams, or nearly all where a single letter was touched up.

    One letter changed costs three trigrams, a fifth of a short note. A figure changed is another reading, no touch-up.
    """
    first, second = sorted((letters(one), letters(other)), key=len)
    share = similarity(trigrams(one), trigrams(other))
    return max(share, 1 - 1 / len(second)) if _touched_up(first, second) else share


def _touched_up(first: str, second: str) -> bool:
    """Whether the longer text is the shorter one with one letter put in or put in the place of another."""
    if first == second or len(second) - len(first) > 1:
        return False
    pairs = enumerate(zip(first, second, strict=False))
    head = next((place for place, (one, other) in pairs if one != other), len(first))
    longer = len(second) > len(first)
    if first[head + (not longer) :] != second[head + 1 :]:
        return False
    return longer or not (first[head].isdigit() and second[head].isdigit())


def _copied(log: Log, history: Sequence[Log], points: Mapping[str, int]) -> Iterator[Signal]:
    size = len(letters(log.summary))
    if size < SIMILAR_FROM or is_thin(log.summary):  # stock phrases are alike: H2 counts them once
        return
    since = log.entered_at - timedelta(days=SIMILAR_DAYS)
    best, twin = 0.0, 0
    for other in history:
        if other.id == log.id or other.entered_at < since or _later(other, log):
            continue
        if not SIMILAR - 0.15 <= len(letters(other.summary)) / size <= 1 / (SIMILAR - 0.15):
            continue
        share = likeness(log.summary, other.summary)
        if share > best:
            best, twin = share, other.id
    if best >= SIMILAR:
        yield Signal("H1", points["H1"], {"percent": round(best * 100), "other": twin})


def _later(other: Log, log: Log) -> bool:
    return (other.entered_at, other.id) > (log.entered_at, log.id)


# --- the author's other logs: H4 H5 H6 H12 -----------------------------------------------------------------------------

CROWD = ("H4", "H5", "H6", "H12")
"""Signals that later logs of the same author may bring or take; looked at again each night."""


def crowd_signals(
    log: Log, history: Sequence[Log], calendar: WorkCalendar, points: Mapping[str, int] = POINTS
) -> Iterator[Signal]:
    """What the log looks like among the author's other logs (`history` may contain the log itself)."""
    others = [other for other in history if other.id != log.id]
    n = _burst(log, others)
    if n >= BURST:
        yield Signal("H4", points["H4"], {"n": n})
    share = _month_end_share(log, others, calendar)
    if share > MONTH_END_SHARE:
        yield Signal("H5", points["H5"], {"percent": round(share * 100)})
    yield from _impossible_visit(log, others, points)
    if _is_rounded(log, others):
        yield Signal("H12", points["H12"], {"minutes": log.minutes})


def _burst(log: Log, others: Sequence[Log]) -> int:
    """The most logs in any ten minutes that contain this entry; imported ones are exempt."""
    if log.via == EnteredVia.IMPORT:
        return 0
    near = [
        other.entered_at
        for other in others
        if other.via != EnteredVia.IMPORT and abs(other.entered_at - log.entered_at) <= BURST_SPAN
    ]
    times = sorted([*near, log.entered_at])
    starts = (start for start in times if log.entered_at - BURST_SPAN <= start <= log.entered_at)
    return max(sum(start <= at <= start + BURST_SPAN for at in times) for start in starts)


def closing_days(day: date, calendar: WorkCalendar) -> date:
    """The first of the last two working days of a day's month."""
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    left = CLOSING_DAYS
    while True:
        left -= calendar.is_working_day(last)
        if not left:
            return last
        last -= timedelta(days=1)


def _month_end_share(log: Log, others: Sequence[Log], calendar: WorkCalendar) -> float:
    """The share of the month's entries made in its last two working days, when this is one of them; else 0."""
    entered = log.entered_on
    start = closing_days(entered, calendar)
    if entered < start or log.via == EnteredVia.IMPORT:
        return 0.0
    days = [other.entered_on for other in others if other.via != EnteredVia.IMPORT]
    month = [entered, *(day for day in days if (day.year, day.month) == (entered.year, entered.month))]
    if len(month) < MONTH_END_FROM:
        return 0.0
    return sum(day >= start for day in month) / len(month)


def _impossible_visit(log: Log, others: Sequence[Log], points: Mapping[str, int]) -> Iterator[Signal]:
    """Two places at once, or a journey no road, train or aeroplane makes."""
    if log.type not in _PRESENT:
        return
    for other in others:
        if other.type not in _PRESENT or other.customer == log.customer:
            continue
        if abs(other.occurred_at - log.occurred_at) > ROUND_THE_WORLD:
            continue
        apart = kilometres(log.place, other.place)
        if _overlap(log, other):
            if apart is None or apart > SAME_PLACE_KM:
                yield Signal("H6", points["H6"], {"other": other.id})
                return
        elif apart is not None and apart > SAME_PLACE_KM:
            first, second = sorted((log, other), key=lambda one: one.occurred_at)
            hours = (second.occurred_at - first.ends_at) / timedelta(hours=1)
            speed = apart / max(hours, 1 / 60)
            if speed > (NEAR_SPEED if apart < NEAR_KM else FAR_SPEED):
                yield Signal(
                    "H6", points["H6"], {"other": other.id, "km": round(apart), "speed": round(speed)}
                )
                return


def _overlap(log: Log, other: Log) -> bool:
    """A visit that coincides with another; two meetings or fairs at once may be one event with several customers."""
    if ActivityType.SITE_VISIT not in (log.type, other.type):
        return False
    return log.occurred_at < other.ends_at and other.occurred_at < log.ends_at


def _is_rounded(log: Log, others: Sequence[Log]) -> bool:
    """Whether the log is one of ≥ 80 % of 20 successive logs on the hour or half hour, all of one length."""
    if not _on_the_half(log):
        return False
    line = sorted([*others, log], key=lambda one: (one.occurred_at, one.id))
    place = line.index(log)
    for start in range(max(0, place - ROUND_OF + 1), min(place, len(line) - ROUND_OF) + 1):
        window = line[start : start + ROUND_OF]
        lengths = Counter(one.minutes for one in window if _on_the_half(one))
        if lengths[log.minutes] >= ROUND_SHARE * ROUND_OF:
            return True
    return False


def _on_the_half(log: Log) -> bool:
    return bool(log.minutes) and log.occurred_at.minute in (0, 30) and log.occurred_at.second == 0


# --- other rows: H9 H10 H11 H13 H14 H15 H16 ------------------------------------------------------------------------------


def evidence_signals(log: Log, evidence: Evidence, points: Mapping[str, int] = POINTS) -> Iterator[Signal]:
    """What contacts, check-in, files and the customer's own word add or take."""
    if not evidence.contacts or evidence.left:
        yield Signal("H9", points["H9"], {"left": evidence.left})
    if log.type == ActivityType.SITE_VISIT:
        if evidence.checked_in is False:
            yield Signal("H10", points["H10"])
        elif evidence.km is not None and evidence.km > FAR_KM:
            yield Signal("H10_far", points["H10_far"], {"km": round(evidence.km, 1)})
    if log.type == ActivityType.CALL and evidence.call_recorded is False:
        yield Signal("H11", points["H11"])
    if evidence.employee or evidence.shared_by >= MANY_CUSTOMERS:
        yield Signal("H13", points["H13"], {"employee": evidence.employee, "n": evidence.shared_by})
    if evidence.photo_reused:
        yield Signal("H14", points["H14"])
    if evidence.photo_hours_off is not None and evidence.photo_hours_off > EXIF_HOURS:
        yield Signal("H14_time", points["H14_time"], {"hours": round(evidence.photo_hours_off)})
    if evidence.statement:
        denied = evidence.statement == "denied"
        yield Signal("H15", -100 if denied else points["H15"], {"denied": denied})
    if evidence.proof:
        yield Signal("H16", points["H16"])
