"""The four promises of a ticket (response, on site, restore, resolve) as due times with their reasons.

Facts in, due times out: no ORM, no clock. One call computes one *run*: the first, or one after a reopen.
Minutes and hours run round the clock; business hours and working days run on the calendar (decision 19).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from core.promises import LEVELS, Budget, DueTime, Pause, Step, dated_clock, disjoint, run_clock
from core.workdays import (
    MINUTES_PER_WORKING_DAY,
    WorkCalendar,
    add_business_time,
    add_calendar_days,
    business_time_between,
)
from service.priority import counted_tier, one_higher

RESPONSE: Final = "response"
ONSITE: Final = "onsite"
RESTORE: Final = "restore"
RESOLVE: Final = "resolve"
__all__ = ["CLOCKS", "LEVELS", "Budget", "DueTime", "Pause", "Step", "TicketRun", "due_times"]

CLOCKS: Final = (RESPONSE, ONSITE, RESTORE, RESOLVE)
PAUSE_KINDS: Final = frozenset({"customer", "window", "force_majeure", "parts"})
PAUSABLE: Final = frozenset({RESTORE, RESOLVE})
PARTS_PAUSE_LIMIT: Final = timedelta(minutes=5 * MINUTES_PER_WORKING_DAY)
"""Waiting for parts stops a clock for five working days a run at most: stock is our duty."""

MAINTENANCE_WINDOW_DAYS: Final = 7
FAR_KM: Final = 500
VERY_FAR_KM: Final = 1500


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

    def __post_init__(self) -> None:
        unknown = {pause.kind for pause in self.pauses} - PAUSE_KINDS
        if unknown:
            raise ValueError(f"unknown kinds of pause: {sorted(unknown)}")

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
    steps = [Step(f"{run.type}_day", {"day": day, "extra_days": extra})]
    return dated_clock(clock, clock_number(clock, run.run), start=run.start, due=due, steps=steps)


def _budgeted_due(run: TicketRun, clock: str, calendar: WorkCalendar) -> DueTime | None:
    """A promise that is a span: the table's or the contract's, whichever falls due first without pauses."""
    options = list(_promises(run, clock))
    if not options:
        return None
    budget, extra, source = min(
        options, key=lambda option: add_business_time(run.start, _span(*option), option[0].calendar(calendar))
    )
    used = budget.calendar(calendar)
    return run_clock(
        clock,
        clock_number(clock, run.run),
        start=run.start,
        span=_span(budget, extra, source),
        calendar=used,
        pauses=tuple(_stops(run, calendar)) if clock in PAUSABLE else (),
        steps=_reasons(run, clock, budget, extra, source, used),
    )


def _promises(run: TicketRun, clock: str) -> Iterator[tuple[Budget, Budget | None, str]]:
    """(budget, addition for distance, where it stands) of the table and of the contract."""
    standard, contract = _standard_budget(run, clock), run.contract.get(clock)
    if standard:
        yield standard, travel_addition(run, standard) if clock != RESPONSE else None, "target"
    if contract:
        yield contract, None, "contract"


def _span(budget: Budget, extra: Budget | None, _source: str) -> timedelta:
    return budget.span + (extra.span if extra else timedelta(0))


def _reasons(
    run: TicketRun, clock: str, budget: Budget, extra: Budget | None, source: str, used: WorkCalendar
) -> Iterator[Step]:
    """The first lines of the explanation: from when, which promise, what distance adds, which calendar."""
    yield Step("start", {"at": run.start, "run": run.run})
    params: dict[str, Any] = {"clock": clock, "amount": budget.amount, "unit": budget.unit}
    if source == "target":
        params |= {"priority": run.priority_for(clock), "tier": counted_tier(run.tier)}
    yield Step(source, params)
    if extra:
        km = {"km": run.travel_km, "remote_area": run.remote_area}
        yield Step("travel", {"amount": extra.amount, "unit": extra.unit, **km})
    yield Step("calendar", {"code": used.code})


def _stops(run: TicketRun, calendar: WorkCalendar) -> Iterator[Pause]:
    """The pauses as disjoint stretches in order, waits for parts cut where the run's limit is used up."""
    stops, allowed, parts_until = [], PARTS_PAUSE_LIMIT, run.start
    for pause in sorted(run.pauses, key=lambda pause: pause.start):
        begin = max(pause.start, parts_until if pause.kind == "parts" else run.start)
        if pause.end is not None and pause.end <= begin:
            continue
        if pause.kind != "parts":
            stops.append(replace(pause, start=begin))
        elif allowed:
            limit = add_business_time(begin, allowed, calendar)
            parts_until = limit if pause.end is None else min(pause.end, limit)
            allowed -= business_time_between(begin, parts_until, calendar)
            stops.append(Pause("parts", begin, parts_until))
    yield from disjoint(stops, run.start)
