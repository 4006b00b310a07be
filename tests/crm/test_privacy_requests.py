"""What people ask about their data: taken in, verified, worked on, answered or refused; each refusal beside it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from rest_framework.test import APIClient

from core import outbox
from core.clock import db_now
from core.errors import NotAllowed, RuleBroken, StaleVersion, WrongState
from core.files import attachments_of, path_of
from core.models import AuditEntry, Task
from crm.models import Contact, CustomerHold, Erasure, PrivacyRequest
from crm.operations import add_privacy_request, hold_contact, record_consent, why_not_erase
from tests.crm.factories import make_activity, make_contact, make_customer
from tests.personas import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(personas):
    return make_person("officer", "CO", "CRO", ("privacy_officer",))


@pytest.fixture
def person(personas, now):
    return make_contact(
        make_customer(personas.pm, now, owner=personas.pm), personas.pm, now, email="zhou@yunrun.example"
    )


def ask(person, by, now, kind="copy", **values):
    return add_privacy_request(by=by, now=now, contact=person, kind=kind, **values)


def started(person, officer, now, kind):
    row = ask(person, officer, now, kind)
    row.verify(by=officer, now=now, verified_via="call_back")
    return row.start(by=officer, now=now)


def work():
    return outbox.deliver_due("crm.privacy_work", now=db_now() + timedelta(days=1))


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_request_gets_a_number_fifteen_working_days_and_a_line_on_the_officers_day(
    personas, now, officer, person
):
    row = ask(person, personas.pm, now, words="请把你们掌握的我的信息发给我")
    assert row.code.startswith("GR-01-2026-")
    assert row.due_at.date().isoformat() == "2026-12-11"  # from a Sunday: the fifteenth working day after
    task = Task.objects.get(kind="crm.privacy_request")
    assert (task.assignee, task.due_at) == (officer, row.due_at)
    assert row.is_overdue_at(row.due_at + timedelta(seconds=1))
    assert not row.is_overdue_at(row.due_at)


def test_what_cannot_be_taken_in(personas, now, person):
    ask(person, personas.pm, now)
    with pytest.raises(RuleBroken) as twice:
        ask(person, personas.bm, now)
    assert "kind" in twice.value.errors
    with pytest.raises(RuleBroken):
        ask(person, personas.pm, now, "explain", received_at=now + timedelta(days=1))
    for name in ("au", "outsider_pm", "ad"):
        with pytest.raises(NotAllowed):
            ask(person, personas[name], now, "explain")
    Contact.objects.filter(pk=person.pk).update(contact_removed=True)
    person.refresh_from_db()
    with pytest.raises(RuleBroken):
        ask(person, personas.pm, now, "explain")


def test_only_the_officer_decides_and_the_steps_have_an_order(personas, now, officer, person):
    row = ask(person, personas.pm, now, "correct", words="我已改名")
    with pytest.raises(NotAllowed):
        row.verify(by=personas.pm, now=now, verified_via="in_person")
    with pytest.raises(WrongState):
        row.start(by=officer, now=now)
    with pytest.raises(StaleVersion):
        row.verify(by=officer, now=now, verified_via="in_person", version=99)
    row.verify(by=officer, now=now, verified_via="in_person")
    row.start(by=officer, now=now)
    with pytest.raises(RuleBroken) as silent:
        row.finish(by=officer, now=now, answer=" ")
    assert "answer" in silent.value.errors
    done = row.finish(by=officer, now=now, answer="已更正姓名。")
    assert (done.state, done.answer, done.verified_via) == ("done", "已更正姓名。", "in_person")
    assert not Task.objects.filter(kind="crm.privacy_request", closed_at=None).exists()
    with pytest.raises(WrongState):
        done.refuse(by=officer, now=now, refused_for="law", answer="…")


def test_a_refusal_names_its_reason(personas, now, officer, person):
    row = ask(person, personas.pm, now, "explain")
    with pytest.raises(RuleBroken):
        row.refuse(by=officer, now=now, refused_for="not_verified", answer="")
    with pytest.raises(NotAllowed):
        row.refuse(by=personas.pm, now=now, refused_for="not_verified", answer="无法核实")
    refused = row.refuse(by=officer, now=now, refused_for="not_verified", answer="回拨无人认领。")
    assert (refused.state, refused.refused_for) == ("refused", "not_verified")


def test_a_copy_holds_what_we_know_and_is_made_by_the_worker(personas, now, officer, person):
    make_activity(person.customer, personas.pm, now, summary="周维岳说泵二号振动大", contacts=[person])
    record_consent(
        by=personas.pm, now=now, contact=person, purpose="marketing", method="paper", proof="签到单"
    )
    row = started(person, officer, now, "copy")
    with pytest.raises(RuleBroken):
        row.finish(by=officer, now=now, answer="附件")
    assert work() == 1
    assert work() == 0
    made = attachments_of(row).get()
    cells = [
        str(cell)
        for line in load_workbook(BytesIO(path_of(made.file.stored_name).read_bytes())).active.values
        for cell in line
    ]
    for known in (
        "周维岳",
        person.mobile,
        "zhou@yunrun.example",
        "周维岳说泵二号振动大",
        "签到单",
        "营销推介与邀请",
    ):
        assert known in cells, known
    assert not any("_hash" in cell for cell in cells)
    row.finish(by=officer, now=now, answer="已当面交付。")
    assert AuditEntry.objects.filter(code="crm.copy_privacyrequest").count() == 1


def test_a_deletion_answers_itself(personas, now, officer, person):
    row = started(person, officer, now, "delete")
    assert work() == 1
    row.refresh_from_db()
    person.refresh_from_db()
    assert (row.state, person.contact_removed, person.name, person.mobile) == (
        "done",
        True,
        f"匿名{person.pk}",
        "",
    )
    erasure = Erasure.objects.get()
    assert (erasure.request, erasure.by) == (row, officer)
    entry = AuditEntry.objects.get(code="crm.erase_contact")
    assert set(entry.data) == {"rows", "files", "by_hand"}


def test_holds_block_a_deletion_and_are_named(personas, now, officer, person):
    row = ask(person, officer, now, "delete")
    row.verify(by=officer, now=now, verified_via="call_back")
    with pytest.raises(NotAllowed):
        hold_contact(by=personas.pm, now=now, contact=person, legal_hold="仲裁")
    held = hold_contact(by=personas.fi, now=now, contact=person, legal_hold="（2026）京仲字第 8 号仲裁")
    assert "仲裁" in str(why_not_erase(held, now=now))
    with pytest.raises(RuleBroken) as blocked:
        row.start(by=officer, now=now)
    assert "仲裁" in str(blocked.value.message)
    hold_contact(by=officer, now=now, contact=person, legal_hold="")
    with pytest.raises(RuleBroken):
        hold_contact(by=officer, now=now, contact=person, legal_hold=" ")
    CustomerHold.objects.create(customer=person.customer, kind="complaint", ref="TS-01-2026-00009")
    with pytest.raises(RuleBroken) as blocked:
        row.start(by=officer, now=now)
    assert "TS-01-2026-00009" in str(blocked.value.message)
    CustomerHold.objects.all().delete()
    assert row.start(by=officer, now=now).state == "in_progress"


def test_pages_lead_through_a_request(personas, now, officer, person):
    clerk, desk, page = client_of(personas.pm), client_of(officer), person.get_absolute_url()
    assert "本人提出个人信息申请" in clerk.get(page).content.decode()
    wrong = clerk.post(f"{page}ask/", {"kind": "copy", "received_on": "2999-01-01"})
    assert wrong.status_code == 400
    assert clerk.post(f"{page}ask/", {"kind": "copy"}).status_code == 302
    row = PrivacyRequest.objects.get()
    address = row.get_absolute_url()
    for client in (clerk, desk):
        assert row.code in client.get("/crm/privacy-requests/").content.decode()
        assert client.get(address).status_code == 200
    assert row.code not in client_of(personas.bm).get("/crm/privacy-requests/").content.decode()
    assert client_of(personas.bm).get(address).status_code == 404
    assert clerk.post(f"{address}verify/", {"verified_via": "call_back"}).status_code == 403
    assert desk.post(f"{address}verify/", {"verified_via": "nonsense"}).status_code == 400
    assert desk.post(f"{address}verify/", {"verified_via": "call_back"}).status_code == 302
    assert desk.post(f"{address}start/", {}).status_code == 302
    assert "后台" in desk.get(address).content.decode()
    work()
    assert f"{row.code}.xlsx" in desk.get(address).content.decode()
    assert desk.post(f"{address}finish/", {"answer": "已交付"}).status_code == 302
    assert row.code in desk.get("/crm/privacy-requests/?view=all").content.decode()
    assert row.code not in desk.get("/crm/privacy-requests/?view=open").content.decode()
    assert clerk.get(f"{page}hold/").status_code == 403
    assert "申请删除也不执行" in desk.get(f"{page}hold/").content.decode()
    assert desk.post(f"{page}hold/", {"legal_hold": ""}).status_code == 400
    assert desk.post(f"{page}hold/", {"legal_hold": "仲裁"}).status_code == 302
    assert "留空即解除" in desk.get(f"{page}hold/").content.decode()
    assert desk.post(f"{page}hold/", {"legal_hold": ""}).status_code == 302
    assert desk.get("/crm/erasures/").status_code == 200
    assert clerk.get("/crm/erasures/").status_code == 403


def test_the_api_leads_through_a_request(personas, now, officer, person):
    desk, clerk = api_of(officer), api_of(personas.pm)
    made = clerk.post("/api/v1/privacy-requests/", {"contact": person.pk, "kind": "delete"}, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["available_actions"] == []
    address = f"/api/v1/privacy-requests/{made.json()['id']}/"
    assert (
        clerk.post(f"{address}refuse/", {"refused_for": "law", "answer": "x"}, format="json").status_code
        == 403
    )
    assert desk.post(f"{address}start/", {}, format="json").status_code == 409
    assert (
        desk.post(f"{address}verify/", {"verified_via": "employer"}, format="json").json()["state"]
        == "verified"
    )
    held = f"/api/v1/contacts/{person.pk}/hold/"
    assert clerk.post(held, {"legal_hold": "x"}, format="json").status_code == 403
    assert desk.post(held, {"legal_hold": "仲裁"}, format="json").status_code == 200
    assert desk.post(f"{address}start/", {}, format="json").status_code == 400
    assert desk.post(held, {}, format="json").status_code == 200
    assert desk.post(f"{address}start/", {}, format="json").json()["state"] == "in_progress"
    work()
    assert desk.get(address).json()["state"] == "done"
    assert [one["contact"] for one in desk.get("/api/v1/erasures/").json()["results"]] == [person.pk]
    assert clerk.get("/api/v1/erasures/").status_code == 403
    assert (
        clerk.post(
            "/api/v1/privacy-requests/", {"contact": person.pk, "kind": "copy"}, format="json"
        ).status_code
        == 400
    )
