"""Invented contact logs of many authors, honest and fabricated, with the truth about each kept apart from the logs.

The honest half year has the noise of real work: rounded times, evening batches, routine inspections that sound alike,
weak satellite fixes, forgotten check-ins, late entries. Fabrications imitate what people do, not the rules that look
for them: a copied text may be touched up, a pile may be small, a forged place may lie near. Nothing of the detector's
limits is read here, and the detector may not import this module. Pure; the same seed gives the same rows.
Source of the rates: domain specification §11 (1.5 % of each kind, 18 % of logs later than a day).
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from core.workdays import SHANGHAI, WorkCalendar
from crm.authenticity import Evidence, Log
from crm.choices import ActivityOutcome, ActivityType, EnteredVia
from crm.distance import Point
from crm.labelled_words import THIN_TEXTS, honest_text, routine_text, terse_text

START = date(2026, 3, 2)
DIRT_RATE = 0.015
TERSE_RATE = 0.01
"""How often an honest note is as short as an empty one."""
NOISE_RATE = 0.0006
"""How often an honest author does by accident what looks like one fabrication."""
ROWS = range(7, 14)
"""How many logs are written in one go; each size as often as the others."""
TAKEN_OVER = {"H3", "H7", "H8"}
"""What an invented second visit has from the first: its times and its missing next step."""
KILOMETRES_PER_DEGREE = 111.0
CITIES = (Point(39.9, 116.4), Point(36.1, 120.4), Point(31.2, 121.5), Point(23.1, 113.3), Point(38.0, 114.5))
CHANNELS = (
    (ActivityType.CALL, ActivityOutcome.REACHED, 40),
    (ActivityType.SITE_VISIT, ActivityOutcome.MET, 35),
    (ActivityType.WECHAT, ActivityOutcome.REACHED, 15),
    (ActivityType.MEETING, ActivityOutcome.MET, 10),
)


@dataclass
class Draft:
    """One log on its way, what other rows say of it, and the truth."""

    log: Log
    evidence: Evidence
    truth: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Dataset:
    """`authors` — what a detector may read: each author's logs with their evidence. `truth` — log id to H codes."""

    authors: tuple[tuple[tuple[Log, Evidence], ...], ...]
    truth: dict[int, frozenset[str]]


def generate(seed: int, authors: int, weeks: int, calendar: WorkCalendar) -> Dataset:
    """The logs of so many authors over so many weeks."""
    people, truth = [], {}
    for number in range(authors):
        rng = random.Random(f"{seed}|author|{number}")  # noqa: S311 - invented rows, no secret
        drafts = list(_honest(rng, number, weeks, calendar))
        _add_noise(rng, drafts)
        _add_dirt(rng, drafts, SINGLE)
        _add_habits(rng, number, drafts, calendar)
        _add_dirt(rng, drafts, COPIES)
        people.append(tuple((draft.log, draft.evidence) for draft in drafts))
        truth.update({draft.log.id: frozenset(draft.truth) for draft in drafts})
    return Dataset(tuple(people), truth)


# --- the honest half year ------------------------------------------------------------------------------------------------


def _honest(rng: random.Random, author: int, weeks: int, calendar: WorkCalendar) -> Iterator[Draft]:
    city = rng.choice(CITIES)
    places = [_near(rng, city, 12) for _ in range(25)]
    rounds, serial = rng.random() < 0.3, author * 100_000
    for offset in range(weeks * 7):
        day = START + timedelta(days=offset)
        if not calendar.is_working_day(day):
            continue
        at = datetime.combine(day, time(8, 40), SHANGHAI) + timedelta(minutes=rng.randrange(90))
        evening = rng.random() < 0.2
        written = at.replace(hour=17, minute=rng.randrange(10, 55))
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))):
            serial += 1
            if rounds and rng.random() < 0.7:
                at = _rounded(at)
            customer = rng.randrange(len(places))
            draft = _honest_log(rng, serial, author * 100 + customer, places[customer], at)
            if evening:
                written += timedelta(minutes=rng.randrange(2, 9))
                draft.log = replace(draft.log, entered_at=max(written, draft.log.entered_at))
            yield draft
            at = draft.log.ends_at + timedelta(minutes=rng.randrange(35, 150))


def _rounded(at: datetime) -> datetime:
    """The next full or half hour."""
    return at + timedelta(minutes=-at.minute % 30)


def _honest_log(rng: random.Random, serial: int, customer: int, place: Point, at: datetime) -> Draft:
    kind, outcome, _ = rng.choices(CHANNELS, [share for *_rest, share in CHANNELS])[0]
    minutes = (
        rng.choice((8, 10, 15, 20, 25, 40)) if kind == ActivityType.CALL else rng.choice((30, 45, 60, 90))
    )
    if rng.random() < 0.82:
        delay = timedelta(minutes=rng.randrange(3, 500))
    else:
        delay = timedelta(hours=min(24 + rng.expovariate(1 / 12), 70))
    visit = kind == ActivityType.SITE_VISIT
    seen = abs(rng.gauss(0, 0.28)) if visit else None
    text = routine_text(rng) if visit and rng.random() < 0.4 else honest_text(rng)
    if rng.random() < TERSE_RATE:
        text = terse_text(rng)
    log = Log(
        id=serial, customer=customer, type=kind, occurred_at=at, entered_at=at + timedelta(minutes=minutes) + delay,
        summary=text, outcome=outcome, next_step="按约定回复", next_at=at + timedelta(days=rng.randrange(2, 20)),
        minutes=minutes, place=place if visit else None,
    )  # fmt: skip
    evidence = Evidence(
        contacts=rng.choice((1, 1, 1, 2, 3)),
        shared_by=2 if rng.random() < 0.03 else 1,
        checked_in=True if visit else None,
        km=seen,
        call_recorded=True if kind == ActivityType.CALL else None,
        photo_hours_off=rng.choice((0.1, 0.4, 2.0, 8.0, 15.9)) if rng.random() < 0.1 else None,
        statement="confirmed" if rng.random() < 0.03 else "",
    )
    return Draft(log, evidence)


def _near(rng: random.Random, centre: Point, km: float) -> Point:
    """A place at most so far north or south and east or west."""
    reach = km / KILOMETRES_PER_DEGREE
    return Point(centre.latitude + rng.uniform(-reach, reach), centre.longitude + rng.uniform(-reach, reach))


# --- what one log alone can hide -----------------------------------------------------------------------------------------


def _copied(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    """An older text again, as it was or touched up."""
    before = [
        one
        for one in own
        if one.log.entered_at < draft.log.entered_at - timedelta(days=1)
        and one.log.entered_at > draft.log.entered_at - timedelta(days=92)
        and len(one.log.summary) > 14
        and not one.truth
    ]
    if not before:
        return False
    text = rng.choice(before).log.summary
    touch = rng.random()
    if touch > 0.85:
        spot = rng.randrange(len(text))
        text = f"{text[:spot]}{rng.choice('三五七王李')}{text[spot + 1 :]}"
    elif touch > 0.75:
        text = f"{text}好"
    elif touch > 0.55:
        text = text.replace("，", " ").replace("。", "！")
    draft.log = replace(draft.log, summary=text)
    return True


def _thin(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    draft.log = replace(draft.log, summary=rng.choice(THIN_TEXTS))
    return True


def _backdated(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    late = timedelta(days=rng.uniform(2.8, 16))
    draft.log = replace(draft.log, entered_at=draft.log.occurred_at + late)
    return True


def _at_night(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    at = draft.log.occurred_at.replace(
        hour=rng.choice((21, 22, 22, 23, 23, 0, 1, 3, 5)), minute=rng.randrange(60)
    )
    draft.log = replace(draft.log, occurred_at=at, entered_at=at + timedelta(hours=rng.uniform(0.5, 12)))
    return True


def _without_step(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    draft.log = replace(draft.log, next_step="", next_at=rng.choice((None, draft.log.next_at)))
    return True


def _nobody(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    gone = rng.random() < 0.5
    draft.evidence = replace(draft.evidence, contacts=1 if gone else 0, left=gone)
    return True


def _not_there(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    """A visit from the desk: no check-in, or one at home, which now and then is not far away."""
    if draft.log.type != ActivityType.SITE_VISIT:
        return False
    there = rng.random() < 0.5
    draft.evidence = replace(
        draft.evidence, checked_in=there, km=rng.lognormvariate(2.2, 0.9) if there else None
    )
    return True


def _never_rang(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    if draft.log.type != ActivityType.CALL:
        return False
    draft.evidence = replace(draft.evidence, call_recorded=False)
    return True


def _own_number(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    """A colleague's number as the contact's, or one number at several customers; two pass for a coincidence."""
    colleague = rng.random() < 0.5
    shared = 1 if colleague else rng.choice((2, 3, 3, 4, 5, 7, 9))
    draft.evidence = replace(draft.evidence, employee=colleague, shared_by=shared)
    return True


def _old_photo(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    again = rng.random() < 0.5
    hours = None if again else rng.uniform(18, 900)
    draft.evidence = replace(draft.evidence, photo_reused=again, photo_hours_off=hours)
    return True


def _denied(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    draft.evidence = replace(draft.evidence, statement="denied")
    return True


def _proven(rng: random.Random, draft: Draft, own: list[Draft]) -> bool:
    """No fabrication but its counterpart: a signed sheet."""
    draft.evidence = replace(draft.evidence, proof=True)
    return True


Dirt = Callable[[random.Random, Draft, list[Draft]], bool]
SINGLE: dict[str, Dirt] = {
    "H2": _thin, "H3": _backdated, "H7": _at_night, "H8": _without_step, "H9": _nobody,
    "H10": _not_there, "H11": _never_rang, "H13": _own_number, "H14": _old_photo, "H15": _denied, "H16": _proven,
}  # fmt: skip
COPIES: dict[str, Dirt] = {"H1": _copied}
"""Copied last: what happens to a log afterwards would leave a copy whose original is no longer there."""


def _add_dirt(rng: random.Random, drafts: list[Draft], kinds: dict[str, Dirt]) -> None:
    """Each kind on 1.5 % of the logs, one kind a log; kinds that need a channel are tried until they fit."""
    wanted = len(drafts) * DIRT_RATE
    for code, dirty in kinds.items():
        left = int(wanted) + (rng.random() < wanted % 1)
        for draft in rng.sample(drafts, len(drafts)):
            if not left:
                break
            if not draft.truth and dirty(rng, draft, drafts):
                draft.truth.add(code)
                left -= 1


def _add_noise(rng: random.Random, drafts: list[Draft]) -> None:
    """Accidents of honest people: the same look without the truth; and odd hours or delays explained in a note."""
    for draft in drafts:
        for code, dirty in SINGLE.items():
            if code != "H16" and rng.random() < NOISE_RATE:
                dirty(rng, draft, drafts)
        if rng.random() < 0.01:
            at = draft.log.occurred_at.replace(hour=rng.choice((22, 23, 5)))
            draft.log = replace(
                draft.log, occurred_at=at, entered_at=at + timedelta(hours=3), note="夜间抢修，现场到凌晨"
            )


# --- what only shows among an author's logs: H4 H5 H6 H12 ------------------------------------------------------------------


def _add_habits(rng: random.Random, author: int, drafts: list[Draft], calendar: WorkCalendar) -> None:
    """Every author has at most one bad habit; most have none."""
    habits = (_writes_in_one_go, _fills_the_month, _is_in_two_places, _invents_a_routine, _imports)
    if author % 3 == 0:
        habits[author // 3 % len(habits)](rng, drafts, calendar)


def _writes_in_one_go(rng: random.Random, drafts: list[Draft], calendar: WorkCalendar) -> None:
    """Whole rows of contacts written by day without a pause; small rows pass for diligence."""
    start, sizes = rng.randrange(10), list[int]()
    while start + 14 < len(drafts):
        sizes = sizes or rng.sample(ROWS, len(ROWS))
        row = drafts[start : start + sizes.pop()]
        at = _at_the_desk(max(draft.log.ends_at for draft in row) + timedelta(minutes=10), calendar)
        for draft in row:
            at += timedelta(seconds=rng.randrange(15, 65))
            when = draft.log.occurred_at
            if not at - timedelta(hours=rng.uniform(1, 60)) < when < at:
                when = _made_up(at - timedelta(hours=rng.uniform(1, 60)), at, calendar)
                draft.truth -= {"H7"}
            draft.log = replace(
                draft.log, entered_at=at, occurred_at=when, place=None, type=ActivityType.WECHAT
            )
            draft.evidence = replace(draft.evidence, checked_in=None, km=None, call_recorded=None)
            draft.truth -= {"H3", "H10", "H11"}
            draft.truth.add("H4")
        start += len(row) + rng.randrange(15, 30)


def _at_the_desk(at: datetime, calendar: WorkCalendar) -> datetime:
    """The first moment from then on at which somebody sits in the office."""
    if calendar.is_working_day(at.date()) and 9 <= at.hour < 18:
        return at
    day = at.date() + timedelta(days=at.hour >= 9)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(9, at.minute), SHANGHAI)


def _made_up(at: datetime, written: datetime, calendar: WorkCalendar) -> datetime:
    """A time somebody would claim: that day at an hour people work, if it lies before writing; else an hour ago."""
    claimed = at.replace(hour=9 + at.hour % 8)
    if calendar.is_working_day(claimed.date()) and claimed < written:
        return claimed
    return written - timedelta(hours=1)


def _fills_the_month(rng: random.Random, drafts: list[Draft], calendar: WorkCalendar) -> None:
    """Two months of three are written up on their last two working days, with contacts dated to these days."""
    for month in sorted({draft.log.occurred_at.date().replace(day=1) for draft in drafts}):
        rows = [draft for draft in drafts if draft.log.occurred_at.date().replace(day=1) == month]
        if rng.random() > 0.67:
            continue
        days = [
            month + timedelta(days=n) for n in range(31) if (month + timedelta(days=n)).month == month.month
        ]
        last = [day for day in days if calendar.is_working_day(day)][-2:]
        for draft in rng.sample(rows, int(len(rows) * rng.uniform(0.4, 0.9))):
            at = datetime.combine(rng.choice(last), time(9), SHANGHAI) + timedelta(minutes=rng.randrange(560))
            draft.log = replace(
                draft.log, entered_at=at, occurred_at=_made_up(at - timedelta(hours=rng.uniform(24, 40)), at, calendar),
                type=ActivityType.WECHAT, place=None,
            )  # fmt: skip
            draft.evidence = replace(draft.evidence, checked_in=None, km=None, call_recorded=None)
            draft.truth -= {"H3", "H7", "H10", "H11"}
            draft.truth.add("H5")


def _is_in_two_places(rng: random.Random, drafts: list[Draft], calendar: WorkCalendar) -> None:
    """A second visit at another customer at the same time, or in a city too far to reach in between."""
    visits = [draft for draft in drafts if draft.log.type == ActivityType.SITE_VISIT]
    for number, draft in enumerate(rng.sample(visits, len(visits) // 3)):
        base = draft.log
        far = rng.random() < 0.5 and base.place is not None
        shift = (base.minutes or 30) + rng.randrange(10, 60) if far else rng.randrange(-25, 25)
        place = (
            _near(rng, Point(base.place.latitude - 4, base.place.longitude), 150)
            if far and base.place
            else None
        )
        log = replace(
            base, id=base.id + 50_000 + number, customer=base.customer + 1, summary=honest_text(rng), place=place,
            occurred_at=base.occurred_at + timedelta(minutes=shift), entered_at=base.entered_at + timedelta(minutes=shift + 90),
        )  # fmt: skip
        drafts.append(Draft(log, Evidence(checked_in=True, km=0.1), {"H6"} | draft.truth & TAKEN_OVER))
        draft.truth.add("H6")


def _invents_a_routine(rng: random.Random, drafts: list[Draft], calendar: WorkCalendar) -> None:
    """Months of contacts invented at the desk: half an hour each, on the hour or half hour, nearly always."""
    start = rng.randrange(max(1, len(drafts) - 60))
    for draft in drafts[start : start + rng.randrange(30, 60)]:
        if rng.random() < 0.95:
            at = draft.log.occurred_at.replace(minute=rng.choice((0, 30)))
            draft.log = replace(draft.log, occurred_at=at, minutes=30, type=ActivityType.WECHAT, place=None)
            draft.evidence = replace(draft.evidence, checked_in=None, km=None, call_recorded=None)
            draft.truth -= {"H10", "H11"}
            draft.truth.add("H12")


def _imports(rng: random.Random, drafts: list[Draft], calendar: WorkCalendar) -> None:
    """No bad habit: a month of old logs brought in at once."""
    for draft in drafts[:40]:
        draft.log = replace(draft.log, via=EnteredVia.IMPORT)
