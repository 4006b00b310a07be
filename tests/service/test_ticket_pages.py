"""Every page of service opens for those it is for, in both languages, and refuses the others; the look-ahead works."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from service import operations
from service.models import IntakeReport, Ticket
from tests.personas import *  # noqa: F403 - fixtures
from tests.service.factories import (
    NOW,
    REPORT,
    closed,
    dispatched,
    make_pump,
    make_ticket,
    on_site,
    resolved,
)

pytestmark = pytest.mark.django_db
HANZI = re.compile(r"[\u4e00-\u9fff]")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(personas: Any, language: str) -> None:
    done = closed(personas)
    ticket = on_site(personas)
    report = done.reports.get()
    with_intake = operations.receive_report(
        now=NOW, pump=ticket.pumps.get(), symptom="F07", impact="i2", safety_flag=False, description="",
        reporter_name="Li", reporter_phone="13800138000", peer="203.0.113.9",
    )  # fmt: skip
    make_ticket(personas, by="pm")
    dispatched(personas)
    pages = [
        reverse("service:ticket_list"), reverse("service:ticket_list") + "?group=overdue&search=F04",
        ticket.get_absolute_url(), done.get_absolute_url(), reverse("service:ticket_add"),
        reverse("service:ticket_add") + f"?pump={ticket.pumps.get().pk}", reverse("service:dispatch_board"),
        reverse("service:dispatch_board") + "?day=2026-11-16", reverse("service:pump_list"),
        ticket.pumps.get().get_absolute_url(), reverse("service:pump_add"), reverse("service:servicereport_list"),
        report.get_absolute_url(), reverse("service:intakereport_list"), with_intake.get_absolute_url(),
        reverse("service:ticket_report"), reverse("service:customer_panel", args=[ticket.customer_id]),
        reverse("service:ticket_change_priority", args=[ticket.pk]),
        reverse("service:ticket_edit", args=[ticket.pk]),
        reverse("service:pump_edit", args=[ticket.pumps.get().pk]),
        reverse("service:ticket_add") + f"?customer={ticket.customer_id}", reverse("service:pump_label", args=[ticket.pumps.get().pk]),
        "/",
    ]  # fmt: skip
    client = signed_in(personas.dp)
    with translation.override(language):
        client.cookies["django_language"] = language
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, (page, answer.content[:400])
    client = signed_in(personas.fresh("ae"))
    for page in (reverse("service:ticket_finish", args=[ticket.pk]), ticket.get_absolute_url(), "/"):
        assert client.get(page).status_code == 200, page


def test_hidden_ticket_is_404_and_board_403(personas: Any) -> None:
    ticket = make_ticket(personas)
    stranger = signed_in(personas.outsider_pm)
    for name in ("ticket_detail", "ticket_finish", "ticket_take", "ticket_close"):
        assert stranger.get(reverse(f"service:{name}", args=[ticket.pk])).status_code == 404
    assert stranger.get(reverse("service:customer_panel", args=[ticket.customer_id])).status_code == 404
    assert signed_in(personas.pm).get(reverse("service:dispatch_board")).status_code == 403
    assert Client().get(reverse("service:ticket_list")).status_code == 302


def test_number_typed_finds_customer_pumps_and_open_tickets(personas: Any) -> None:
    pump = make_pump(personas)
    ticket = make_ticket(personas, pump=pump)
    contact = pump.customer.contacts.get()
    client = signed_in(personas.dp)
    answer = client.get(
        reverse("service:ticket_caller"), {"q": contact.mobile}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert answer.headers["HX-Trigger"] == "caller-found"
    assert pump.serial in page
    assert ticket.code in page
    assert f'name="customer" value="{pump.customer_id}"' in page
    by_serial = client.get(reverse("service:ticket_caller"), {"q": pump.serial}).content.decode()
    assert f'value="{pump.pk}" checked' in by_serial


def test_preview_shows_priority_and_times_and_saves_nothing(personas: Any) -> None:
    pump = make_pump(personas)
    client = signed_in(personas.dp)
    given = {"customer": pump.customer_id, "pumps": [pump.pk], "symptom": "F04", "impact": "i1"}
    page = client.get(reverse("service:ticket_preview"), given).content.decode()
    assert "P1" in page
    assert "VIP" in page
    assert not Ticket.objects.exists()


def test_register_by_form_then_board_assigns(personas: Any) -> None:
    pump = make_pump(personas)
    client = signed_in(personas.dp)
    given = {"customer": pump.customer_id, "pumps": [pump.pk], "symptom": "F04", "impact": "i2"}
    assert client.post(reverse("service:ticket_add"), given).status_code == 302
    ticket = Ticket.objects.get()
    answer = client.post(
        reverse("service:dispatch_assign", args=[ticket.pk]),
        {"engineer": personas.ae.pk, "planned_start": "2026-11-24T10:15", "version": ticket.version},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    ticket.refresh_from_db()
    assert (ticket.state, ticket.engineer) == ("assigned", personas.ae)
    again = client.post(
        reverse("service:dispatch_assign", args=[ticket.pk]), {"engineer": personas.ae_other.pk, "version": 1}
    )
    assert again.status_code == 409


def test_finish_page_reports_resolves_and_confirms(personas: Any) -> None:
    ticket = on_site(personas)
    client = signed_in(personas.fresh("ae"))
    page = reverse("service:ticket_finish", args=[ticket.pk])
    assert client.post(page, {"symptom": "F04"}).status_code == 400
    assert client.post(page, {**REPORT, "signer_name": "王工", "vibration_after": "2.1"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "pending_callback"
    assert (
        ticket.reports.get().readings == {"after": {"vibration": "2.10"}}
        or ticket.reports.get().readings["after"]
    )


def test_public_pump_page_takes_a_report_once(personas: Any) -> None:
    pump = make_pump(personas)
    url = reverse("public_pump", args=[operations.label_token(pump)])
    client = Client()
    page = client.get(url)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    text = page.content.decode()
    assert pump.model in text
    assert pump.customer.name not in text
    assert "王工" not in text
    given = {
        "symptom": "F07",
        "impact": "i2",
        "reporter_name": "李师傅",
        "reporter_phone": "13912345678",
        "idempotency_key": "k1",
    }
    first, second = client.post(url, given), client.post(url, given)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    report = IntakeReport.objects.get()
    assert client.get(first.headers["Location"]).status_code == 200
    report.accept(by=personas.dp)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.customer, ticket.received_at) == ("qr", pump.customer, report.received_at)
    assert ticket.code in client.get(first.headers["Location"]).content.decode()


def test_public_reports_are_limited_by_peer(personas: Any) -> None:
    url = reverse("public_pump", args=[operations.label_token(make_pump(personas))])
    given = {"symptom": "F07", "impact": "i2", "reporter_name": "李师傅", "reporter_phone": "13912345678"}
    answers = [
        Client().post(url, {**given, "idempotency_key": f"k{n}"}, headers={"X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(8)
    ]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 2
    assert "李师傅" in answers[-1].content.decode()
    assert (
        Client().post(url, {**given, "idempotency_key": "x"}, REMOTE_ADDR="198.51.100.7").status_code == 302
    )


def test_revoked_and_invented_codes_are_alike(personas: Any) -> None:
    pump = make_pump(personas)
    old = reverse("public_pump", args=[operations.label_token(pump)])
    operations.revoke_label(by=personas.dp, pump=pump)
    assert Client().get(old).status_code == 404
    assert Client().get(reverse("public_pump", args=["a" * 26])).status_code == 404
    assert Client().get(reverse("public_ticket", args=["!!"])).status_code == 404


def test_customer_confirms_or_reopens_by_link(personas: Any) -> None:
    ticket = resolved(personas)
    assert ticket.state == "pending_confirm"
    url = reverse("public_ticket", args=[operations.tracking_token(ticket)])
    client = Client()
    assert ticket.customer.name not in client.get(url).content.decode()
    ticket.refresh_from_db()
    assert ticket.state == "pending_confirm"
    assert client.post(url, {"verb": "confirm"}).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.state, ticket.confirm_method) == ("pending_callback", "link")
    assert client.post(url, {"verb": "confirm"}).status_code == 200
    assert client.post(url, {"verb": "reopen", "reason": ""}).status_code == 400
    assert client.post(url, {"verb": "reopen", "reason": "又漏了"}).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.state, ticket.run) == ("reopened", 1)
