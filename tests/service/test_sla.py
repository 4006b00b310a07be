"""SLA due times: the domain's golden values, the rules one by one, and 5,000 random stories against the oracle."""

import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar_seed import CONFIRMED_YEARS, STANDARD_WINDOWS, seed_days
from core.workdays import SHANGHAI, WorkCalendar, calendar_from_rows
from service.priority import decide_priority
from service.sla import Budget, Pause, TicketRun, clock_number, due_times, recurrence
from tests.service import sla_oracle as oracle

STANDARD: WorkCalendar = calendar_from_rows(
    "standard",
    STANDARD_WINDOWS,
    [(row.date, row.kind) for row in seed_days()],
    confirmed_years=CONFIRMED_YEARS,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def run_at(start: str, priority: str, tier: str, **more) -> TicketRun:
    return TicketRun(start=at(start), tier=tier, priorities=((at(start), priority),), **more)


def dues(run: TicketRun) -> dict[str, datetime | None]:
    return {clock: due.due_at for clock, due in due_times(run, STANDARD).items()}


@pytest.mark.parametrize(
    ("start", "priority", "tier", "response"),
    [
        ("2026-09-18 16:30", "p2", "standard", "2026-09-20 11:30"),
        ("2026-09-30 17:00", "p2", "standard", "2026-10-08 12:00"),
        ("2026-02-13 15:00", "p4", "standard", "2026-02-24 15:00"),
        ("2026-11-21 10:00", "p3", "professional", "2026-11-23 13:30"),
        ("2026-09-30 23:50", "p1", "vip", "2026-10-01 00:05"),
    ],
)
def test_golden_response_times(start, priority, tier, response):
    assert dues(run_at(start, priority, tier))["response"] == at(response)


def test_p1_runs_over_the_national_holiday():
    assert dues(run_at("2026-10-01 08:00", "p1", "vip")) == {
        "response": at("2026-10-01 08:15"),
        "onsite": at("2026-10-01 16:00"),
        "restore": at("2026-10-02 08:00"),
        "resolve": at("2026-10-03 08:00"),
    }


def test_clocks_that_are_not_promised_do_not_exist():
    assert set(dues(run_at("2026-11-23 09:00", "p3", "vip"))) == {"response", "onsite", "resolve"}
    assert set(dues(run_at("2026-11-23 09:00", "p4", "na"))) == {"response", "resolve"}


@pytest.mark.parametrize(
    ("km", "remote", "hours", "days"),
    [
        (0, False, 0, 0),
        (500, False, 0, 0),
        (501, False, 12, 1),
        (1500, False, 12, 1),
        (1501, False, 24, 2),
        (3, True, 24, 2),
    ],
)
def test_distance_lengthens_everything_but_the_response(km, remote, hours, days):
    near, far = (
        run_at("2026-11-02 09:00", "p1", "vip"),
        run_at("2026-11-02 09:00", "p1", "vip", travel_km=km, remote_area=remote),
    )
    assert dues(far)["response"] == dues(near)["response"]
    assert dues(far)["resolve"] == dues(near)["resolve"] + timedelta(hours=hours)
    business = run_at("2026-11-02 09:00", "p2", "professional", travel_km=km, remote_area=remote)
    assert dues(business)["resolve"] == at("2026-11-06 09:00") + timedelta(days=[0, 3, 4][days])


def test_the_contract_counts_only_where_it_is_tighter():
    contract = {"onsite": Budget(6, "h"), "resolve": Budget(90, "h")}
    found = due_times(run_at("2026-11-23 09:00", "p1", "vip", contract=contract), STANDARD)
    assert found["onsite"].due_at == at("2026-11-23 15:00")
    assert found["resolve"].due_at == at("2026-11-25 09:00")
    assert [step.code for step in found["onsite"].steps][1] == "contract"


def test_the_contract_may_promise_what_the_table_does_not():
    found = dues(run_at("2026-11-23 09:00", "p4", "vip", contract={"onsite": Budget(1, "wd")}))
    assert found["onsite"] == at("2026-11-24 09:00")


def test_pauses_stop_only_restore_and_resolve():
    pause = Pause("customer", at("2026-11-23 10:00"), at("2026-11-23 16:00"))
    plain = dues(run_at("2026-11-23 09:00", "p1", "vip"))
    paused = dues(run_at("2026-11-23 09:00", "p1", "vip", pauses=(pause, pause)))
    assert [paused[clock] - plain[clock] for clock in plain] == [
        timedelta(hours=hours) for hours in (0, 0, 6, 6)
    ]


def test_waiting_for_parts_stops_a_clock_for_five_working_days_at_most():
    pause = Pause("parts", at("2026-11-02 09:00"), at("2026-11-20 09:00"))
    found = due_times(run_at("2026-11-02 09:00", "p2", "professional", pauses=(pause,)), STANDARD)
    assert found["resolve"].due_at == at("2026-11-13 09:00")
    still = Pause("parts", at("2026-11-02 09:00"))
    found = due_times(run_at("2026-11-02 09:00", "p2", "professional", pauses=(still,)), STANDARD)
    assert found["resolve"].due_at == at("2026-11-13 09:00")


def test_an_open_pause_hides_the_due_time_and_keeps_the_rest():
    pause = Pause("customer", at("2026-11-23 19:00"))
    found = due_times(run_at("2026-11-23 09:00", "p1", "vip", pauses=(pause,)), STANDARD)["resolve"]
    assert found.is_paused
    assert found.remaining == timedelta(hours=38)
    assert found.levels == ()
    assert found.steps[-1].code == "paused"


def test_an_open_pause_after_the_due_time_changes_nothing():
    pause = Pause("customer", at("2026-11-26 09:00"))
    found = due_times(run_at("2026-11-23 09:00", "p1", "vip", pauses=(pause,)), STANDARD)["resolve"]
    assert found.due_at == at("2026-11-25 09:00")
    assert [percent for percent, _ in found.levels] == [50, 80, 100, 150]


def test_levels_lie_on_the_clock():
    found = due_times(run_at("2026-11-23 10:00", "p3", "vip"), STANDARD)["response"]
    assert found.levels == (
        (50, at("2026-11-23 11:00")),
        (80, at("2026-11-23 11:36")),
        (100, at("2026-11-23 12:00")),
        (150, at("2026-11-23 14:00")),
    )


def test_a_raised_priority_counts_from_receipt_but_not_for_a_clock_already_met():
    start = at("2026-11-23 09:00")
    run = TicketRun(
        start=start,
        tier="professional",
        priorities=((start, "p3"), (at("2026-11-23 14:00"), "p1")),
        stopped={"response": at("2026-11-23 10:00")},
    )
    found = dues(run)
    assert found["response"] == at("2026-11-23 14:00")
    assert found["onsite"] == at("2026-11-23 21:00")


def test_a_reopen_starts_again_one_priority_higher_with_new_numbers():
    again = run_at("2026-11-02 09:00", "p3", "professional").reopened(at("2026-11-09 10:00"))
    found = due_times(again, STANDARD)
    assert found["response"].due_at == at("2026-11-09 12:00")
    assert [due.clock_no for due in found.values()] == [5, 6, 7, 8]
    assert clock_number("response", 2) == 9


def test_a_remote_solution_voids_on_site():
    assert "onsite" not in dues(run_at("2026-11-23 09:00", "p1", "vip", voided=frozenset({"onsite"})))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"type": "install"}, {"response": "2026-11-24 09:00:00"}),
        (
            {"type": "install", "agreed_date": date(2026, 12, 1)},
            {"response": "2026-11-24 09:00:00", "onsite": "2026-12-01 23:59:59"},
        ),
        ({"type": "maintain"}, {}),
        ({"type": "maintain", "planned_date": date(2026, 12, 1)}, {"onsite": "2026-12-08 23:59:59"}),
        ({"type": "parts"}, {"response": "2026-11-24 09:00:00"}),
        (
            {"type": "parts", "in_stock": True},
            {"response": "2026-11-24 09:00:00", "resolve": "2026-11-25 09:00:00"},
        ),
    ],
)
def test_other_types_have_their_own_clocks(more, expected):
    found = dues(run_at("2026-11-23 09:00", "p3", "standard", **more))
    assert found == {clock: at(due) for clock, due in expected.items()}


def test_a_due_time_beyond_the_known_calendar_is_provisional():
    found = due_times(run_at("2026-12-30 09:00", "p3", "standard"), STANDARD)
    assert found["response"].provisional is False
    assert found["resolve"].provisional is True
    assert due_times(run_at("2026-12-31 23:00", "p1", "vip"), STANDARD)["resolve"].provisional is False


@pytest.mark.parametrize(
    ("days", "priority", "expected"),
    [
        (15, "p3", "reopen"),
        (16, "p3", "repeat"),
        (30, "p1", "reopen"),
        (31, "p2", "repeat"),
        (90, "p3", "repeat"),
        (91, "p1", "new"),
    ],
)
def test_what_the_same_fault_after_closing_is(days, priority, expected):
    closed = at("2026-01-01 09:00")
    assert recurrence(closed, closed + timedelta(days=days), priority) == expected


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Budget(0, "h"),
        lambda: Budget(1, "weeks"),
        lambda: run_at("2026-01-01 00:00", "p1", "vip", pauses=(Pause("lunch", at("2026-01-01 00:00")),)),
    ],
)
def test_nonsense_is_refused(bad):
    with pytest.raises(ValueError, match=r"."):
        bad()


instants = st.integers(0, 500_000).map(lambda minute: at("2026-01-01 00:00") + timedelta(minutes=minute))


@settings(max_examples=150, deadline=None)
@given(
    instants,
    st.sampled_from(["h", "bh", "wd", "min"]),
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(0, 9000),
    st.integers(0, 9000),
)
def test_more_budget_and_more_pause_never_come_earlier(start, unit, amount, more, pause_after, pause_length):
    pause = Pause(
        "window",
        start + timedelta(minutes=pause_after),
        start + timedelta(minutes=pause_after + pause_length),
    )

    def resolve(amount, pauses=()):
        run = TicketRun(
            start,
            "na",
            ((start, "p4"),),
            type="maintain",
            contract={"resolve": Budget(amount, unit)},
            pauses=pauses,
        )
        return due_times(run, STANDARD)["resolve"]

    small, large, paused = resolve(amount), resolve(amount + more), resolve(amount, (pause,))
    assert start < small.due_at < large.due_at
    assert paused.due_at >= small.due_at
    for due in (small, paused):
        assert due.steps[-1].params["at"] == due.due_at == dict(due.levels)[100]
        assert (
            sum((step.params["span"] for step in due.steps if step.code == "ran"), timedelta(0))
            == Budget(amount, unit).span
        )


# -- 5,000 random stories ------------------------------------------------------------------------------------------

SEED = 20261122
CLOCK_NAMES = {1: "response", 2: "onsite", 3: "restore", 4: "resolve"}


def random_case(rng: random.Random) -> oracle.Case:
    start = rng.randrange(31 * 1440, 330 * 1440)

    def pauses(since):
        found = []
        for _ in range(rng.choice([0, 0, 1, 2, 4])):
            first = since + rng.randrange(-600, 10_000)
            found.append(
                (
                    rng.choice(sorted(["customer", "window", "force_majeure", "parts", "parts"])),
                    first,
                    first + rng.randrange(1, 9_000),
                )
            )
        return found

    reopen = start + rng.randrange(60, 20 * 1440) if rng.random() < 0.3 else None
    change = (start + rng.randrange(1, 5_000), f"P{rng.randint(1, 4)}") if rng.random() < 0.4 else None
    promises = ["45 min", "3 h", "30 h", "3 bh", "1.5 wd", "6 wd"]
    return oracle.Case(
        start=start,
        impact=rng.choice(["i1", "i2", "i3", "i4"]),
        tier=rng.choice(["vip", "professional", "standard", "na"]),
        safety=rng.random() < 0.1,
        km=rng.choice([0, 30, 500, 501, 1500, 1501, 3000]),
        plateau=rng.random() < 0.1,
        contract={clock: rng.choice(promises) for clock in (1, 2, 3, 4) if rng.random() < 0.15},
        pauses=pauses(start),
        change=change,
        stopped={clock: start + rng.randrange(1, 5_000) for clock in (1, 2) if rng.random() < 0.5},
        reopen=reopen,
        pauses_after=pauses(reopen) if reopen else [],
    )


def instant(minute: int) -> datetime:
    return oracle.EPOCH + timedelta(minutes=minute)


def our_answer(case: oracle.Case) -> list[dict[int, datetime]]:
    first = decide_priority(case.impact, case.tier, safety_flag=case.safety).priority
    changes = ((instant(case.change[0]), case.change[1].lower()),) if case.change else ()
    run = TicketRun(
        start=instant(case.start),
        tier=case.tier,
        priorities=((instant(case.start), first), *changes),
        pauses=tuple(Pause(kind, instant(since), instant(until)) for kind, since, until in case.pauses),
        stopped={CLOCK_NAMES[clock]: instant(minute) for clock, minute in case.stopped.items()},
        travel_km=case.km,
        remote_area=case.plateau,
        contract={
            CLOCK_NAMES[clock]: Budget(float(text.split()[0]), text.split()[1])
            for clock, text in case.contract.items()
        },
    )
    runs = [due_times(run, STANDARD)]
    if case.reopen is not None:
        again = run.reopened(instant(case.reopen))
        pauses = tuple(
            Pause(kind, instant(since), instant(until)) for kind, since, until in case.pauses_after
        )
        runs.append(due_times(TicketRun(**{**vars(again), "pauses": pauses}), STANDARD))
    return [{due.clock_no: due.due_at for due in found.values()} for found in runs]


def test_due_times_equal_the_oracle_on_5000_random_stories():
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    for number in range(5_000):
        case = random_case(rng)
        assert our_answer(case) == oracle.answer(case), (SEED, number, case)
