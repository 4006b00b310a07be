"""What a customer's time line tells: each thing once, and all its reader may see however much others hide."""

from datetime import timedelta
from typing import Any

import pytest

from core.kinds import kind_of
from core.models import AuditEntry
from crm.models import Activity, Customer, FollowUp
from crm.operations.follow_ups import finish_follow_up
from crm.panorama import LINES, READ_ON, SPARE, TimeLine, time_line
from tests.crm.factories import make_activity, make_customer, make_follow_up
from tests.service.factories import on_site

pytestmark = pytest.mark.django_db


def told(line: TimeLine) -> list[Any]:
    return [event for day in line.days for event in day.events]


def hide(customer: Customer, by: Any, now: Any, many: int) -> None:
    """Newer entries about logs that nobody sees."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now + timedelta(seconds=number), actor=by, code="crm.add_activity", object_kind=kind_of(Activity),
            object_id=10**9 + number, root_kind=kind_of(customer), root_id=customer.pk,
        )
        for number in range(many)
    )  # fmt: skip


@pytest.fixture
def customer(personas: Any, now: Any) -> Customer:
    return make_customer(personas.pm, now)


def test_a_log_says_by_itself_which_step_it_settled_and_planned(
    personas: Any, now: Any, customer: Customer
) -> None:
    pm = personas.pm
    step = make_follow_up(customer, pm, now)
    other = make_follow_up(customer, pm, now, text="约总工看样机")
    make_activity(customer, pm, now, follow_up=step, next_step="送备件价", next_at=now + timedelta(days=3))
    assert FollowUp.objects.count() == 3
    finish_follow_up(by=pm, now=now, follow_up=other)
    codes = AuditEntry.objects.filter(root_id=customer.pk, root_kind=kind_of(customer))
    assert codes.filter(code="crm.add_followup").count() == 3
    assert codes.filter(code="crm.complete_followup").count() == 2
    titles = [event.title + event.next_step for event in told(time_line(customer, pm, group="followup"))]
    assert len(titles) == 4, "two steps planned by hand, one done by hand, and the log"
    assert sum("送备件价" in title for title in titles) == 1
    assert sum("约总工看样机" in title for title in titles) == 2


@pytest.mark.parametrize("hidden", [SPARE, LINES + SPARE, 3 * (LINES + SPARE)])
def test_what_others_may_see_does_not_shorten_the_page(
    personas: Any, now: Any, customer: Customer, hidden: int
) -> None:
    pm = personas.pm
    logs = [
        make_activity(customer, pm, now, occurred_at=now - timedelta(minutes=number)) for number in range(3)
    ]
    hide(customer, personas.bm, now, hidden)
    line = time_line(customer, pm, group="followup")
    assert [event.anchor for event in told(line)] == [f"activity-{log.pk}" for log in logs]
    assert line.older == ""


def test_a_page_reads_on_only_so_far_and_says_that_there_is_more(
    personas: Any, now: Any, customer: Customer, django_assert_max_num_queries: Any, client: Any
) -> None:
    pm = personas.pm
    log = make_activity(customer, pm, now)
    hide(customer, personas.bm, now, (READ_ON + 2) * (LINES + SPARE))
    with django_assert_max_num_queries(4 * (READ_ON + 1)):
        line = time_line(customer, pm, group="followup")
    assert told(line) == []
    assert line.older
    client.force_login(pm)
    page = client.get(f"/crm/customers/{customer.pk}/timeline/?group=followup").content.decode()
    assert "这里还没有" not in page
    assert "&amp;before=" in page
    further = time_line(customer, pm, group="followup", before=line.older)
    assert [event.anchor for event in told(further)] == [f"activity-{log.pk}"]
    assert further.older == ""


def test_the_older_part_begins_where_the_page_ended(personas: Any, now: Any, customer: Customer) -> None:
    pm = personas.pm
    logs = [
        make_activity(customer, pm, now, occurred_at=now - timedelta(minutes=number))
        for number in range(2 * LINES + 1)
    ]
    shown, before = [], ""
    for size in (LINES, LINES, 1):
        line = time_line(customer, pm, group="followup", before=before)
        assert len(told(line)) == size
        shown += told(line)
        before = line.older
    assert before == ""
    assert [event.anchor for event in shown] == [f"activity-{log.pk}" for log in logs]


def test_steps_of_the_desk_stand_under_tickets_and_not_among_what_matters(personas: Any, now: Any) -> None:
    ticket = on_site(personas)
    customer, reader = ticket.pumps.get().customer, personas.ex
    steps = [event.title for event in told(time_line(customer, reader, group="ticket"))]
    assert len(steps) >= 5
    assert all(ticket.code in title for title in steps)
    mixed = [event.title for event in told(time_line(customer, reader)) if ticket.code in event.title]
    assert mixed == steps[-1:], "only that it was reported"
