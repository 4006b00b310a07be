"""A second opinion on SLA due times, written from the text of the domain and counting minutes one by one.

It shares nothing with `service.sla`: the tables are parsed from the domain's own words, the calendar of 2026 is typed
from the official notice, and every due time is found by counting the running minutes of a mask.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.workdays import SHANGHAI

EPOCH = datetime(2025, 12, 1, tzinfo=SHANGHAI)
DAYS = 500
HORIZON = 100 * 1440
"""No story of these tests lasts longer than 100 days."""

PRIORITY_TEXT = {"i1": "P1 P1 P2", "i2": "P2 P2 P3", "i3": "P2 P3 P3", "i4": "P3 P4 P4"}
SLA_TEXT = {
    "P1": ["15 min / 8 h / 24 h / 48 h", "30 min / 12 h / 36 h / 72 h", "60 min / 24 h / 48 h / 96 h"],
    "P2": ["1 h / 24 h / 48 h / 72 h", "2 bh / 1.5 wd / 3 wd / 4 wd", "4 bh / 3 wd / 4 wd / 5 wd"],
    "P3": ["2 bh / 2 wd / – / 5 wd", "4 bh / 3 wd / – / 7 wd", "8 bh / 5 wd / – / 10 wd"],
    "P4": ["4 bh / – / – / 3 wd", "8 bh / – / – / 5 wd", "16 bh / – / – / 10 wd"],
}
COLUMNS = {"vip": 0, "professional": 1, "standard": 2, "na": 1}
REST_2026 = [
    ((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)),
    ((6, 19), (6, 21)), ((9, 25), (9, 27)), ((10, 1), (10, 7)),
]  # fmt: skip
MAKEUP_2026 = {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)}


@dataclass
class Case:
    """One story in minutes since EPOCH; pauses are (kind, from, to)."""

    start: int
    impact: str
    tier: str
    safety: bool
    km: int
    plateau: bool
    contract: dict[int, str]
    pauses: list[tuple[str, int, int]]
    change: tuple[int, str] | None
    stopped: dict[int, int]
    reopen: int | None
    pauses_after: list[tuple[str, int, int]] = field(default_factory=list)


def _open_minutes() -> bytes:
    mask = bytearray(DAYS * 1440)
    for index in range(DAYS):
        day = EPOCH.date() + timedelta(days=index)
        if _is_workday(day):
            for first, last in ((510, 720), (780, 1050)):
                mask[index * 1440 + first : index * 1440 + last] = b"\1" * (last - first)
    return bytes(mask)


def _is_workday(day: date) -> bool:
    if day.year == 2026:
        if (day.month, day.day) in MAKEUP_2026:
            return True
        if any(first <= (day.month, day.day) <= last for first, last in REST_2026):
            return False
    return day.weekday() < 5


BUSINESS = _open_minutes()
ALWAYS = b"\1" * len(BUSINESS)


def answer(case: Case) -> list[dict[int, datetime]]:
    """Due times by clock number 1–4 for the first run, and 5–8 when the case is reopened."""
    column = COLUMNS[case.tier]
    first = "P1" if case.safety else PRIORITY_TEXT[case.impact].split()[column]
    last = case.change[1] if case.change else first
    runs = [_run(case, case.start, lambda clock: _at_stop(case, clock, first, last), case.pauses, 0)]
    if case.reopen is not None:
        higher = f"P{max(1, int(last[1]) - 1)}"
        runs.append(_run(case, case.reopen, lambda clock: higher, case.pauses_after, 4))
    return runs


def _at_stop(case: Case, clock: int, first: str, last: str) -> str:
    """A clock that was met before the priority changed keeps the old promise."""
    if case.change and clock in case.stopped and case.stopped[clock] < case.change[0]:
        return first
    return last


def _run(case, start, priority_of, pauses, offset):
    found = {}
    horizon = slice(start, start + HORIZON)
    masks = {"always": ALWAYS[horizon], "business": BUSINESS[horizon]}
    running = {name: _paused(mask, masks["business"], pauses, start) for name, mask in masks.items()}
    for clock in (1, 2, 3, 4):
        promise = SLA_TEXT[priority_of(clock)][COLUMNS[case.tier]].split(" / ")[clock - 1]
        dues = []
        if promise != "–":
            name, wanted = _read(promise)
            if clock > 1:
                far = 2 if case.km > 1500 or case.plateau else 1 if case.km > 500 else 0
                wanted += far * (720 if name == "always" else 480)
            dues.append((name, wanted))
        if clock in case.contract:
            dues.append(_read(case.contract[clock]))
        if dues:
            name, wanted = min(dues, key=lambda due: _count(masks[due[0]], due[1]))
            mask = running[name] if clock in (3, 4) else masks[name]
            found[clock + offset] = EPOCH + timedelta(minutes=start + _count(mask, wanted))
    return found


def _read(promise: str) -> tuple[str, int]:
    amount, unit = promise.split()
    minutes = int(float(amount) * {"min": 1, "h": 60, "bh": 60, "wd": 480}[unit])
    return ("always" if unit in ("min", "h") else "business"), minutes


def _paused(mask: bytes, business: bytes, pauses, start: int) -> bytes:
    """Take the paused minutes of this run out; parts pause only for their first 2,400 business minutes in it."""
    left = bytearray(mask)
    waiting_for_parts = bytearray(len(mask))
    for kind, since, until in pauses:
        first, last = max(since - start, 0), max(until - start, 0)
        if kind == "parts":
            waiting_for_parts[first:last] = b"\1" * (last - first)
        else:
            left[first:last] = bytes(last - first)
    allowance, minute = 2400, waiting_for_parts.find(1)
    while minute >= 0 and allowance:
        # a whole hour at once where it is waited through and the allowance outlasts it, else minute by minute
        whole = waiting_for_parts.count(1, minute, minute + 60) == 60
        size = 60 if whole and business.count(1, minute, minute + 60) < allowance else 1
        left[minute : minute + size] = bytes(size)
        allowance -= business.count(1, minute, minute + size)
        minute = waiting_for_parts.find(1, minute + size)
    return bytes(left)


def _count(mask: bytes, wanted: int) -> int:
    """The end of the minute in which the wanted number of running minutes is complete."""
    minute = 0
    while wanted > 240:
        block = mask.count(1, minute, minute + 240)
        wanted -= block
        minute += 240
    while wanted:
        wanted -= mask[minute]
        minute += 1
    return minute
