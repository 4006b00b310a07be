"""The template tags: words for times, amounts, tones, and nothing unescaped."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from core.templatetags import ui

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("318600000", "¥3.19 亿", "¥318.6 M"),
        ("468000", "¥46.80 万", "¥468,000"),
        ("9999.99", "¥9,999.99", "¥9,999.99"),
        ("-468000", "-¥46.80 万", "-¥468,000"),
        (None, "—", "—"),
    ],
)
def test_money_speaks_the_reader_language(amount: str | None, chinese: str, english: str) -> None:
    value = Decimal(amount) if amount else None
    with translation.override("zh-hans"):
        assert strip_tags(ui.money(value)) == chinese
    with translation.override("en"):
        assert strip_tags(ui.money(value)) == english


def test_money_keeps_the_exact_amount_on_hover() -> None:
    assert 'title="¥468,000.50"' in ui.money(Decimal("468000.50"))
    assert ui.yuan(Decimal("0")) == "¥0.00"


@pytest.mark.parametrize(
    ("away", "text", "tone"),
    [
        (timedelta(days=-6), "逾期 6 天", "t-danger"),
        (timedelta(hours=-2), "逾期 2 小时", "t-danger"),
        (timedelta(minutes=30), "09:30 前", "t-warn"),
        (timedelta(hours=8), "17:00 前", ""),
        (timedelta(days=1), "明天", ""),
        (timedelta(days=4), "4 天后", ""),
        (timedelta(days=40), "2027-01-01", ""),
    ],
)
def test_due_says_how_late_in_words(away: timedelta, text: str, tone: str) -> None:
    """Red never stands alone: the word says it too."""
    drawn = ui.due(NOW + away, NOW)
    assert strip_tags(drawn).strip() == text
    assert (tone in drawn) if tone else ("t-danger" not in drawn and "t-warn" not in drawn)


def test_due_of_a_date_lasts_the_whole_day() -> None:
    assert strip_tags(ui.due(date(2026, 11, 22), NOW)) == "今天"
    assert "t-danger" in ui.due(date(2026, 11, 21), NOW)


def test_clock_shows_what_is_left_and_what_is_past() -> None:
    assert strip_tags(ui.clock(NOW + timedelta(hours=3, minutes=12), NOW)) == "剩 3 小时 12 分"
    assert strip_tags(ui.clock(NOW - timedelta(days=6), NOW)) == "超 6 天"
    with translation.override("en"):
        assert strip_tags(ui.clock(NOW - timedelta(minutes=5), NOW)) == "5 min late"


def test_when_is_relative_within_a_week() -> None:
    assert strip_tags(ui.when(NOW - timedelta(days=3), NOW)) == "3 天前"
    assert strip_tags(ui.when(NOW - timedelta(days=30), NOW)) == "10-23"
    assert strip_tags(ui.when(NOW - timedelta(days=400), NOW)) == "2025-10-18"
    assert strip_tags(ui.when(None)) == "—"


def test_user_text_is_escaped_everywhere() -> None:
    evil = '<img src=x onerror="1">'
    for drawn in (
        ui.badge(evil),
        ui.avatar(evil),
        ui.person(evil),
        ui.meter(1, 2, "", evil),
        ui.sparkline([1, 2], None, "", evil),
    ):
        assert "<img" not in drawn


def test_sparkline_needs_two_numbers_and_stays_in_its_box() -> None:
    assert ui.sparkline([5]) == ""
    assert ui.sparkline([3, 3, 3], 3)  # a flat line divides by nothing
    points = ui.sparkline([1, None, 9, 4], 5).split('points="')[2].split('"')[0]
    assert all(0 <= float(y) <= 26 for y in (pair.split(",")[1] for pair in points.split()))


def test_unknown_tier_shows_nothing() -> None:
    assert ui.tier("na") == ""
    assert "badge-vip" in ui.tier("vip")
