"""The score of a contact log: every signal H1–H16 of domain §2.11 with its points, and the near misses beside it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.workdays import HOLIDAY, MAKEUP, WorkCalendar
from crm.authenticity import (
    SIMILAR,
    Evidence,
    Log,
    Signal,
    band_of,
    closing_days,
    is_thin,
    judge,
    likeness,
    similarity,
    total,
    trigrams,
)
from crm.distance import Point, blurred, kilometres

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(
    "test",
    {weekday: [(510, 720), (780, 1050)] for weekday in range(5)},
    {date(2026, 10, 1): HOLIDAY, date(2026, 10, 10): MAKEUP},
)
NOON = datetime(2026, 9, 9, 11, 7, tzinfo=SHANGHAI)
SAID = "周副总认可振动频谱的结论，同意先换两台轴承再评估。"
BASE = Log(
    id=1, customer=1, type="call", occurred_at=NOON, entered_at=NOON + timedelta(hours=1), summary=SAID,
    outcome="reached", next_step="给书面交期", next_at=NOON + timedelta(days=3), minutes=17,
)  # fmt: skip
SITE = replace(BASE, type="site_visit", outcome="met", minutes=60, place=Point(39.9042, 116.4074))
GOOD = Evidence(checked_in=True)


def at(**change):
    """NOON with other clock fields."""
    return NOON.replace(**change)


def found(log=BASE, history=(), evidence=GOOD):
    return {signal.code: signal.points for signal in judge(log, list(history), evidence, CALENDAR).signals}


def test_an_honest_log_has_nothing_against_it():
    assert judge(BASE, [], GOOD, CALENDAR).score == 100


OWN = (
    ({"summary": "已联系"}, {"H2": -15}),
    ({"summary": "正常跟进，电话沟通，保持联系，已联系！"}, {"H2": -15}),
    ({"summary": "十五个字说清楚了谁说了什么事情"}, {}),
    ({"summary": "十四个字说清楚谁说了什么事情"}, {"H2": -15}),
    ({"entered_at": NOON + timedelta(hours=72)}, {}),
    ({"entered_at": NOON + timedelta(hours=73)}, {"H3": -10}),
    ({"entered_at": NOON + timedelta(days=7)}, {"H3": -10}),
    ({"entered_at": NOON + timedelta(days=7, hours=1)}, {"H3_week": -20}),
    ({"entered_at": NOON + timedelta(hours=73), "note": "现场没有网络"}, {"H3": -5}),
    ({"entered_at": NOON + timedelta(days=9), "note": "现场没有网络"}, {"H3_week": -10}),
    ({"occurred_at": at(hour=22, minute=0), "entered_at": at(hour=22, minute=40)}, {"H7": -5}),
    ({"occurred_at": at(hour=21, minute=59), "entered_at": at(hour=22, minute=40)}, {}),
    ({"occurred_at": at(hour=6, minute=29)}, {"H7": -5}),
    ({"occurred_at": at(hour=6, minute=30)}, {}),
    ({"occurred_at": at(hour=6, minute=29), "note": "夜班抢修"}, {}),
    ({"occurred_at": at(month=10, day=1), "entered_at": at(month=10, day=1, hour=12)}, {"H7": -5}),
    ({"occurred_at": at(month=10, day=10), "entered_at": at(month=10, day=10, hour=12)}, {}),
    ({"next_step": ""}, {"H8": -10}),
    ({"next_at": None}, {"H8": -10}),
)


@pytest.mark.parametrize(("change", "expected"), OWN)
def test_what_the_log_says_of_itself(change, expected):
    assert found(replace(BASE, **change)) == expected


ROWS = (
    (BASE, Evidence(contacts=0), {"H9": -10}),
    (BASE, Evidence(left=True), {"H9": -10}),
    (SITE, Evidence(), {}),
    (SITE, Evidence(checked_in=False), {"H10": -10}),
    (SITE, Evidence(checked_in=True, km=1.0), {}),
    (SITE, Evidence(checked_in=True, km=1.1), {"H10_far": -25}),
    (SITE, Evidence(checked_in=True, km=None), {}),
    (BASE, Evidence(), {}),
    (BASE, Evidence(call_recorded=False), {"H11": -10}),
    (BASE, Evidence(call_recorded=True), {}),
    (BASE, Evidence(employee=True), {"H13": -20}),
    (BASE, Evidence(shared_by=2), {}),
    (BASE, Evidence(shared_by=3), {"H13": -20}),
    (BASE, Evidence(photo_reused=True), {"H14": -30}),
    (BASE, Evidence(photo_hours_off=24), {}),
    (BASE, Evidence(photo_hours_off=25), {"H14_time": -10}),
    (BASE, Evidence(statement="confirmed"), {"H15": 15}),
    (BASE, Evidence(proof=True), {"H16": 10}),
)


@pytest.mark.parametrize(("log", "evidence", "expected"), ROWS)
def test_what_other_rows_say(log, evidence, expected):
    assert found(log, evidence=evidence) == expected


def test_a_copied_text_is_found_among_own_logs_of_ninety_days_only():
    before = replace(BASE, id=0, entered_at=NOON - timedelta(days=89), summary=f"{SAID} ")
    assert found(history=[before]) == {"H1": -25}
    assert found(history=[replace(before, entered_at=NOON - timedelta(days=91))]) == {}
    assert (
        found(history=[replace(before, summary="周副总认可振动频谱的结论，但是先要看第三方的报告再评估。")])
        == {}
    )


def test_the_first_of_two_equal_texts_is_not_the_copy():
    later = replace(BASE, id=2, entered_at=BASE.entered_at + timedelta(days=1))
    assert found(history=[later]) == {}


def test_similarity_is_shared_trigrams_by_all():
    assert similarity(trigrams("abcd"), trigrams("ABC d")) == 1
    assert similarity(trigrams("abcd"), trigrams("abce")) == pytest.approx(1 / 3)
    assert similarity(trigrams(""), trigrams("ab")) == 0


@pytest.mark.parametrize(
    ("other", "copied"),
    [
        ("周副总认可震动频谱结论，同意先换两台轴承。", True),  # one letter for another
        ("周副总也认可振动频谱结论，同意先换两台轴承。", True),  # one letter more
        ("周总认可振动频谱结论，同意先换两台轴承。", True),  # one letter less
        ("周副总认可震动频谱结论，同意先换三台轴承。", False),  # two letters
    ],
)
def test_a_letter_touched_up_makes_no_new_text(other, copied):
    assert (likeness("周副总认可振动频谱结论，同意先换两台轴承。", other) >= SIMILAR) is copied


def test_another_reading_is_another_text():
    assert likeness("三号泵出口压力0.65兆帕", "三号泵出口压力0.75兆帕") < SIMILAR
    assert likeness("三号泵出口压力0.65兆帕", "三号泵出口压力0.六5兆帕") >= SIMILAR


def several(n, step, **change):
    return [
        replace(BASE, id=10 + i, summary=f"{i}{SAID}{i * 7}", entered_at=BASE.entered_at + step * i, **change)
        for i in range(1, n + 1)
    ]


def test_eight_entries_in_ten_minutes():
    minute = timedelta(minutes=1)
    assert "H4" in found(history=several(7, minute))
    assert "H4" not in found(history=several(6, minute))
    assert "H4" not in found(history=several(7, minute, via="import"))
    assert "H4" not in found(history=several(7, 3 * minute))


def test_the_last_two_working_days_of_a_month():
    assert closing_days(date(2026, 9, 9), CALENDAR) == date(2026, 9, 29)
    assert closing_days(date(2026, 10, 9), CALENDAR) == date(2026, 10, 29)


@pytest.mark.parametrize(("last", "early", "expected"), [(4, 5, True), (2, 6, False), (1, 1, False)])
def test_a_month_written_on_its_last_days(last, early, expected):
    log = replace(BASE, occurred_at=at(day=29), entered_at=at(day=29, hour=12))
    near = [replace(log, id=20 + i, summary=f"{i}", entered_at=at(day=30, hour=9 + i)) for i in range(last)]
    far = [replace(log, id=40 + i, summary=f"{i}", entered_at=at(day=2 + i, hour=9)) for i in range(early)]
    assert ("H5" in found(log, [*near, *far])) is expected


def elsewhere(minutes, place):
    """A visit at another customer that begins so many minutes after SITE began."""
    return replace(
        SITE, id=7, customer=2, summary="另一家", occurred_at=NOON + timedelta(minutes=minutes), place=place
    )


TIANJIN, SHANGHAI_CITY = Point(39.0842, 117.2009), Point(31.2304, 121.4737)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (elsewhere(30, None), True),  # two places at once
        (elsewhere(30, SITE.place), False),  # two customers in one building
        (elsewhere(60 + 60, TIANJIN), False),  # 113 km in an hour
        (elsewhere(60 + 40, TIANJIN), True),  # 170 km/h
        (elsewhere(60 + 180, SHANGHAI_CITY), False),  # 1,068 km in three hours: an aeroplane
        (elsewhere(60 + 120, SHANGHAI_CITY), True),  # 534 km/h
        (elsewhere(60 + 5, None), False),  # nobody knows how far
        (replace(elsewhere(30, None), type="call"), False),
        (replace(elsewhere(30, None), customer=1), False),
    ],
)
def test_visits_nobody_can_make(other, expected):
    assert ("H6" in found(SITE, [other])) is expected


@pytest.mark.parametrize(("same", "expected"), [(15, True), (14, False)])
def test_sixteen_of_twenty_on_the_half_hour_with_one_length(same, expected):
    log = replace(BASE, occurred_at=at(minute=30), minutes=30)
    line = [replace(log, id=50 + i, occurred_at=at(minute=30) - timedelta(days=i + 1)) for i in range(same)]
    rest = [
        replace(log, id=80 + i, minutes=11 + i, occurred_at=at(minute=11) - timedelta(days=30 + i))
        for i in range(19 - same)
    ]
    history = [replace(one, summary=f"{one.id}") for one in (*line, *rest)]
    assert ("H12" in found(log, history)) is expected


def test_the_score_is_bounded_and_a_denial_leaves_nothing():
    assert total([Signal("H16", 10)]) == 100
    assert total([Signal("H6", -40), Signal("H1", -25), Signal("H14", -30), Signal("H2", -15)]) == 0
    assert total([Signal("H16", 10), Signal("H15", -100, {"denied": True})]) == 0
    assert judge(BASE, [], Evidence(statement="denied", proof=True), CALENDAR).score == 0


@pytest.mark.parametrize(
    ("score", "band"), [(80, "trusted"), (79, "check"), (60, "check"), (59, "suspicious")]
)
def test_bands(score, band):
    assert band_of(score) == band


def test_thin_words():
    assert is_thin("OK")
    assert is_thin("正常跟进。正常跟进。正常跟进。正常跟进。")
    assert not is_thin(SAID)
    assert is_thin("客户说没什么新的事情")
    assert not is_thin("约王工8号上午十点看泵")
    assert not is_thin("王工收到报价周四给答复")
    assert is_thin("周四给答复")
    assert not is_thin("Price Friday ok")
    assert not is_thin("Call on Monday")
    assert is_thin("Spoke with him")


def test_distances_and_the_blurred_place():
    assert kilometres(SITE.place, SHANGHAI_CITY) == pytest.approx(1067.5, abs=1)
    assert kilometres(SITE.place, None) is None
    assert blurred(Point(39.90421, 116.40739)) == Point(39.904, 116.407)
