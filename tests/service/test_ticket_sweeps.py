"""Clocks ring once at each level, offers come back, customers are reminded: back-dated, run twice, run late."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import NotAllowed, RuleBroken
from core.models import Notification, Task
from core.sweep import run_scan
from service import desk
from service.models import Ticket, TicketEscalation
from tests.personas import *  # noqa: F403 - fixtures
from tests.service.factories import NOW, dispatched, make_customer, make_pump, make_ticket, resolved

pytestmark = pytest.mark.django_db


def sweep(name: str, now: Any) -> int | None:
    return run_scan(f"service.{name}", now=now, force=True)


def test_levels_ring_once_with_their_true_time(personas: Any) -> None:
    ticket = make_ticket(personas, impact="i1")
    late = NOW + timedelta(minutes=16)
    assert sweep("ticket_clocks", late) == 1
    rows = list(TicketEscalation.objects.filter(ticket=ticket).values_list("clock_no", "level", "due_at"))
    assert rows == [
        (1, 50, NOW + timedelta(minutes=7, seconds=30)),
        (1, 80, NOW + timedelta(minutes=12)),
        (1, 100, NOW + timedelta(minutes=15)),
    ]
    told = Notification.objects.filter(code="service.clock_response")
    assert set(told.values_list("user__username", flat=True)) == {"dp", "dp_other", "am", "ex"}
    assert told.first().data["level"] == 100
    assert Task.objects.filter(kind="service.ticket_late", assignee=personas.am, closed_at=None).count() == 1
    assert sweep("ticket_clocks", late) == 0
    assert told.count() == 4


def test_after_a_standstill_every_missed_level_gets_its_row(personas: Any) -> None:
    ticket = make_ticket(personas, impact="i1")
    sweep("ticket_clocks", NOW + timedelta(days=10))
    assert TicketEscalation.objects.filter(ticket=ticket).count() == 16
    assert not ticket.clocks.filter(next_level_at__isnull=False).exists()


def test_executives_hear_only_of_p1(personas: Any) -> None:
    make_ticket(personas, impact="i3")
    sweep("ticket_clocks", NOW + timedelta(days=10))
    assert not Notification.objects.filter(user=personas.ex).exists()


def test_a_stopped_clock_does_not_ring(personas: Any) -> None:
    make_ticket(personas, impact="i1", diagnosis="停泵检查")
    assert sweep("ticket_clocks", NOW + timedelta(minutes=20)) == 0


def test_a_fired_level_stays_fired_after_a_priority_change(personas: Any) -> None:
    ticket = make_ticket(personas, impact="i1")
    sweep("ticket_clocks", NOW + timedelta(minutes=13))
    ticket.refresh_from_db()
    ticket = ticket.change_priority(
        by=personas.dp, now=NOW + timedelta(minutes=14), priority="p4", reason="误判"
    )
    sweep("ticket_clocks", NOW + timedelta(days=20))
    assert TicketEscalation.objects.filter(ticket=ticket, clock_no=1, level=50).count() == 1


def test_unanswered_offer_returns_once(personas: Any) -> None:
    ticket = dispatched(personas, impact="i1")
    due = ticket.answer_due_at
    assert due == NOW + timedelta(minutes=40)
    assert sweep("assignments", due - timedelta(seconds=1)) == 0
    assert sweep("assignments", due + timedelta(hours=3)) == 1
    assert sweep("assignments", due + timedelta(hours=3)) == 0
    with pytest.raises(NotAllowed):
        ticket.return_unanswered(by=personas.dp, now=due)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.engineer) == ("accepted", None)
    assert not Ticket.objects.visible_to(personas.fresh("ae")).exists()
    assert Notification.objects.filter(code="service.ticket_returned").count() == 2


def test_two_business_hours_for_the_rest(personas: Any) -> None:
    ticket = dispatched(personas, impact="i3")
    assert ticket.answer_due_at == NOW + timedelta(minutes=10, hours=2)


def test_customer_is_reminded_three_times_then_closing_is_allowed(personas: Any) -> None:
    customer = make_customer(personas, tier="standard")
    ticket = resolved(personas, pump=make_pump(personas, customer), impact="i4")
    assert ticket.state == "pending_confirm"
    with pytest.raises(RuleBroken):
        ticket.close(by=personas.dp, now=NOW + timedelta(days=1))
    for number in (1, 2, 3):
        ticket.refresh_from_db()
        assert sweep("confirmations", ticket.next_nudge_at + timedelta(minutes=1)) == 1
        assert sweep("confirmations", ticket.next_nudge_at + timedelta(minutes=1)) == 0
        ticket.refresh_from_db()
        assert ticket.confirm_nudges == number
    closed = ticket.close(by=personas.dp, now=NOW + timedelta(days=8))
    assert closed.close_kind == "unconfirmed"


def test_only_some_ordinary_tickets_are_called_back(personas: Any) -> None:
    ticket = make_ticket(
        personas, pump=make_pump(personas, make_customer(personas, tier="standard")), impact="i4"
    )
    codes = []
    for number in range(400):
        ticket.code = f"GD-01-2026-{number:05d}"
        codes.append(desk.callback_reasons(ticket, share=20))
    assert 50 <= sum(bool(code) for code in codes) <= 110
    ticket.tier_snapshot = "vip"
    assert desk.callback_reasons(ticket, share=0) == ["vip"]


def test_confirmed_and_not_drawn_closes_by_itself(personas: Any) -> None:
    customer = make_customer(personas, tier="standard")
    ticket = resolved(personas, pump=make_pump(personas, customer), impact="i4", signer="王工")
    Ticket.objects.filter(pk=ticket.pk).update(callback_required=False)
    assert sweep("closings", NOW + timedelta(days=1)) == 1
    ticket.refresh_from_db()
    assert (ticket.state, ticket.close_kind) == ("closed", "confirmed")


def test_customer_figures_follow_tickets_and_pumps(personas: Any) -> None:
    ticket = make_ticket(personas)
    customer = ticket.customer
    assert sweep("customer_facts", NOW + timedelta(days=30)) == 1
    facts = customer.facts
    facts.refresh_from_db()
    assert (facts.tickets_total, facts.open_tickets, facts.pumps_in_service) == (1, 1, 1)
    assert customer.holds.filter(kind="ticket", ref=ticket.code).exists()
    ticket.cancel(by=personas.dp, now=NOW, reason="误报")
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=NOW + timedelta(days=31))
    assert sweep("customer_facts", NOW + timedelta(days=32)) == 1
    facts.refresh_from_db()
    assert (facts.tickets_total, facts.open_tickets) == (1, 0)
    assert not customer.holds.filter(kind="ticket").exists()
    assert sweep("customer_facts", NOW + timedelta(days=32)) == 0
