"""Many hands on one log and one week: one review, one draw, one finding, one answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.models import AuditEntry
from crm.models import Activity, LogDraw, LogReview
from crm.operations import add_log_review
from crm.operations.log_reviews import draw_due_weeks
from tests.crm.factories import make_activity, make_contact, make_customer
from tests.personas import *  # noqa: F403 - fixtures
from tests.races.together import Meeting, at_once

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 4
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 2, 7, tzinfo=UTC)
NOTE = "客户说当天没有人来过，请核实"
WHY = "回访客户，对方明确表示当天没有接到电话。"


def logs(personas: Any, count: int) -> list[Activity]:
    customer = make_customer(personas.pm, WEDNESDAY)
    person = make_contact(customer, personas.pm, WEDNESDAY)
    return [
        make_activity(
            customer,
            personas.pm,
            WEDNESDAY + timedelta(hours=number),
            contacts=[person],
            summary=f"第{number}次{number * 7919}谈备件",
        )
        for number in range(count)
    ]


def test_a_log_is_opened_once(personas: Any) -> None:
    log = logs(personas, 1)[0]
    people = [personas.fresh(("co", "sv")[number % 2]) for number in range(HANDS)]
    ends = at_once(lambda n: add_log_review(by=people[n], now=MONDAY, activity=log, note=NOTE), HANDS)
    assert ends == {"done": 1, "RuleBroken": HANDS - 1}
    assert LogReview.objects.count() == 1


def test_even_when_all_have_looked_before_any_has_opened(
    personas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look alone would let several through: the database keeps one."""
    log, meeting = logs(personas, 1)[0], Meeting(HANDS)
    make = LogReview.objects.create

    def after_all(**values: Any) -> LogReview:
        meeting.wait()
        return make(**values)

    monkeypatch.setattr(LogReview.objects, "create", after_all)
    ends = at_once(
        lambda n: add_log_review(by=personas.fresh("co"), now=MONDAY, activity=log, note=NOTE), HANDS
    )
    assert ends == {"done": 1, "RuleBroken": HANDS - 1}
    assert LogReview.objects.count() == 1


def test_a_week_is_drawn_once(personas: Any) -> None:
    logs(personas, 5)
    ends = at_once(lambda n: draw_due_weeks(MONDAY), HANDS)
    assert ends == {"done": HANDS}
    assert LogDraw.objects.count() == 1
    drawn = LogReview.objects.values_list("activity", flat=True)
    assert len(drawn) == len(set(drawn)) == sum(taken for _of, taken in LogDraw.objects.get().strata.values())


def test_a_finding_is_made_once(personas: Any) -> None:
    row = add_log_review(by=personas.sv, now=MONDAY, activity=logs(personas, 1)[0], note=NOTE)
    found = {"finding": "falsified", "evidence": ["callback"], "words": WHY}
    ends = at_once(lambda n: row.decide(by=personas.fresh("co"), now=MONDAY, **found), HANDS)
    assert ends == {"done": 1, "WrongState": HANDS - 1}
    assert AuditEntry.objects.filter(code="crm.decide_logreview").count() == 1
