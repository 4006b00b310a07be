"""The life of a ticket: each step beside its refusals, clocks stopping where they must, access of the engineer."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, Notification, Task
from crm.models import Customer
from service import operations
from service.models import Pump, Ticket
from tests.personas import *  # noqa: F403 - fixtures
from tests.service.factories import (
    NOW,
    REPORT,
    closed,
    dispatched,
    make_customer,
    make_pump,
    make_ticket,
    on_site,
    resolved,
)

pytestmark = pytest.mark.django_db


def test_register_computes_priority_and_four_due_times(personas: Any) -> None:
    ticket = make_ticket(personas, impact="i1")
    assert (ticket.priority, ticket.state) == ("p1", "accepted")
    assert ticket.response_due_at == NOW + timedelta(minutes=15)
    assert ticket.onsite_due_at == NOW + timedelta(hours=8)
    assert ticket.restore_due_at == NOW + timedelta(hours=24)
    assert ticket.resolve_due_at == NOW + timedelta(hours=48)
    assert [clock.clock_no for clock in ticket.clocks.all()] == [1, 2, 3, 4]
    assert all(clock.steps[-1]["code"] == "due" for clock in ticket.clocks.all())
    assert ticket.owner == personas.pm
    assert ticket.branch == personas.pm.branch


def test_preview_promises_what_registering_stores(personas: Any) -> None:
    pump = make_pump(personas, make_customer(personas, tier="standard", km=900))
    shown = operations.preview_ticket(
        now=NOW, customer=pump.customer, pumps=[pump], impact="i2", symptom="F04"
    )
    ticket = make_ticket(personas, pump=pump)
    assert ticket.priority == shown.decision.priority == "p3"
    assert {clock.kind: clock.due_at for clock in ticket.clocks.all()} == {
        kind: due.due_at for kind, due in shown.dues.items()
    }


def test_register_by_project_manager_waits_for_dispatcher(personas: Any) -> None:
    ticket = make_ticket(personas, by="pm")
    assert ticket.state == "new"
    assert Task.objects.filter(
        kind="service.ticket_dispatch", object_id=ticket.pk, assignee=personas.dp
    ).exists()
    with pytest.raises(NotAllowed):
        ticket.accept(by=personas.pm, now=NOW)
    assert ticket.accept(by=personas.dp, now=NOW).state == "accepted"
    with pytest.raises(WrongState):
        ticket.accept(by=personas.dp, now=NOW)


def test_register_refuses_pump_of_another_customer(personas: Any) -> None:
    with pytest.raises(RuleBroken):
        operations.register_ticket(
            by=personas.dp,
            now=NOW,
            customer=make_customer(personas),
            pumps=[make_pump(personas)],
            impact="i3",
        )
    assert not Ticket.objects.exists()


def test_diagnosis_at_registration_stops_response(personas: Any) -> None:
    ticket = make_ticket(personas, diagnosis="先停泵,查对中")
    clock = ticket.clocks.get(kind="response")
    assert clock.stopped_at == NOW
    assert clock.was_met
    assert clock.next_level_at is None


def test_dispatch_opens_ticket_customer_and_pump_to_the_engineer(personas: Any) -> None:
    ticket = make_ticket(personas)
    assert not Ticket.objects.visible_to(personas.ae).exists()
    ticket = ticket.dispatch(by=personas.dp, now=NOW, engineer=personas.ae)
    engineer = personas.fresh("ae")
    assert Ticket.objects.visible_to(engineer).get() == ticket
    assert Pump.objects.visible_to(engineer).get() == ticket.pumps.get()
    assert Customer.objects.visible_to(engineer).get() == ticket.customer
    assert Task.objects.filter(kind="service.ticket_offer", assignee=engineer, closed_at=None).count() == 1
    assert Notification.objects.filter(code="service.ticket_offered", user=engineer).count() == 1


def test_dispatch_refuses_somebody_who_is_no_engineer(personas: Any) -> None:
    with pytest.raises(RuleBroken):
        make_ticket(personas).dispatch(by=personas.dp, now=NOW, engineer=personas.pm)


def test_take_belongs_to_the_offered_engineer(personas: Any) -> None:
    ticket = dispatched(personas)
    with pytest.raises(NotFound):
        ticket.take(by=personas.fresh("ae_other"), now=NOW)
    with pytest.raises(NotAllowed):
        ticket.take(by=personas.dp, now=NOW)
    taken = ticket.take(by=personas.fresh("ae"), now=NOW)
    assert (taken.state, taken.progress) == ("in_progress", "remote")
    with pytest.raises(WrongState):
        ticket.take(by=personas.fresh("ae"), now=NOW)


def test_decline_gives_back_and_closes_the_view(personas: Any) -> None:
    ticket = dispatched(personas).decline(by=personas.fresh("ae"), now=NOW, reason="在外地")
    assert (ticket.state, ticket.engineer) == ("accepted", None)
    engineer = personas.fresh("ae")
    assert not Ticket.objects.visible_to(engineer).exists()
    assert not Customer.objects.visible_to(engineer).exists()
    assert Task.objects.filter(kind="service.ticket_dispatch", object_id=ticket.pk, closed_at=None).exists()


def test_redispatch_replaces_the_first_engineer(personas: Any) -> None:
    ticket = dispatched(personas).dispatch(by=personas.dp, now=NOW, engineer=personas.ae_other)
    assert not Ticket.objects.visible_to(personas.fresh("ae")).exists()
    assert Ticket.objects.visible_to(personas.fresh("ae_other")).get() == ticket
    assert sorted(ticket.assignments.values_list("answer", flat=True)) == ["offered", "replaced"]


def test_arrive_stops_on_site_and_cancel_is_refused_there(personas: Any) -> None:
    ticket = on_site(personas)
    assert ticket.clocks.get(kind="onsite").stopped_at == NOW + timedelta(hours=2)
    with pytest.raises(WrongState):
        ticket.cancel(by=personas.dp, now=NOW, reason="误报")


def test_wait_stops_only_restore_and_resolve(personas: Any) -> None:
    ticket = on_site(personas)
    before = ticket.resolve_due_at
    start = NOW + timedelta(hours=3)
    with pytest.raises(RuleBroken):
        ticket.wait_customer(by=personas.fresh("ae"), now=start, reason="  ")
    waiting = ticket.wait_customer(
        by=personas.fresh("ae"), now=start, reason="等客户停机许可", proof="邮件 11-23"
    )
    assert waiting.state == "waiting_customer"
    assert waiting.resolve_due_at is None
    assert waiting.clocks.get(kind="resolve").is_paused
    with pytest.raises(WrongState):
        waiting.resolve(by=personas.fresh("ae"), now=start)
    again = waiting.resume(by=personas.fresh("ae"), now=start + timedelta(hours=5))
    assert again.resolve_due_at == before + timedelta(hours=5)
    assert again.onsite_due_at is not None


def test_every_wait_ends_by_going_on(personas: Any) -> None:
    ticket = on_site(personas)
    engineer = personas.fresh("ae")
    waiting = ticket.wait_window(by=engineer, now=NOW + timedelta(hours=3), reason="等停机窗口")
    assert (waiting.state, waiting.pauses.get().kind) == ("waiting_window", "window")
    with pytest.raises(WrongState):
        waiting.wait_parts(by=engineer, now=NOW + timedelta(hours=4), reason="等机封")
    assert waiting.resume(by=engineer, now=NOW + timedelta(hours=5)).state == "in_progress"


def test_resolve_without_report_owes_one(personas: Any) -> None:
    ticket = on_site(personas).resolve(by=personas.fresh("ae"), now=NOW + timedelta(hours=3))
    assert ticket.state == "resolved"
    assert Task.objects.filter(kind="service.report", assignee=personas.ae, closed_at=None).exists()
    with pytest.raises(RuleBroken):
        ticket.ask_confirmation(by=personas.dp, now=NOW)
    operations.write_report(
        by=personas.fresh("ae"), now=NOW + timedelta(hours=4), ticket=ticket, columns=REPORT
    )
    ticket.refresh_from_db()
    assert ticket.state == "pending_confirm"
    assert not Task.objects.filter(kind="service.report", closed_at=None).exists()


def test_remote_solution_voids_on_site(personas: Any) -> None:
    ticket = dispatched(personas).take(by=personas.fresh("ae"), now=NOW + timedelta(minutes=12))
    ticket = ticket.resolve(by=personas.fresh("ae"), now=NOW + timedelta(hours=1))
    clocks = {clock.kind: clock for clock in ticket.clocks.all()}
    assert clocks["onsite"].voided
    assert ticket.onsite_due_at is None
    assert clocks["resolve"].was_met
    assert clocks["response"].was_met


def test_signature_confirms_and_call_back_needs_another_person(personas: Any) -> None:
    ticket = resolved(personas, signer="王工")
    assert (ticket.state, ticket.confirm_method, ticket.callback_required) == (
        "pending_callback",
        "signature",
        True,
    )
    with pytest.raises(RuleBroken):
        ticket.close(by=personas.dp, now=NOW + timedelta(hours=4))
    with pytest.raises(NotAllowed):
        ticket.call_back(by=personas.fresh("ae"), now=NOW, fixed=True)
    with pytest.raises(NotAllowed):
        ticket.call_back(by=personas.pm, now=NOW, fixed=True)
    ticket.call_back(by=personas.dp, now=NOW + timedelta(hours=5), fixed=True)
    done = ticket.close(by=personas.dp, now=NOW + timedelta(hours=6))
    assert (done.state, done.close_kind) == ("closed", "confirmed")


def test_call_back_refused_to_a_manager_who_worked_on_it(personas: Any) -> None:
    from accounts.operations import grant_role

    personas.am.forget_authority()
    grant_role(
        by=None, now=NOW - timedelta(days=500), user=personas.am, role="AE", scope_unit=personas.am.unit
    )
    ticket = make_ticket(personas).dispatch(by=personas.dp, now=NOW, engineer=personas.am)
    manager = personas.fresh("am")
    ticket = ticket.take(by=manager, now=NOW)
    ticket = operations.finish_work(
        by=manager, now=NOW, ticket=ticket, columns={**REPORT, "signer_name": "王工"}
    )
    with pytest.raises(NotAllowed) as refusal:
        ticket.call_back(by=personas.fresh("am"), now=NOW, fixed=True)
    assert refusal.value.code == "separation_of_duties"


def test_call_back_hearing_the_fault_is_back_reopens(personas: Any) -> None:
    ticket = resolved(personas, signer="王工", impact="i3")
    assert ticket.priority == "p2"
    ticket = ticket.call_back(
        by=personas.dp, now=NOW + timedelta(hours=30), fixed=False, open_points="还在振"
    )
    assert (ticket.state, ticket.priority, ticket.run, ticket.engineer) == ("reopened", "p1", 1, None)
    assert sorted(ticket.clocks.values_list("clock_no", flat=True)) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert ticket.clocks.get(clock_no=5).start == NOW + timedelta(hours=30)


def test_reopen_within_the_time_only(personas: Any) -> None:
    ticket = closed(personas, impact="i3")
    with pytest.raises(WrongState):
        ticket.reopen(by=personas.dp, now=NOW + timedelta(days=40), reason="又坏了")
    again = ticket.reopen(by=personas.dp, now=NOW + timedelta(days=10), reason="又坏了")
    assert (again.state, again.reopen_count) == ("reopened", 1)


def test_same_symptom_after_closing_is_reopened_or_marked(personas: Any) -> None:
    ticket = closed(personas, impact="i3")
    pump = ticket.pumps.get()
    with pytest.raises(RuleBroken) as refusal:
        make_ticket(personas, pump=pump, now=NOW + timedelta(days=5))
    assert refusal.value.code == "reopen_instead"
    assert make_ticket(personas, pump=pump, now=NOW + timedelta(days=60)).repeat_of == ticket
    assert make_ticket(personas, pump=pump, now=NOW + timedelta(days=5), symptom="F07").repeat_of is None


def test_change_priority_recomputes_open_clocks(personas: Any) -> None:
    ticket = make_ticket(personas, impact="i3", diagnosis="已指导")
    with pytest.raises(NotAllowed):
        ticket.change_priority(by=personas.pm, now=NOW, priority="p1", reason="客户催")
    changed = ticket.change_priority(
        by=personas.dp, now=NOW + timedelta(hours=1), priority="p1", reason="停水"
    )
    assert changed.onsite_due_at == NOW + timedelta(hours=8)
    assert changed.clocks.get(kind="response").stopped_at == NOW
    with pytest.raises(RuleBroken):
        changed.change_priority(by=personas.dp, now=NOW, priority="p1", reason="重复")


def test_merge_moves_pumps_and_ends_the_ticket(personas: Any) -> None:
    customer = make_customer(personas)
    first = make_ticket(personas, pump=make_pump(personas, customer))
    second = make_ticket(personas, pump=make_pump(personas, customer))
    with pytest.raises(RuleBroken):
        second.merge(by=personas.dp, now=NOW, into=make_ticket(personas))
    gone = second.merge(by=personas.dp, now=NOW, into=first)
    assert (gone.state, gone.merged_into) == ("cancelled", first)
    assert first.pumps.count() == 2
    assert not gone.clocks.running().exists()


def test_stale_version_is_refused(personas: Any) -> None:
    ticket = make_ticket(personas)
    with pytest.raises(StaleVersion):
        ticket.cancel(by=personas.dp, now=NOW, reason="误报", version=ticket.version - 1)


def test_outsider_sees_nothing(personas: Any) -> None:
    ticket = make_ticket(personas)
    for name in ("outsider_pm", "outsider_bm", "ae_other"):
        assert not Ticket.objects.visible_to(personas[name]).exists()
    with pytest.raises(NotFound):
        ticket.accept(by=personas.outsider_bm, now=NOW)


def test_each_step_leaves_one_audit_entry(personas: Any) -> None:
    ticket = closed(personas)
    codes = list(
        AuditEntry.objects.filter(object_kind="service.ticket", object_id=ticket.pk)
        .order_by("seq")
        .values_list("code", flat=True)
    )
    assert codes == [
        f"service.{verb}_ticket"
        for verb in (
            "add",
            "accept",
            "dispatch",
            "take",
            "travel",
            "arrive",
            "resolve",
            "confirm",
            "call_back",
            "close",
        )
    ]


def test_a_priority_raised_again_promises_again(personas):
    ticket = make_ticket(personas, impact="i1")
    first = {clock.kind: clock.due_at for clock in ticket.clocks.all()}
    assert "restore" in first
    lowered = ticket.change_priority(
        by=personas.am, now=NOW + timedelta(minutes=5), priority="p3", reason="备用泵已投用"
    )
    assert not lowered.clocks.filter(kind="restore").exists()
    assert lowered.restore_due_at is None
    raised = lowered.change_priority(
        by=personas.am, now=NOW + timedelta(minutes=9), priority="p1", reason="备用泵也停了"
    )
    assert raised.clocks.get(kind="restore").is_running
    assert raised.restore_due_at is not None
