"""Where a new customer goes, what the apps above may write about it, and the arithmetic of next steps."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import OrgUnit
from crm.models import CustomerFacts, CustomerHold, Territory
from crm.operations import hold, record_facts, release
from crm.planning import date_chips, due_before, step_from_text
from crm.territories import TerritoryMap
from tests.crm.factories import make_customer

FRIDAY = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_most_exact_territory_wins(personas, now):
    branch = OrgUnit.objects.get(code="01")
    keys = {"": personas.bm, "130200": personas.pm}
    for city, owner in keys.items():
        Territory.objects.create(
            province_code="13", city_code=city, branch=branch, owner=owner, valid_from=now
        )
    Territory.objects.create(
        province_code="13", industry="power", branch=branch, owner=personas.pm_other, valid_from=now
    )
    found = TerritoryMap(now)
    assert found.place("13", "130200", "power").owner == personas.pm
    assert found.place("13", "130100", "power").owner == personas.pm_other
    assert found.place("13", "130100", "mining").owner == personas.bm
    only_branch = found.place("11")
    assert (only_branch.branch.code, only_branch.owner) == ("01", None)
    assert found.place("") is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.create(province_code="13", branch=branch, valid_from=now + timedelta(days=1))


@pytest.mark.django_db
def test_a_source_writes_its_own_facts_only(personas, now):
    customer = make_customer(personas.pm, now)
    record_facts(customer=customer, source="tickets", facts={"open_tickets": 2}, now=now)
    facts = CustomerFacts.objects.get(customer=customer)
    assert (facts.open_tickets, facts.tickets_at, facts.complaints_at) == (2, now, None)
    with pytest.raises(LookupError):
        record_facts(customer=customer, source="tickets", facts={"open_complaints": 1}, now=now)


@pytest.mark.django_db
def test_holding_twice_keeps_one_hold_until_released(personas, now):
    customer = make_customer(personas.pm, now)
    for days in (1, 2):
        hold(customer=customer, kind="ticket", ref="GD-1", now=now, until=now + timedelta(days=days))
    assert CustomerHold.objects.get().until == now + timedelta(days=2)
    assert [release(customer=customer, kind="ticket", ref="GD-1") for _turn in range(2)] == [1, 0]


def test_chips_avoid_the_weekend_except_tomorrow():
    days = {chip.code: chip.day.isoformat() for chip in date_chips(FRIDAY)}
    assert days == {
        "tomorrow": "2026-11-28",
        "in_3_days": "2026-11-30",
        "next_monday": "2026-11-30",
        "two_weeks": "2026-12-11",
    }


def test_a_level_is_reached_at_eight_local_time():
    just_before, at_eight = FRIDAY.replace(hour=23, minute=59), (FRIDAY + timedelta(days=1)).replace(hour=0)
    assert due_before(0, at_eight) - due_before(0, just_before) == timedelta(days=1)
    assert due_before(3, at_eight) == due_before(0, at_eight) - timedelta(days=3)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("周副总认可结论；担心备件要等三周。要我们周五前给书面交期。", "要我们周五前给书面交期"),
        ("请发报价。对方心情不错。", "请发报价"),
        ("已见面。谈得不错。", "谈得不错"),
        ("。。", ""),
    ],
)
def test_the_promise_is_read_from_the_text(text, step):
    assert step_from_text(text).endswith(step) if step else step_from_text(text) == ""
