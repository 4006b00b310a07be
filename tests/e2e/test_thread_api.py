"""The whole thread by the API alone: from a customer list to an escalated complaint, each step with its refusal."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.choices import TokenScope
from accounts.models import OrgUnit
from accounts.operations import create_token
from core import outbox
from core.clock import db_now
from core.models import Notification
from crm.imports.intake import KIND
from crm.models import FollowUp
from crm.reminders import MAIL_KIND
from service.models import Ticket
from surveys.desk import MAIL_KIND as SURVEY_MAIL
from tests.e2e import story

pytestmark = pytest.mark.django_db
API = "/api/v1/"


class Caller:
    """One person's program, known by nothing but a token."""

    def __init__(self, user: Any) -> None:
        _row, secret = create_token(
            by=None, now=db_now(), user=user, name="thread", scope=TokenScope.WRITE, days=1
        )
        self.client = APIClient()
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
        self.pk = user.pk

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        answer = self.client.get(API + path, params)
        assert answer.status_code == status, (path, answer.content.decode())
        return answer.json()

    def post(self, path: str, status: int = 200, /, *, file: Any = None, **body: Any) -> Any:
        if file is None:
            answer = self.client.post(API + path, body, format="json")
        else:
            answer = self.client.post(API + path, {**body, "file": file}, format="multipart")
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode())
        return answer.json()

    def patch_state(self, path: str, version: int) -> None:
        """No state can be written by PATCH."""
        answer = self.client.patch(API + path, {"state": "closed", "version": version}, format="json")
        assert answer.status_code in (400, 405), path


@pytest.fixture
def people(personas: Any) -> dict[str, Caller]:
    names = ("bm", "pm", "dp", "dp_other", "am", "ae", "ae_other", "sv", "sv_head", "dm_asd", "outsider_pm")
    return {name: Caller(personas[name]) for name in names}


def test_the_thread_through_the_api(personas: Any, people: dict[str, Caller]) -> None:
    story.serve_beijing(personas.pm)
    customer = imports_the_list(people)
    logs_and_is_reminded(personas, people, customer)
    wins_an_opportunity(people, customer)
    ticket = serves_a_fault(people, customer)
    recovery = asks_the_customer(people, ticket)
    case = complains(people, recovery)
    climbs_and_is_judged(personas, people, case)


def imports_the_list(people: dict[str, Caller]) -> int:
    """A GB18030 file: one row placed by territory, one to the branch's pool, one refused with its reason."""
    bm, pm = people["bm"], people["pm"]
    upload = SimpleUploadedFile("客户名单.csv", story.LIST, content_type="text/csv")
    batch = bm.post("imports/", 201, file=upload)
    url = f"imports/{batch['id']}/"
    assert batch["encoding"].lower() == "gb18030"
    bm.post(f"{url}start/", 409)
    people["outsider_pm"].get(url, 404)
    columns = ["name", "province", "industry", "contact_name", "contact_mobile", "contact_email"]
    bm.post(f"{url}map_columns/", columns=columns, constant_kind="end_user")
    bm.post(f"{url}dry_run/")
    outbox.deliver_due(KIND)
    refused = bm.get(f"{url}rows/", outcome="rejected")["results"]
    assert [(row["number"], row["findings"][0]["level"]) for row in refused] == [(4, "error")]
    bm.post(f"{url}start/")
    outbox.deliver_due(KIND)
    done = bm.get(url)
    assert [done[name] for name in ("state", "created_rows", "rejected_rows", "pooled_rows")] == [
        *("done", 2, 1, 1)
    ]
    bm.patch_state(url, done["version"])
    found = pm.get("customers/", search=story.INITIALS)["results"]
    assert [(row["name"], row["owner"]) for row in found] == [(story.CUSTOMER, pm.pk)]
    assert people["outsider_pm"].get("customers/", search=story.INITIALS)["results"] == []
    return found[0]["id"]


def logs_and_is_reminded(personas: Any, people: dict[str, Caller], customer: int) -> None:
    """A contact with its next step; a week late the owner and the branch manager hear of it, once each, by mail too."""
    pm = people["pm"]
    contact = pm.get("contacts/", customer=customer)["results"][0]
    tomorrow = timezone.localtime(db_now()).date() + timedelta(days=1)
    body = {
        "customer": customer,
        "contacts": [contact["id"]],
        "channel": "call_reached",
        "summary": "同意周五看泵",
    }
    pm.post("activities/", 400, **body)
    people["outsider_pm"].post("activities/", 400, **body, next_on=str(tomorrow))
    pm.post("activities/", 201, **body, next_on=str(tomorrow))
    planned = FollowUp.objects.get(customer=customer)
    pm.patch_state(f"follow-ups/{planned.pk}/", planned.version)
    assert story.scan_twice("crm.followup_reminders", planned.due_at + timedelta(days=8)) == 1
    told = Notification.objects.filter(object_id=planned.pk, code__startswith="crm.followup")
    assert sorted(told.values_list("user__username", flat=True)) == ["bm", "pm"]
    outbox.deliver_due(MAIL_KIND, now=planned.due_at + timedelta(days=9))
    assert sorted(letter.to[0] for letter in mail.outbox) == [personas.bm.email, personas.pm.email]


def wins_an_opportunity(people: dict[str, Caller], customer: int) -> None:
    """A gate refuses without evidence and with blank or reused evidence, and passes with typed evidence."""
    pm = people["pm"]
    sign_on = timezone.localtime(db_now()).date() + timedelta(days=90)
    body = {
        "customer": customer,
        "title": "循环水泵更新",
        "amount": "180000",
        "expected_sign_on": str(sign_on),
    }
    project = pm.post("projects/", 201, **body)
    url = f"projects/{project['id']}/"
    people["outsider_pm"].get(url, 404)
    assert pm.post(f"{url}submit_gate/", 400)["code"] == "evidence_missing"
    pm.post(f"{url}evidence/", 400, item="need_sheet", text="   ", quantity="2")
    for item, values in story.RECORDS.items():
        pm.post(f"{url}evidence/", item=item, **values)
    people["outsider_pm"].post(f"{url}submit_gate/", 404)
    project = pm.post(f"{url}submit_gate/")
    assert project["state"] == "p02"
    pm.patch_state(url, project["version"])
    row = next(one for one in pm.get("projects/", customer=customer)["results"] if one["id"] == project["id"])
    assert row["state"] == "p02"


def serves_a_fault(people: dict[str, Caller], customer: int) -> int:
    """Registered with four due times and their reasons, dispatched, served, and closed by another person."""
    dp, ae = people["dp"], people["ae"]
    nameplate = {"serial": story.SERIAL, "model": "500S35", "criticality": 2, "status": "running"}
    pump = dp.post("pumps/", 201, customer=customer, **nameplate)
    contact = dp.get("contacts/", customer=customer)["results"][0]["id"]
    given = {
        "customer": customer,
        "contact": contact,
        "pumps": [pump["id"]],
        "symptom": "F04",
        "impact": "i1",
    }
    people["sv"].post("tickets/", 403, **given)
    made = dp.post("tickets/", 201, **given)
    url = f"tickets/{made['id']}/"
    assert [clock["kind"] for clock in made["clocks"]] == ["response", "onsite", "restore", "resolve"]
    assert all(clock["steps"] for clock in made["clocks"])
    people["pm"].post(f"{url}dispatch/", 403, engineer=ae.pk)
    dp.post(f"{url}dispatch/", engineer=ae.pk)
    people["ae_other"].post(f"{url}take/", 404)
    ae.post(f"{url}take/", diagnosis="轴承磨损，带备件上门")
    ae.post(f"{url}take/", 409)
    ae.post(f"{url}travel/")
    ae.post(f"{url}arrive/")
    assert ae.post(f"{url}resolve/")["state"] == "resolved"
    ae.post(f"{url}confirm/", 409, method="recorded_call")
    report = {"ticket": made["id"], "symptom": "F04", "cause_class": "m", "actions": ["align"], "hours": "2"}
    ae.post("service-reports/", 201, **report)
    ae.post(f"{url}confirm/", method="recorded_call")
    ae.post(f"{url}call_back/", 403, fixed=True)
    dp.post(f"{url}close/", 400)
    people["dp_other"].post(f"{url}call_back/", fixed=True, attitude=5)
    closed = dp.post(f"{url}close/")
    assert closed["state"] == "closed"
    dp.patch_state(url, closed["version"])
    return made["id"]


def asks_the_customer(people: dict[str, Caller], ticket: int) -> int:
    """The sweep writes to the customer, who answers by the link in the letter; the low score opens a recovery."""
    assert story.scan_twice("surveys.invite_closed_tickets", db_now()) == 1
    sent_at = story.letter_time(db_now())
    assert story.scan_twice("surveys.send_invitations", sent_at) == 1
    outbox.deliver_due(SURVEY_MAIL, now=sent_at + timedelta(minutes=1))
    [letter] = [one for one in mail.outbox if one.to == [story.CONTACT_MAIL]]
    [path] = set(re.findall(r"/s/[a-z2-7]+", letter.body))
    customer = Client()
    assert customer.get(path).status_code == 200
    assert customer.post(path, {}).status_code == 400
    assert customer.post(path, story.LOW_ANSWER).status_code == 200
    bm = people["bm"]
    [answer] = bm.get("responses/")["results"]
    assert answer["csat"] == story.LOW_ANSWER["q0"]
    [recovery] = bm.get("recoveries/")["results"]
    assert (recovery["state"], Ticket.objects.get(pk=ticket).state) == ("open", "closed")
    people["outsider_pm"].get(f"recoveries/{recovery['id']}/", 404)
    bm.patch_state(f"recoveries/{recovery['id']}/", recovery["version"])
    return recovery["id"]


def complains(people: dict[str, Caller], recovery: int) -> int:
    """The low answer becomes a complaint against after-sales, once; supervision grades it, the respondent may not."""
    after_sales = OrgUnit.objects.get(code="ASD").pk
    body = {
        "lead_department": after_sales,
        "category": "repeat_fault",
        "facts": "三次上门仍未修好，客户要求换人。",
    }
    people["pm"].post(f"recoveries/{recovery}/complain/", 403, **body)
    case = people["bm"].post(f"recoveries/{recovery}/complain/", **body)["complaint"]
    people["bm"].post(f"recoveries/{recovery}/complain/", 409, **body)
    url = f"complaints/{case}/"
    grade = {"severity": "s3", "lead_department": after_sales}
    people["dm_asd"].post(f"{url}triage/", 403, **grade)
    people["outsider_pm"].get(url, 404)
    people["sv"].post(f"{url}verify/", 409)
    graded = people["sv"].post(f"{url}triage/", **grade)
    assert (graded["state"], graded["severity"]) == ("triaged", "s3")
    people["sv"].patch_state(url, graded["version"])
    return case


def climbs_and_is_judged(personas: Any, people: dict[str, Caller], case: int) -> None:
    """Unanswered, each rung is climbed once; the respondent's head proposes but never judges; the numbers show it."""
    sv, head, url = people["sv"], people["dm_asd"], f"complaints/{case}/"
    assert story.scan_twice("complaints.ladder", db_now() + timedelta(days=60)) > 0
    rungs = [(row["clock"], row["rung"]) for row in sv.get(url)["escalations"]]
    assert len(rungs) == len(set(rungs))
    assert {rung for clock, rung in rungs if clock == "acknowledge:0"} == {f"rung_{n}" for n in range(1, 5)}
    sv.post(f"{url}acknowledge/", channel="phone")
    head.post(f"{url}investigate/", containment="已换班组")
    words = {
        "investigation": "备件规格有误",
        "upheld": "yes",
        "remedy": "apology",
        "reply": "致歉并免费返修。",
    }
    head.post(f"{url}propose/", **words)
    for verb, body in {"review": {"passed": "yes"}, "verify": {}, "close": {}}.items():
        head.post(f"{url}{verb}/", 403, **body)
    sv.post(f"{url}review/", passed="yes")
    sv.post(f"{url}answer/", channel="phone")
    sv.post(f"{url}accept_answer/", note="客户认可")
    sv.post(f"{url}verify/")
    assert sv.post(f"{url}close/", lessons="备件出库前核对规格")["state"] == "closed"
    numbers = {row["code"]: row for row in people["bm"].get("metrics/", by="pm")["results"]}
    [contacts] = [one for one in numbers["verified_contacts"]["values"] if one["subject"] == personas.pm.pk]
    rows = people["bm"].get("metrics/verified_contacts/rows/", by="pm", subject=personas.pm.pk)
    assert (contacts["rows"], rows["count"]) == (1, 1)
    [csat] = [one for one in numbers["csat"]["values"] if one["subject"] == personas.pm.pk]
    assert float(csat["value"]) == story.LOW_ANSWER["q0"]
