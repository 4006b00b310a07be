"""The everyday jobs with their step budgets, counted by the hand from the signed-in start page (ux.md).

Job 4 (asking a department with a clock) joins when internal requests exist.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Complaint
from complaints.sweeps import climb_ladders
from core.clock import db_now
from crm.models import Activity, FollowUp
from projects.models import Project
from service.models import IntakeReport, ServiceReport, Ticket
from service.operations import label_token
from surveys.models import Invitation, Response
from tests.complaints.factories import make_case
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up
from tests.e2e.hand import Hand, OtherWay
from tests.projects.factories import bring_to, make_project, supply
from tests.service import factories as service
from tests.surveys.factories import planned

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]
SAVE = ".form-actions .btn-primary"
DIALOG = "#dialog[open] "
Sit = Callable[..., Page]


@pytest.fixture
def customer(transactional_db: None, personas: Any) -> Any:
    """A customer of the project manager with a person there and a step that is late."""
    now = db_now()
    row = make_customer(personas.pm, now, owner=personas.pm, name="北岚钢铁股份有限公司（示例）")
    make_contact(row, personas.pm, now, name="周维岳", is_primary=True, mobile="14100007731")
    make_follow_up(row, personas.pm, now, days=-2)
    return row


def test_any_other_way_than_the_hand_fails(personas: Any, sit: Sit) -> None:
    hand = Hand(sit(personas.pm), "/")
    with pytest.raises(OtherWay):
        hand.page.goto("/crm/customers/")
    assert hand.count == 0


def test_job_1_log_a_contact_with_its_next_step(personas: Any, sit: Sit, customer: Any) -> None:
    hand = Hand(sit(personas.pm, phone=True), "/")
    hand.click(".phone-write")
    hand.click(DIALOG + f"#pick a[href$='customer={customer.pk}']")
    hand.click(DIALOG + "label.chip:has(input[value=visit_met])")
    hand.fill(DIALOG + "textarea[name=summary]", "周副总同意先换两台轴承")
    hand.click(DIALOG + "[data-date]")
    with hand.page.expect_navigation():
        hand.click(DIALOG + SAVE)
    logged = Activity.objects.get(customer=customer)
    assert (logged.type, logged.contacts.get().name) == ("site_visit", "周维岳")
    assert FollowUp.objects.filter(customer=customer, activity=logged, state="open").exists()
    assert hand.count <= 6


def test_job_1_on_an_open_customer(personas: Any, sit: Sit, customer: Any) -> None:
    hand = Hand(sit(personas.pm, phone=True), customer.get_absolute_url())
    hand.fill(".quick-log [name=summary]", "电话里确认周五到现场")
    hand.click(".quick-log [data-date]")
    with hand.page.expect_navigation():
        hand.click(".quick-log .btn-primary")
    assert Activity.objects.filter(customer=customer, summary="电话里确认周五到现场").exists()
    assert hand.count <= 3


def test_job_2_everything_to_do_today_worst_first(personas: Any, sit: Sit, customer: Any) -> None:
    now = db_now()
    make_follow_up(customer, personas.pm, now, days=1, text="寄频谱报告")
    make_follow_up(customer, personas.pm, now, days=-5, text="先回这个电话")
    hand = Hand(sit(personas.pm), "/")
    titles = hand.page.locator(".task-title").all_inner_texts()
    assert "先回这个电话" in titles[0]
    assert "寄频谱报告" in titles[-1]
    assert len(titles) == 3
    assert hand.count == 0


def test_job_3_find_from_anywhere(personas: Any, sit: Sit, customer: Any) -> None:
    service.make_pump(personas, customer, serial="2403-500S-99001")
    for typed in ("北岚", "beilan", "blgt", "7731", "14100007731", "500S-99001"):
        hand = Hand(sit(personas.pm), "/notifications/")
        hand.fill(".topbar input[type=search]", typed)
        hand.sees("#palette-results a.palette-item", "北岚")
        assert hand.count <= 1


def test_job_5_pass_a_gate_with_its_evidence(personas: Any, sit: Sit, tmp_path: Path) -> None:
    now = db_now()
    project: Project = bring_to(
        make_project(personas.pm, now, title="热网循环泵节能改造"), "p04", personas, now
    )
    supply(project, personas.pm, now, "result")
    minutes = tmp_path / "minutes.txt"
    minutes.write_text("谈判纪要：价格与交期达成一致。", encoding="utf-8")
    hand = Hand(sit(personas.pm), "/")
    hand.click("nav a[href='/projects/board/']")
    hand.click(f"[data-href='{project.get_absolute_url()}'] a")
    hand.choose_file("#evidence-negotiation_file", minutes)
    hand.sees("[data-submit-gate]")
    with hand.page.expect_navigation():
        hand.click("[data-submit-gate]")
    assert project.submissions.get(gate="g04").verdict == "waiting"
    assert hand.count <= 4


def test_job_6_register_a_fault_with_promises_before_saving(personas: Any, sit: Sit, customer: Any) -> None:
    pump = service.make_pump(personas, customer)
    service.make_ticket(personas, pump=pump, now=db_now(), symptom="F07", impact="i3")
    hand = Hand(sit(personas.dp), "/")
    hand.click(".topbar a[href^='/service/tickets/add/']")
    hand.fill("#call-form input[name=q]", "14100007731")
    hand.sees("#caller .open-tickets")
    hand.click(f"#call-form label.chip:has(input[name=pumps][value='{pump.pk}'])")
    hand.click("#call-form label.chip:has(input[value=F04])")
    hand.click("#call-form label.chip:has(input[value=i1])")
    hand.sees("#preview .prio", "P")
    hand.sees("#preview dd.steps")
    assert Ticket.objects.count() == 1
    with hand.page.expect_navigation():
        hand.click(f"#call-form {SAVE}")
    made = Ticket.objects.latest("pk")
    assert (made.contact.name, made.pumps.get(), made.symptom) == ("周维岳", pump, "F04")
    assert hand.count <= 6


def test_job_7_finish_a_service_report(personas: Any, sit: Sit, tmp_path: Path) -> None:
    ticket = service.on_site(personas, now=db_now() - timedelta(hours=3))
    photo = tmp_path / "photo.png"
    photo.write_bytes(PIXEL)
    hand = Hand(sit(personas.fresh("ae"), phone=True), "/")
    hand.click(f".task:has-text('{ticket.code}') [data-act=enter]")
    hand.click("form.finish label.chip:has(input[name=cause_class])")
    hand.click("form.finish label.chip:has(input[name=actions])")
    hand.fill("form.finish [name=hours]", "2")
    hand.fill("form.finish [name=parts_text]", "轴承 6319 两套")
    hand.choose_file("form.finish [name=photos]", photo)
    hand.fill("form.finish [name=signer_name]", "王工")
    hand.choose_file("form.finish [name=signature]", photo)
    with hand.page.expect_navigation():
        hand.click(f"form.finish {SAVE}")
    report = ServiceReport.objects.get(ticket=ticket)
    assert (report.symptom, report.state) == ("F04", "submitted")
    assert hand.count <= 9


def test_job_8_complaints_past_their_clock(personas: Any, sit: Sit) -> None:
    now = db_now()
    late: Complaint = make_case(personas, now=now - timedelta(days=30))
    make_case(personas, now=now, against="LOG", category="damage")
    climb_ladders(now)
    hand = Hand(sit(personas.sv), "/")
    hand.click("nav a[href='/complaints/desk/']")
    hand.sees(f".desk-matrix tr:has-text('{late.lead_department.name}') a[href*='clock=']")
    with hand.page.expect_navigation():
        hand.click("#table tbody tr a")
    hand.sees("h1", late.code)
    assert hand.count <= 2


def test_job_9_compare_project_managers(personas: Any, sit: Sit, customer: Any) -> None:
    make_activity(customer, personas.pm, db_now(), contacts=[customer.contacts.get()])
    hand = Hand(sit(personas.bm), "/")
    hand.click("nav a[href^='/kpi/metrics/']")
    hand.sees("tbody", str(personas.pm))
    with hand.page.expect_navigation():
        hand.click(f"tbody tr:has(b:text-is('{personas.pm}')) a[href*='/verified_contacts/']")
    expect(hand.page.locator("#rows tr[data-href]")).to_have_count(1)
    assert hand.count <= 2


@pytest.fixture
def invitation(transactional_db: None, personas: Any) -> Invitation:
    now = db_now()
    row = planned(personas, now=now - timedelta(hours=2))
    return row.send(by=None, now=now, channel="mail")


def test_job_10_shortest_answer(invitation: Invitation, sit: Sit) -> None:
    hand = Hand(sit(None, phone=True), f"/s/{invitation.token}")
    hand.click("label:has(input[name=q0][value='4'])")
    hand.click("form button.btn-primary")
    hand.sees(".done")
    assert Response.objects.get().csat == 4
    assert hand.count <= 2


def test_job_10_all_questions(invitation: Invitation, sit: Sit) -> None:
    hand = Hand(sit(None, phone=True), f"/s/{invitation.token}")
    for name, value in {"q0": 5, "dim1": 4, "dim2": 5, "dim3": 5, "fix": "yes", "ces": 6}.items():
        hand.click(f"label:has(input[name={name}][value='{value}'])")
    hand.fill("textarea[name=open]", "很快")
    hand.click(hand.page.locator("form button.btn-primary").last)
    hand.sees(".done")
    assert Response.objects.get().answers.count() == 7
    assert hand.count <= 8


def test_job_10_fault_from_the_pump_page(personas: Any, sit: Sit) -> None:
    pump = service.make_pump(personas)
    hand = Hand(sit(None, phone=True), f"/q/{label_token(pump)}")
    hand.click("label.chip:has(input[name=symptom])")
    hand.click("label.chip:has(input[name=impact])")
    hand.fill("[name=reporter_name]", "李师傅")
    hand.fill("[name=reporter_phone]", "13912345678")
    with hand.page.expect_navigation():
        hand.click("button.send")
    assert IntakeReport.objects.get().pump == pump
    assert hand.count <= 6


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0000000030001"
    "5b2f0f9d0000000049454e44ae426082"
)
