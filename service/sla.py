"""The four promises of a ticket (response, on site, restore, resolve) as due times with their reasons.

Facts in, due times out: no ORM, no clock. One call computes one *run*: the first, or one after a reopen.
Minutes and hours run round the clock; business hours and working days run on the calendar (decision 19).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from core.workdays import (
    MINUTES_PER_WORKING_DAY,
    WorkCalendar,
    add_business_time,
    add_calendar_days,
    always_open,
    business_time_between,
)
from service.priority import counted_tier, one_higher

RESPONSE: Final = "response"
ONSITE: Final = "onsite"
RESTORE: Final = "restore"
RESOLVE: Final = "resolve"
CLOCKS: Final = (RESPONSE, ONSITE, RESTORE, RESOLVE)
LEVELS: Final = (50, 80, 100, 150)
"""Percent of a clock at which somebody is told."""

PAUSE_KINDS: Final = frozenset({"customer", "window", "force_majeure", "parts"})
PAUSABLE: Final = frozenset({RESTORE, RESOLVE})
PARTS_PAUSE_LIMIT: Final = timedelta(minutes=5 * MINUTES_PER_WORKING_DAY)
"""Waiting for parts stops a clock for five working days a run at most: stock is our duty."""

MAINTENANCE_WINDOW_DAYS: Final = 7
FAR_KM: Final = 500
VERY_FAR_KM: Final = 1500

_UNIT_MINUTES: Final = {"min": 1, "h": 60, "bh": 60, "wd": MINUTES_PER_WORKING_DAY}
_DUTY: Final = always_open()


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


def _row(unit: str, *cells: float | tuple[float, str] | None) -> tuple[Budget | None, ...]:
    return tuple(
        None if cell is None else Budget(*cell) if isinstance(cell, tuple) else Budget(cell, unit)
        for cell in cells
    )


TARGETS: Final[Mapping[tuple[str, str], tuple[Budget | None, ...]]] = {
    ("p1", "vip"): _row("h", (15, "min"), 8, 24, 48),
    ("p1", "professional"): _row("h", (30, "min"), 12, 36, 72),
    ("p1", "standard"): _row("h", (60, "min"), 24, 48, 96),
    ("p2", "vip"): _row("h", 1, 24, 48, 72),
    ("p2", "professional"): _row("wd", (2, "bh"), 1.5, 3, 4),
    ("p2", "standard"): _row("wd", (4, "bh"), 3, 4, 5),
    ("p3", "vip"): _row("wd", (2, "bh"), 2, None, 5),
    ("p3", "professional"): _row("wd", (4, "bh"), 3, None, 7),
    ("p3", "standard"): _row("wd", (8, "bh"), 5, None, 10),
    ("p4", "vip"): _row("wd", (4, "bh"), None, None, 3),
    ("p4", "professional"): _row("wd", (8, "bh"), None, None, 5),
    ("p4", "standard"): _row("wd", (16, "bh"), None, None, 10),
}
"""Response, on site, restore, resolve by priority and tier; None = not promised, so no clock."""

ACCEPT_ASSIGNMENT: Final[Mapping[str, Budget]] = {
    "p1": Budget(30, "min"),
    **{priority: Budget(2, "bh") for priority in ("p2", "p3", "p4")},
}
"""How long an engineer may leave an assignment unanswered before it returns to the dispatcher."""

CONFIRM_SLOT: Final = Budget(1, "wd")
QUOTE_PARTS: Final = Budget(1, "wd")
SHIP_STOCK: Final = Budget(2, "wd")


@dataclass(frozen=True)
class Pause:
    """A proven wait; `end` None while it lasts."""

    kind: str
    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.kind not in PAUSE_KINDS:
            raise ValueError(f"unknown kind of pause: {self.kind!r}")
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause ends before it starts")


@dataclass(frozen=True)
class TicketRun:
    """What the due times of one run depend on.

    `start` is receipt, or the reopen; `run` counts reopens. `priorities` are (since, priority), oldest first:
    the last one counts for open clocks and from the start, a stopped clock keeps the one in force when it
    stopped. `stopped` holds when clocks were met; `voided` the clocks that no longer apply (a remote solution
    voids on-site).
    """

    start: datetime
    tier: str
    priorities: tuple[tuple[datetime, str], ...]
    type: str = "repair"
    run: int = 0
    pauses: tuple[Pause, ...] = ()
    stopped: Mapping[str, datetime] = field(default_factory=dict)
    voided: frozenset[str] = frozenset()
    travel_km: int = 0
    remote_area: bool = False
    contract: Mapping[str, Budget] = field(default_factory=dict)
    agreed_date: date | None = None
    planned_date: date | None = None
    in_stock: bool = False

    def priority_for(self, clock: str) -> str:
        """The priority in force now, or when this clock stopped."""
        until = self.stopped.get(clock)
        in_force = [priority for since, priority in self.priorities if until is None or since <= until]
        return in_force[-1] if in_force else self.priorities[0][1]

    def reopened(self, at: datetime) -> TicketRun:
        """The next run: fresh clocks from `at`, one priority higher, nothing paused or stopped."""
        raised = one_higher(self.priorities[-1][1])
        return replace(
            self,
            start=at,
            run=self.run + 1,
            priorities=((at, raised),),
            pauses=(),
            stopped={},
            voided=frozenset(),
        )


@dataclass(frozen=True)
class Step:
    """One line of an explanation: a code for the sentence and the values in it."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class DueTime:
    """One clock of a run; `due_at` is None while an open pause hides it, then `remaining` is what is left.

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


def due_times(run: TicketRun, calendar: WorkCalendar) -> dict[str, DueTime]:
    """Every promised clock of a run by name. A clock that is unknown, not promised or void has no entry."""
    found = {}
    for clock in CLOCKS:
        if clock in run.voided:
            continue
        due = _dated_due(run, clock, calendar) or _budgeted_due(run, clock, calendar)
        if due:
            found[clock] = due
    return found


def clock_number(clock: str, run: int) -> int:
    """1–4 in the first run, 5–8 after a reopen, 9–12 after the second."""
    return 1 + CLOCKS.index(clock) + len(CLOCKS) * run


def travel_addition(run: TicketRun, budget: Budget) -> Budget | None:
    """What distance adds to everything but the response, in the unit family of the clock it lengthens."""
    if run.travel_km > VERY_FAR_KM or run.remote_area:
        return Budget(24, "h") if budget.is_round_the_clock else Budget(2, "wd")
    if run.travel_km > FAR_KM:
        return Budget(12, "h") if budget.is_round_the_clock else Budget(1, "wd")
    return None


def recurrence(closed_at: datetime, now: datetime, priority: str) -> str:
    """The same symptom on the same pump after closing: `reopen`, a new ticket marked `repeat`, or `new`."""
    age = now - closed_at
    if age <= timedelta(days=30 if priority in ("p1", "p2") else 15):
        return "reopen"
    return "repeat" if age <= timedelta(days=90) else "new"


def _standard_budget(run: TicketRun, clock: str) -> Budget | None:
    """The table's promise for this clock and type of ticket."""
    if run.type == "install":
        return CONFIRM_SLOT if clock == RESPONSE else None
    if run.type == "maintain":
        return None
    if run.type == "parts":
        if clock == RESPONSE:
            return QUOTE_PARTS
        return SHIP_STOCK if clock == RESOLVE and run.in_stock else None
    return TARGETS[run.priority_for(clock), counted_tier(run.tier)][CLOCKS.index(clock)]


def _dated_due(run: TicketRun, clock: str, calendar: WorkCalendar) -> DueTime | None:
    """Promises that are a date: the agreed day of an installation, the window of a maintenance visit."""
    if clock != ONSITE or run.type not in ("install", "maintain"):
        return None
    day = run.agreed_date if run.type == "install" else run.planned_date
    if day is None:
        return None
    extra = 0 if run.type == "install" else MAINTENANCE_WINDOW_DAYS
    noon = datetime.combine(day, time(12), calendar.zone).astimezone(run.start.tzinfo)
    due = add_calendar_days(noon, extra, calendar.zone)
    whole = max(due - run.start, timedelta(0))
    levels = tuple((at, due if at == 100 else run.start + whole * at / 100) for at in LEVELS)
    steps = (Step(f"{run.type}_day", {"day": day, "extra_days": extra}), Step("due", {"at": due}))
    return DueTime(clock, clock_number(clock, run.run), due, levels, steps)


def _budgeted_due(run: TicketRun, clock: str, calendar: WorkCalendar) -> DueTime | None:
    """A promise that is a span: the table's or the contract's, whichever falls due first without pauses."""
    standard, contract = _standard_budget(run, clock), run.contract.get(clock)
    options = []
    if standard:
        extra = travel_addition(run, standard) if clock != RESPONSE else None
        options.append((standard, extra, "target"))
    if contract:
        options.append((contract, None, "contract"))
    if not options:
        return None
    budget, extra, source = min(
        options, key=lambda option: _unpaused(run.start, _total(option[0], option[1]), option[0], calendar)
    )
    steps = [Step("start", {"at": run.start, "run": run.run})]
    params = {"clock": clock, "amount": budget.amount, "unit": budget.unit}
    if source == "target":
        params |= {"priority": run.priority_for(clock), "tier": counted_tier(run.tier)}
    steps.append(Step(source, params))
    if extra:
        km = {"km": run.travel_km, "remote_area": run.remote_area}
        steps.append(Step("travel", {"amount": extra.amount, "unit": extra.unit, **km}))
    used = _DUTY if budget.is_round_the_clock else calendar
    steps.append(Step("calendar", {"code": used.code}))
    return _walk(run, clock, _total(budget, extra), used, calendar, steps)


def _total(budget: Budget, extra: Budget | None) -> timedelta:
    return budget.span + (extra.span if extra else timedelta(0))


def _unpaused(start: datetime, span: timedelta, budget: Budget, calendar: WorkCalendar) -> datetime:
    return add_business_time(start, span, _DUTY if budget.is_round_the_clock else calendar)


def _walk(
    run: TicketRun,
    clock: str,
    span: timedelta,
    used: WorkCalendar,
    calendar: WorkCalendar,
    steps: list[Step],
) -> DueTime:
    """Let the clock run through its pauses and write down each stretch."""
    waits = tuple(_stops(run.pauses, run.start, calendar)) if clock in PAUSABLE else ()
    instants = {percent: _reach(run.start, span * percent / 100, waits, used) for percent in LEVELS}
    due = instants[100]
    cursor, left = run.start, span
    for wait in waits:
        if due is not None and wait.start >= due:
            break
        ran = business_time_between(cursor, max(cursor, wait.start), used)
        steps.append(Step("ran", {"from": cursor, "to": max(cursor, wait.start), "span": ran}))
        steps.append(Step("pause", {"kind": wait.kind, "from": wait.start, "to": wait.end}))
        left -= ran
        if wait.end is None:
            break
        cursor = max(cursor, wait.end)
    if due is None:
        steps.append(Step("paused", {"remaining": left}))
    else:
        steps.append(Step("ran", {"from": cursor, "to": due, "span": left}))
        steps.append(Step("due", {"at": due}))
    levels = tuple((percent, instant) for percent, instant in instants.items() if instant is not None)
    return DueTime(
        clock,
        clock_number(clock, run.run),
        due,
        levels,
        tuple(steps),
        provisional=due is not None and used.is_provisional_between(run.start, due),
        remaining=left if due is None else timedelta(0),
    )


def _reach(start: datetime, span: timedelta, waits: tuple[Pause, ...], used: WorkCalendar) -> datetime | None:
    """When `span` has run outside the waits; None when an open wait comes first."""
    cursor = start
    for wait in waits:
        ran = business_time_between(cursor, max(cursor, wait.start), used)
        if ran >= span:
            break
        span -= ran
        if wait.end is None:
            return None
        cursor = max(cursor, wait.end)
    return add_business_time(cursor, span, used)


def _stops(pauses: tuple[Pause, ...], start: datetime, calendar: WorkCalendar) -> Iterator[Pause]:
    """The pauses as disjoint stretches in order, waits for parts cut where the run's limit is used up."""
    capped, allowed, parts_until = [], PARTS_PAUSE_LIMIT, start
    for pause in sorted(pauses, key=lambda pause: pause.start):
        begin = max(pause.start, parts_until if pause.kind == "parts" else start)
        if pause.end is not None and pause.end <= begin:
            continue
        if pause.kind != "parts":
            capped.append(replace(pause, start=begin))
        elif allowed:
            limit = add_business_time(begin, allowed, calendar)
            parts_until = limit if pause.end is None else min(pause.end, limit)
            allowed -= business_time_between(begin, parts_until, calendar)
            capped.append(Pause("parts", begin, parts_until))
    yield from _merged(capped)


def _merged(pauses: list[Pause]) -> Iterator[Pause]:
    """Overlapping pauses trimmed so that no instant is paused twice."""
    covered: datetime | None = None
    for pause in sorted(pauses, key=lambda pause: (pause.start, pause.end is not None)):
        if covered is not None and pause.end is not None and pause.end <= covered:
            continue
        yield pause if covered is None or pause.start >= covered else replace(pause, start=covered)
        if pause.end is None:
            return
        covered = pause.end
