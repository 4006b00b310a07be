"""Which logs are drawn: the week, the strata, chance that can be repeated but not foreseen; and the draw as rows, once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from core.models import Notification, Task
from core.sweep import run_scan
from crm.log_lot import Entry, draw, lot, week_to_draw
from crm.models import Activity, LogDraw, LogReview
from crm.operations.log_reviews import draw_due_weeks, draw_week, lot_key
from tests.crm.factories import make_activity, make_contact, make_customer
from tests.personas import make_person

KEY = b"a key nobody knows"
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai
IN_WEEK = datetime(2026, 11, 18, 2, 7, tzinfo=UTC)  # the Wednesday before


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "2026-W47"),  # Monday eight o'clock
        (datetime(2026, 11, 22, 21, 59, tzinfo=UTC), "2026-W46"),  # Monday 05:59: not yet
        (datetime(2026, 11, 22, 22, 0, tzinfo=UTC), "2026-W47"),  # Monday 06:00
        (datetime(2026, 11, 29, 15, 0, tzinfo=UTC), "2026-W47"),  # Sunday night
        (datetime(2027, 1, 4, 1, 0, tzinfo=UTC), "2026-W53"),
    ],
)
def test_the_week_that_is_over_is_drawn_from_on_monday_at_six(now, code):
    week = week_to_draw(now)
    assert week.code == code
    assert week.end - week.start == timedelta(days=7)
    assert week.end <= now


def entries():
    return [Entry(number, score) for number, score in enumerate([95] * 100 + [70] * 30 + [40] * 7, start=1)]


def test_every_band_is_drawn_from_and_trusted_ones_are_not_spared():
    drawn = draw(entries(), share=0.05, most=100, key=KEY, week="2026-W47")
    assert {band: len(ids) for band, ids in drawn.items()} == {"check": 2, "suspicious": 1, "trusted": 5}
    assert all(1 <= pk <= 100 for pk in drawn["trusted"])
    assert draw([], share=0.05, most=100, key=KEY, week="2026-W47") == {}


def test_chance_repeats_itself_and_cannot_be_foreseen():
    same = [draw(entries(), share=0.05, most=100, key=KEY, week="2026-W47") for _turn in range(2)]
    assert same[0] == same[1]
    assert draw(reversed(entries()), share=0.05, most=100, key=KEY, week="2026-W47") == same[0]
    assert draw(entries(), share=0.05, most=100, key=KEY, week="2026-W48") != same[0]
    assert draw(entries(), share=0.05, most=100, key=b"another", week="2026-W47") != same[0]
    with override_settings(SECRET_KEY="one"):
        first = lot(7, key=lot_key(), week="2026-W47")
    with override_settings(SECRET_KEY="two"):
        assert lot(7, key=lot_key(), week="2026-W47") != first


def test_over_many_weeks_everybody_is_drawn_about_as_often():
    hits = Counter()
    for number in range(2000):
        drawn = draw(entries()[:100], share=0.05, most=100, key=KEY, week=str(number))
        hits.update(drawn["trusted"])
    assert len(hits) == 100
    assert 60 <= min(hits.values()) <= max(hits.values()) <= 145  # 100 each, four standard deviations


def test_the_most_a_week_shrinks_the_share():
    drawn = draw(entries(), share=0.5, most=14, key=KEY, week="2026-W47")
    assert {band: len(ids) for band, ids in drawn.items()} == {"check": 4, "suspicious": 1, "trusted": 11}


# --- as rows -------------------------------------------------------------------------------------------------------------


def honest(customer, by, at, number=0):
    """A log nothing speaks against."""
    person = make_contact(customer, by, at)
    return make_activity(
        customer,
        by,
        at,
        contacts=[person],
        summary=f"第{number}次谈{number * 7919}号机组轴承更换与备件交期，约定下周答复",
        next_step="给书面交期",
        next_at=at + timedelta(days=3),
    )


def doubtful(customer, by, at):
    """Nobody named, more than a week late, without next step, a stock phrase: 45 points."""
    return make_activity(customer, by, at, summary="已联系", occurred_at=at - timedelta(days=9))


@pytest.mark.django_db
def test_three_suspicious_logs_in_thirty_days_are_all_reviewed_and_two_are_not(personas):
    customer = make_customer(personas.pm, IN_WEEK)
    heap = [doubtful(customer, personas.pm, IN_WEEK - timedelta(days=days)) for days in (20, 10, 0)]
    doubtful(customer, personas.pm, IN_WEEK - timedelta(days=40))
    few = [doubtful(customer, personas.pm_other, IN_WEEK - timedelta(hours=hours)) for hours in (0, 1)]
    assert all(one.band == "suspicious" for one in [*heap, *few])
    assert draw_due_weeks(MONDAY) == 4
    rows = LogReview.objects.filter(cause="suspicious")
    assert {row.activity for row in rows} == set(heap)
    assert LogReview.objects.get(cause="sample").activity in few
    made = LogDraw.objects.get()
    assert made.week == "2026-W47"
    assert made.strata == {"heaped": [3, 3], "suspicious": [2, 1]}


@pytest.mark.django_db
def test_a_draw_is_made_once_and_no_log_twice(personas):
    customer = make_customer(personas.pm, IN_WEEK)
    for number in range(21):
        honest(customer, personas.pm, IN_WEEK + timedelta(hours=number), number)
    assert Activity.objects.filter(score__gte=80).count() == 21
    assert draw_due_weeks(MONDAY) == 2
    before = set(LogReview.objects.values_list("pk", flat=True))
    assert draw_due_weeks(MONDAY) == 0
    assert draw_due_weeks(MONDAY + timedelta(days=3)) == 0
    assert draw_week(week_to_draw(MONDAY), now=MONDAY) == 0
    assert set(LogReview.objects.values_list("pk", flat=True)) == before
    LogDraw.objects.update(week="2026-W40")  # even if the week is drawn again, reviewed logs are not
    seen = set(LogReview.objects.values_list("activity", flat=True))
    LogReview.objects.update(draw=None)
    assert draw_week(week_to_draw(MONDAY), now=MONDAY) == 1
    again = LogReview.objects.exclude(pk__in=before).values_list("activity", flat=True)
    assert not seen & set(again)


@pytest.mark.django_db
def test_weeks_missed_in_a_downtime_are_made_up(personas):
    customer = make_customer(personas.pm, IN_WEEK)
    honest(customer, personas.pm, IN_WEEK, 1)
    honest(customer, personas.pm, IN_WEEK + timedelta(days=7), 2)
    LogDraw.objects.create(week="2026-W46", drawn_at=IN_WEEK - timedelta(days=2), share=0.05)
    assert draw_due_weeks(MONDAY + timedelta(days=8)) == 2
    assert list(LogDraw.objects.order_by("week").values_list("week", flat=True)) == [
        "2026-W46",
        "2026-W47",
        "2026-W48",
    ]


@pytest.mark.django_db
def test_what_is_never_drawn(personas):
    customer = make_customer(personas.pm, IN_WEEK)
    imported = honest(customer, personas.pm, IN_WEEK, 1)
    Activity.objects.filter(pk=imported.pk).update(score=None)
    left = honest(customer, personas.pm_other, IN_WEEK, 2)
    left.author.is_active = False
    left.author.save(update_fields=["is_active"])
    honest(customer, personas.pm, IN_WEEK - timedelta(days=8), 3)
    honest(customer, personas.pm, MONDAY - timedelta(minutes=30), 4)
    assert draw_due_weeks(MONDAY) == 0
    assert LogDraw.objects.get().strata == {"heaped": [0, 0]}


@pytest.mark.django_db
def test_what_is_drawn_is_spread_over_the_office_and_told_once(personas):
    second = make_person("co_second", "CO", "CRO")
    customer = make_customer(personas.pm, IN_WEEK)
    for number in range(60):
        honest(customer, personas.pm, IN_WEEK + timedelta(minutes=37 * number), number)
    run_scan("crm.logs_drawn", now=MONDAY, force=True)
    rows = list(LogReview.objects.select_related("reviewer"))
    assert len(rows) >= 3
    assert {row.state for row in rows} == {"assigned"}
    counts = Counter(row.reviewer for row in rows)
    assert set(counts) == {personas.co, second}
    assert max(counts.values()) - min(counts.values()) <= 1
    assert Task.objects.filter(kind="crm.log_review", closed_at=None).count() == len(rows)
    for person, count in counts.items():
        notice = Notification.objects.get(user=person, code="crm.logs_drawn")
        assert notice.data == {"count": count}
    assert not Notification.objects.filter(code="crm.log_review_assigned").exists()
    assert not Notification.objects.filter(user=personas.pm).exists()
