"""The whole thread in a browser, in Chinese: desk pages at 1440 px, the steps people do on the phone at 390 px."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from complaints.models import Complaint
from core import outbox
from core.clock import db_now
from crm.imports.intake import KIND
from crm.models import Customer, FollowUp
from crm.reminders import MAIL_KIND
from projects.models import Project
from service.models import Pump, Ticket
from surveys.desk import MAIL_KIND as SURVEY_MAIL
from surveys.models import Recovery
from tests.e2e import story
from tests.service.factories import make_pump

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]
SAVE = ".form-actions .btn-primary"
Sit = Callable[..., Page]


def test_the_thread_in_a_browser(personas: Any, sit: Sit, tmp_path: Path) -> None:
    story.serve_beijing(personas.pm)
    customer = imports_the_list(sit(personas.bm), tmp_path)
    logs_on_the_phone(sit(personas.pm, phone=True), customer)
    is_reminded(sit(personas.pm, phone=True), sit(personas.bm), customer)
    wins_an_opportunity(sit(personas.pm), customer)
    ticket = registers_and_dispatches(personas, sit(personas.dp), customer)
    serves_on_the_phone(sit(personas.ae, phone=True), ticket)
    confirms_and_closes(sit(personas.dp), sit(personas.dp_other), ticket)
    case = answers_and_complains(sit(None, phone=True), sit(personas.bm), ticket)
    is_triaged_and_climbs(sit(personas.sv), case)
    is_judged_from_outside(sit(personas.sv), sit(personas.dm_asd), case)
    shows_in_the_numbers(sit(personas.sv), sit(personas.bm), case)


def dialog(page: Page) -> Locator:
    """The open dialog with its form in it."""
    expect(page.locator("#dialog[open] form[method=post]")).to_be_visible()
    return page.locator("#dialog[open]")


def step(page: Page, url: str, verb: str, *chips: str, **fields: str) -> None:
    """Take one step of a row: its button, the fields, save."""
    page.goto(url)
    button = page.locator(f".page-actions a[href$='/{verb}/']")
    if not button.is_visible():
        page.locator(".page-actions details.menu > summary").click()
    button.click()
    form = dialog(page)
    fill(form, *chips, **fields)
    with page.expect_navigation():
        form.locator(SAVE).click()


def fill(form: Locator | Page, *chips: str, **fields: str) -> None:
    """Chips are named "field=value"; other fields by their name."""
    for chip in chips:
        name, value = chip.split("=")
        form.locator(f"label.chip:has(input[name={name}][value='{value}'])").first.click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def imports_the_list(page: Page, folder: Path) -> Customer:
    """A GB18030 file: guessed columns, a dry run row by row, progress while the worker runs, placed by territory."""
    file = folder / "客户名单.csv"
    file.write_bytes(story.LIST)
    page.goto("/crm/imports/add/")
    page.locator("input[type=file]").set_input_files(file)
    page.locator(SAVE).click()
    expect(page.locator("main")).to_contain_text("GB18030")
    expect(page.locator("select[name=columns]").first).to_have_value("name")
    page.locator(SAVE).click()
    expect(page.locator(".job[role=status]")).to_be_visible()
    outbox.deliver_due(KIND)
    expect(page.locator("#import-body table")).to_be_visible()
    assert not Customer.objects.filter(name=story.CUSTOMER).exists()
    page.locator("[data-verb=start]").click()
    form = dialog(page)
    with page.expect_navigation():
        form.locator(SAVE).click()
    outbox.deliver_due(KIND)
    expect(page.locator("#import-body .strip-value.t-good")).to_have_text("2")
    expect(page.locator("[data-verb=undo]")).to_be_visible()
    return Customer.objects.get(name=story.CUSTOMER)


def logs_on_the_phone(page: Page, customer: Customer) -> None:
    """Found by pinyin initials, the contact and its next step logged in one form."""
    page.goto("/")
    page.locator(".phone-write").click()
    page.locator("#dialog[open] input[type=search]").fill(story.INITIALS)
    page.locator("#pick a", has_text=customer.name).click()
    form = dialog(page)
    fill(form, "channel=call_reached", summary="周副总同意周五看泵，先寄频谱报告")
    form.locator("[data-date]").first.click()
    with page.expect_navigation():
        form.locator(SAVE).click()
    page.goto(customer.get_absolute_url())
    expect(page.locator("main")).to_contain_text("周副总同意周五看泵")
    assert FollowUp.objects.get(customer=customer).state == "open"


def is_reminded(page: Page, manager: Page, customer: Customer) -> None:
    """Nine days late: the owner sees it first on My day, the branch manager is told, both have one letter."""
    FollowUp.objects.filter(customer=customer).update(due_at=db_now() - timedelta(days=9))
    assert story.scan_twice("crm.followup_reminders", db_now()) == 1
    outbox.deliver_due(MAIL_KIND)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["bm@example.com", "pm@example.com"]
    page.goto("/notifications/")
    expect(page.locator("main")).to_contain_text(customer.short_name or customer.name)
    manager.goto("/")
    expect(manager.locator(".change-list")).to_contain_text(customer.short_name or customer.name)


def wins_an_opportunity(page: Page, customer: Customer) -> None:
    """Opened from the board; the gate says what is missing, takes the evidence, and the card moves on."""
    page.goto("/projects/board/")
    page.locator(".page-actions .btn-primary").click()
    page.locator("#dialog[open] input[type=search]").fill(story.INITIALS)
    page.locator("#pick a", has_text=customer.name).click()
    form = dialog(page)
    sign_on = (db_now() + timedelta(days=90)).date().isoformat()
    fill(form, title="循环水泵更新", amount="180000", expected_sign_on=sign_on)
    with page.expect_navigation():
        form.locator(SAVE).click()
    project = Project.objects.get(customer=customer)
    page.goto("/projects/board/")
    page.locator(f"[data-href='{project.get_absolute_url()}'] [data-move]").click()
    dialog(page).locator(SAVE).click()
    expect(page.locator("#dialog[open] .form-errors")).to_contain_text("需求")
    page.goto(project.get_absolute_url())
    for item, values in story.RECORDS.items():
        supply(page, project, item, values)
    page.locator("[data-submit-gate]").click()
    expect(page.locator(".stage-now")).to_contain_text("P02")
    page.goto("/projects/board/")
    card = page.locator(f"[data-column=p02] [data-href='{project.get_absolute_url()}']")
    expect(card).to_contain_text("循环水泵更新")


def supply(page: Page, project: Project, item: str, values: dict[str, str]) -> None:
    """Write one record of the gate on the project's own page."""
    form = page.locator(f"form[action$='/evidence/{item}/']")
    page.locator(".gate-record", has=form).locator("summary").click()
    chips = [f"{name}={value}" for name, value in values.items() if name == "funds"]
    fill(form, *chips, **{name: value for name, value in values.items() if name != "funds"})
    with page.expect_navigation():
        form.locator(".btn-primary").click()


def registers_and_dispatches(personas: Any, page: Page, customer: Customer) -> Ticket:
    """The number finds the caller; priority and four due times with reasons stand there before anything is saved."""
    pump: Pump = make_pump(personas, customer, serial=story.SERIAL)
    page.goto("/")
    page.locator(".topbar a[href^='/service/tickets/add/']").click()
    form = page.locator("#call-form")
    form.locator("input[name=q]").fill(story.CONTACT_MOBILE)
    expect(page.locator("#caller b.big")).to_have_text(customer.name)
    form.locator(f"label.chip:has(input[name=pumps][value='{pump.pk}'])").click()
    fill(form, "symptom=F04", "impact=i1", description="电机侧轴承异响")
    expect(page.locator("#preview .prio")).to_have_text("P2")
    expect(page.locator("#preview dt")).to_have_count(4)
    expect(page.locator("#preview dd.steps").first).not_to_be_empty()
    assert not Ticket.objects.exists()
    with page.expect_navigation():
        form.locator(SAVE).click()
    ticket = Ticket.objects.get()
    page.goto("/service/dispatch/")
    expect(page.locator(f"[data-ticket='{ticket.pk}']")).to_be_visible()
    page.locator("#pick button", has_text=re.compile("测试ae$|测试ae ")).first.click()
    expect(page.locator(f".queue [data-ticket='{ticket.pk}']")).to_have_count(0)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.engineer) == ("assigned", personas.ae)
    return ticket


def serves_on_the_phone(page: Page, ticket: Ticket) -> None:
    """Offered on My day; taken, travelled, arrived, reported and resolved with a thumb."""
    url = ticket.get_absolute_url()
    page.goto("/")
    expect(page.locator(".task", has_text=ticket.code).first).to_be_visible()
    step(page, url, "take", diagnosis="轴承磨损，带备件上门")
    step(page, url, "travel")
    step(page, url, "arrive")
    page.goto("/")
    page.locator(".task", has_text=ticket.code).locator("[data-act=enter]").click()
    form = page.locator("form.finish")
    fill(form, "cause_class=m", "actions=align", hours="2", parts_text="轴承 6319 两套", signer_name="王工")
    with page.expect_navigation():
        form.locator(SAVE).click()
    ticket.refresh_from_db()
    assert ticket.state == "pending_callback"


def confirms_and_closes(page: Page, other: Page, ticket: Ticket) -> None:
    """Another person than the engineer calls back; then the ticket closes."""
    url = ticket.get_absolute_url()
    page.goto(url)
    expect(page.locator(".page-actions a[href$='/call_back/']")).to_have_count(1)
    step(other, url, "call_back", "attitude=5")
    step(page, url, "close")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.call_backs.get().by.username) == ("closed", "dp_other")


def answers_and_complains(page: Page, manager: Page, ticket: Ticket) -> Complaint:
    """The letter's link, one tap and send; the low score offers a complaint and asks the manager to call."""
    assert story.scan_twice("surveys.invite_closed_tickets", db_now()) == 1
    sent_at = story.letter_time(db_now())
    assert story.scan_twice("surveys.send_invitations", sent_at) == 1
    outbox.deliver_due(SURVEY_MAIL, now=sent_at + timedelta(minutes=1))
    [letter] = [one for one in mail.outbox if one.to == [story.CONTACT_MAIL]]
    page.goto(re.findall(r"/s/[a-z2-7]+", letter.body)[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("label:has(input[name=q0][value='1'])").click()
    page.locator("button.btn-primary").first.click()
    expect(page.locator(".done")).to_be_visible()
    recovery = Recovery.objects.get()
    page.locator("#words").fill("请派有经验的人来")
    page.locator("button[value=complain]").click()
    case = Complaint.objects.get()
    expect(page.locator(".note-good")).to_contain_text(case.code)
    manager.goto("/")
    expect(manager.locator("main")).to_contain_text(recovery.customer.name[:4])
    manager.goto(recovery.get_absolute_url())
    expect(manager.locator("main")).to_contain_text(case.code)
    assert case.ticket == ticket
    return case


def is_triaged_and_climbs(page: Page, case: Complaint) -> None:
    """Supervision grades it; unanswered, the ladder is climbed rung by rung and stands on the case."""
    page.goto("/complaints/desk/")
    page.locator("#table a", has_text=case.code).click()
    step(page, case.get_absolute_url(), "triage", severity="s3")
    assert story.scan_twice("complaints.ladder", db_now() + timedelta(days=60)) > 0
    rungs = list(case.escalations.values_list("clock", "rung"))
    assert len(rungs) == len(set(rungs))
    assert case.escalations.filter(rung="rung_4").exists()
    page.goto(case.get_absolute_url())
    expect(page.locator("main")).to_contain_text("L4")


def is_judged_from_outside(page: Page, head: Page, case: Complaint) -> None:
    """The respondent's head investigates and proposes, but neither sees nor reaches review and closing."""
    url = case.get_absolute_url()
    step(page, url, "acknowledge", channel="phone")
    step(head, url, "investigate", containment="已换班组")
    words = {
        "investigation": "备件规格有误",
        "upheld": "yes",
        "remedy": "apology",
        "reply": "致歉并免费返修。",
    }
    step(head, url, "propose", **words)
    head.goto(url)
    for verb in ("review", "verify", "close"):
        expect(head.locator(f"a[href$='/{verb}/']")).to_have_count(0)
        assert head.goto(f"{url}{verb}/").status == 403
    page.goto(url)
    page.locator(".page-actions a[href$='/review/']").click()
    form = dialog(page)
    form.locator("input[name=passed][value=yes]").check()
    with page.expect_navigation():
        form.locator(SAVE).click()
    step(page, url, "answer", channel="phone")
    case.refresh_from_db()
    assert case.state == "answered"


def shows_in_the_numbers(desk: Page, manager: Page, case: Complaint) -> None:
    """Every number of the desk and of the comparison opens the rows it counts; then the case is closed."""
    desk.goto("/complaints/desk/")
    line = desk.locator(".desk-matrix tbody tr", has_text=case.lead_department.name)
    line.locator("td.mid a").last.click()
    expect(desk.locator("#table tbody tr")).to_have_count(1)
    expect(desk.locator("#table")).to_contain_text(case.code)
    manager.goto("/kpi/metrics/?by=pm")
    number = manager.locator("tbody a.kpi-value[href*='/verified_contacts/']").first
    shown = number.inner_text().strip()
    number.click()
    expect(manager.locator("#rows tr")).to_have_count(int(shown))
    expect(manager.locator("#rows")).to_contain_text(story.CUSTOMER[:4])
    url = case.get_absolute_url()
    for verb, fields in (("accept_answer", {}), ("verify", {}), ("close", {"lessons": "备件出库前核对规格"})):
        step(desk, url, verb, **fields)
    case.refresh_from_db()
    assert case.state == "closed"
