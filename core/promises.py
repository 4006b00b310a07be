"""Promised spans and the clocks that measure them: budgets, pauses, due times, levels and the steps that explain them.

Facts in, due times out: no ORM, no clock. Who promises what stands in the apps; here is only how time is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from core.workdays import (
    MINUTES_PER_WORKING_DAY,
    WorkCalendar,
    add_business_time,
    always_open,
    business_time_between,
)

LEVELS: Final = (50, 80, 100, 150)
"""Percent of a clock at which somebody is told."""

DUTY: Final = always_open()
"""The calendar behind `min` and `h`."""

_UNIT_MINUTES: Final = {"min": 1, "h": 60, "bh": 60, "wd": MINUTES_PER_WORKING_DAY}


@dataclass(frozen=True)
class Budget:
    """A promised span: `min` and `h` run round the clock, `bh` and `wd` (8 bh) on the business calendar."""

    amount: float
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in _UNIT_MINUTES or self.amount <= 0:
            raise ValueError(f"not a budget: {self.amount} {self.unit}")

    @property
    def span(self) -> timedelta:
        """The time that has to pass on this budget's calendar."""
        return timedelta(minutes=self.amount * _UNIT_MINUTES[self.unit])

    @property
    def is_round_the_clock(self) -> bool:
        return self.unit in ("min", "h")

    def calendar(self, business: WorkCalendar) -> WorkCalendar:
        """The calendar this budget runs on."""
        return DUTY if self.is_round_the_clock else business


@dataclass(frozen=True)
class Pause:
    """A wait of some kind that stops clocks; `end` None while it lasts."""

    kind: str
    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause ends before it starts")


@dataclass(frozen=True)
class Step:
    """One line of an explanation: a code for the sentence and the values in it."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class DueTime:
    """One clock; `due_at` is None while an open pause hides it, then `remaining` is what is left.

    `levels` are (percent, instant) as far as they can be known. `steps` end in the due time itself.
    """

    clock: str
    clock_no: int
    due_at: datetime | None
    levels: tuple[tuple[int, datetime], ...]
    steps: tuple[Step, ...]
    provisional: bool = False
    remaining: timedelta = timedelta(0)

    @property
    def is_paused(self) -> bool:
        return self.due_at is None

    def level_at(self, percent: int) -> datetime | None:
        """When so much of the clock is used; None as long as a pause hides it."""
        return dict(self.levels).get(percent)


def run_clock(
    clock: str,
    clock_no: int,
    *,
    start: datetime,
    span: timedelta,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    steps: Iterable[Step] = (),
) -> DueTime:
    """Let `span` run on `calendar` from `start` outside disjoint `pauses`, and write down each stretch after `steps`."""
    instants = {percent: _reach(start, span * percent / 100, pauses, calendar) for percent in LEVELS}
    due = instants[100]
    stretches, left = _stretches(start, span, due, pauses, calendar)
    return DueTime(
        clock,
        clock_no,
        due,
        tuple((percent, instant) for percent, instant in instants.items() if instant is not None),
        (*steps, *stretches),
        provisional=due is not None and calendar.is_provisional_between(start, due),
        remaining=left if due is None else timedelta(0),
    )


def dated_clock(
    clock: str, clock_no: int, *, start: datetime, due: datetime, steps: Iterable[Step]
) -> DueTime:
    """A promise that is a date and not a span: its levels divide the plain time up to it."""
    whole = max(due - start, timedelta(0))
    levels = tuple((at, due if at == 100 else start + whole * at / 100) for at in LEVELS)
    return DueTime(clock, clock_no, due, levels, (*steps, Step("due", {"at": due})))


def disjoint(pauses: Iterable[Pause], start: datetime) -> Iterator[Pause]:
    """The pauses after `start` in order, trimmed so that no instant is paused twice."""
    covered = start
    for pause in sorted(pauses, key=lambda pause: (pause.start, pause.end is not None)):
        if pause.end is not None and pause.end <= covered:
            continue
        yield replace(pause, start=max(pause.start, covered))
        if pause.end is None:
            return
        covered = pause.end


def _reach(
    start: datetime, span: timedelta, pauses: Sequence[Pause], calendar: WorkCalendar
) -> datetime | None:
    """When `span` has run outside the pauses; None when an open one comes first."""
    cursor = start
    for pause in pauses:
        ran = business_time_between(cursor, pause.start, calendar)
        if ran >= span:
            break
        span -= ran
        if pause.end is None:
            return None
        cursor = max(cursor, pause.end)
    return add_business_time(cursor, span, calendar)


def _stretches(
    start: datetime, span: timedelta, due: datetime | None, pauses: Sequence[Pause], calendar: WorkCalendar
) -> tuple[list[Step], timedelta]:
    """The explanation: running and paused stretches up to the due time, and what is left if it is hidden."""
    steps: list[Step] = []
    cursor, left = start, span
    for pause in pauses:
        if due is not None and pause.start >= due:
            break
        ran = business_time_between(cursor, pause.start, calendar)
        steps.append(Step("ran", {"from": cursor, "to": pause.start, "span": ran}))
        steps.append(Step("pause", {"kind": pause.kind, "from": pause.start, "to": pause.end}))
        left -= ran
        if pause.end is None:
            break
        cursor = pause.end
    if due is None:
        return [*steps, Step("paused", {"remaining": left})], left
    steps.append(Step("ran", {"from": cursor, "to": due, "span": left}))
    return [*steps, Step("due", {"at": due})], left
