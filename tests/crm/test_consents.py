"""Consents are added and withdrawn, never changed; one decision says who may be contacted for what, at once."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from core.errors import NotAllowed, RuleBroken, WrongState
from core.files import attachments_of
from core.models import AuditEntry
from crm.consent_rule import Known, decide
from crm.consents import may_contact, notice_of, standings
from crm.models import Consent, Contact
from crm.operations import make_segment, record_consent, withdraw_consent
from crm.privacy_choices import SEPARATE, Purpose
from tests.crm.factories import make_contact, make_customer

db = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def person(personas, now):
    return make_contact(make_customer(personas.pm, now, owner=personas.pm), personas.pm, now)


def agree(person, by, now, purpose="marketing", **values):
    values = {"method": "paper", "proof": "合同附件三", **values}
    return record_consent(by=by, now=now, contact=person, purpose=purpose, **values)


# --- the decision ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "purpose", "reason"),
    [
        (Known(), "service", ""),
        (Known(), "survey", ""),
        (Known(), "marketing", "no_consent"),
        (Known(), "share_third_party", "no_consent"),
        (Known(), "recording", "no_consent"),
        (Known(words={"marketing": True}), "marketing", ""),
        (Known(words={"marketing": True}), "share_third_party", "no_consent"),
        (Known(words={"marketing": False}), "marketing", "withdrawn"),
        (Known(words={"survey": False}), "survey", "withdrawn"),
        (Known(words={"survey": False}), "service", ""),
        (Known(do_not_contact=True, words={"marketing": True}), "marketing", "do_not_contact"),
        (Known(do_not_contact=True), "service", "do_not_contact"),
        (Known(left=True, do_not_contact=True), "survey", "left"),
        (Known(removed=True, left=True, words={"survey": True}), "survey", "removed"),
    ],
)
def test_the_decision(known, purpose, reason):
    verdict = decide(known, purpose)
    assert (bool(verdict), str(verdict.reason)) == (not reason, reason)
    assert bool(verdict.label) == bool(reason)


@db
def test_the_query_and_the_decision_are_one_rule(personas, now, person):
    """Every combination of what can be known of a person, in rows and in the pure decision."""
    earlier, names = now - timedelta(days=2), []
    for number, (left, silent, word) in enumerate(
        product((False, True), (False, True), ("", "yes", "no", "again"))
    ):
        one = make_contact(person.customer, personas.pm, now, name=f"某{number}")
        names.append(one)
        for purpose in Purpose:
            if word:
                agree(one, personas.pm, earlier, purpose)
            if word in ("no", "again"):
                withdraw_consent(by=personas.pm, now=now - timedelta(days=1), contact=one, purpose=purpose)
            if word == "again":
                agree(one, personas.pm, now, purpose)
        day = now.date() if left else None
        Contact.objects.filter(pk=one.pk).update(left_at=day, do_not_contact=silent)
    assert len(names) == 16
    for purpose in Purpose:
        asked = set(Contact.objects.reachable_for(purpose, now).values_list("pk", flat=True))
        for one in Contact.objects.filter(pk__in=[one.pk for one in names]):
            assert (one.pk in asked) == bool(may_contact(one, purpose, now=now)), (one.name, purpose)


# --- rows -----------------------------------------------------------------------------------------------------------------


@db
def test_a_consent_keeps_its_text_proof_and_file(personas, now, person):
    paper = SimpleUploadedFile("同意书.txt", "本人同意".encode())
    consent = agree(person, personas.pm, now, proof_file=paper, at=now - timedelta(days=3))
    assert (consent.text_version, consent.recorded_by, consent.withdrawn_at) == ("2026-01", personas.pm, None)
    assert [one.file.name for one in attachments_of(consent)] == ["同意书.txt"]
    entry = AuditEntry.objects.get(code="crm.add_consent")
    assert entry.data == {"purpose": "marketing", "method": "paper", "contact": person.pk, "text": "2026-01"}
    assert may_contact(person, "marketing", now=now)


@db
@pytest.mark.parametrize(
    ("purpose", "values", "field"),
    [
        ("marketing", {"proof": ""}, "proof"),
        ("recording", {"proof": ""}, "proof"),
        ("survey", {"method": "notice"}, "method"),
        ("service", {"days": 1}, "at"),
    ],
)
def test_a_consent_that_proves_nothing_is_refused(personas, now, person, purpose, values, field):
    days = values.pop("days", 0)
    with pytest.raises(RuleBroken) as refused:
        agree(person, personas.pm, now, purpose, at=now + timedelta(days=days), **values)
    assert list(refused.value.errors) == [field]
    assert not Consent.objects.exists()


@db
def test_a_withdrawal_counts_at_once_and_a_yes_from_before_does_not_undo_it(personas, now, later, person):
    agree(person, personas.pm, now)
    ended = withdraw_consent(by=personas.dp, now=later, contact=person, purpose="marketing", method="email")
    assert (ended.withdrawn_at, ended.withdrawn_via, ended.withdrawn_by) == (later, "email", personas.dp)
    assert may_contact(person, "marketing", now=later).reason == "withdrawn"
    with pytest.raises(RuleBroken) as refused:
        agree(person, personas.pm, later, at=now)
    assert "at" in refused.value.errors
    with pytest.raises(WrongState):
        withdraw_consent(by=personas.pm, now=later, contact=person, purpose="marketing")
    agree(person, personas.pm, later + timedelta(hours=1))
    assert may_contact(person, "marketing", now=later + timedelta(hours=1))
    assert Consent.objects.count() == 2


@db
def test_an_objection_needs_no_consent_before(personas, now, person):
    no = withdraw_consent(by=personas.pm, now=now, contact=person, purpose="survey")
    assert no.is_objection
    assert [one.purpose for one in standings(person, now=now) if not one.verdict] == [
        Purpose.SURVEY,
        *SEPARATE_IN_ORDER,
    ]


SEPARATE_IN_ORDER = [one for one in Purpose if one in SEPARATE]


@db
def test_only_who_works_with_the_person_writes(personas, now, person):
    for name in ("au", "fi", "outsider_pm", "dh"):
        with pytest.raises(NotAllowed):
            agree(person, personas[name], now)
        with pytest.raises(NotAllowed):
            withdraw_consent(by=personas[name], now=now, contact=person, purpose="survey")
    assert not Consent.objects.exists()


@db
def test_an_erased_person_says_nothing_more(personas, now, person):
    Contact.objects.filter(pk=person.pk).update(contact_removed=True)
    with pytest.raises(RuleBroken):
        agree(person, personas.pm, now)
    with pytest.raises(RuleBroken):
        withdraw_consent(by=personas.pm, now=now, contact=person, purpose="survey")


# --- pages and API --------------------------------------------------------------------------------------------------------


@db
def test_the_page_shows_verdicts_and_takes_yes_and_no(personas, now, person):
    client, page = client_of(personas.pm), person.get_absolute_url()
    first = client.get(page).content.decode()
    assert "尚未告知隐私政策" in first
    assert "未同意此用途" in first
    sent = {"purpose": "service", "method": "notice", "given_on": "2020-01-02"}
    assert client.post(f"{page}consent/", sent).status_code == 302
    assert notice_of(person).at.date().isoformat() == "2020-01-02"
    wrong = client.post(
        f"{page}consent/", {"purpose": "marketing", "method": "wechat", "given_on": "2999-01-01"}
    )
    assert wrong.status_code == 400
    assert "不能晚于今天" in wrong.content.decode()
    assert "单独同意" in wrong.content.decode()
    assert client.post(f"{page}withdraw_consent/", {"purpose": "survey"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "尚未告知隐私政策" not in shown
    assert "同意已撤回" in shown
    assert client_of(personas.outsider_pm).get(f"{page}consent/").status_code == 404
    assert client_of(personas.fi).post(f"{page}withdraw_consent/", {"purpose": "service"}).status_code in (
        403,
        404,
    )


@db
def test_the_api_takes_yes_and_no_and_answers_with_reasons(personas, now, person):
    api, contact = api_of(personas.pm), f"/api/v1/contacts/{person.pk}/"
    body = {"contact": person.pk, "purpose": "marketing", "method": "email", "proof": "2026-11-20 邮件"}
    made = api.post("/api/v1/consents/", body, format="json")
    assert made.status_code == 201, made.json()
    assert api.get(f"{contact}may_contact/").json()["marketing"] == {"allowed": True, "reason": ""}
    assert api.post(f"{contact}withdraw_consent/", {"purpose": "marketing"}, format="json").status_code == 200
    assert api.get(f"{contact}may_contact/").json()["marketing"] == {"allowed": False, "reason": "withdrawn"}
    assert api.post(f"{contact}withdraw_consent/", {"purpose": "marketing"}, format="json").status_code == 409
    assert api.patch(f"/api/v1/consents/{made.json()['id']}/", {}, format="json").status_code == 405
    assert api.delete(f"/api/v1/consents/{made.json()['id']}/").status_code == 405
    assert len(api.get(f"/api/v1/consents/?contact={person.pk}&standing=false").json()["results"]) == 1
    stranger = api_of(personas.outsider_pm)
    assert stranger.get("/api/v1/consents/").json()["results"] == []
    assert stranger.post("/api/v1/consents/", body, format="json").status_code == 400
    assert api_of(personas.fi).post("/api/v1/consents/", body, format="json").status_code in (400, 403)


@db
def test_a_segment_for_marketing_leaves_out_who_did_not_agree(personas, now, person):
    other = make_contact(person.customer, personas.pm, now, name="郭丽萍")
    make_contact(make_customer(personas.pm, now, owner=personas.pm), personas.pm, now, name="别处的人")
    agree(other, personas.pm, now)
    segment = make_segment(by=personas.pm, now=now, name="改造推介", query="search=" + person.customer.name)
    address = f"/api/v1/contacts/?segment={segment.pk}"
    api = api_of(personas.pm)
    assert {one["name"] for one in api.get(address).json()["results"]} == {person.name, "郭丽萍"}
    assert [one["name"] for one in api.get(f"{address}&purpose=marketing").json()["results"]] == ["郭丽萍"]
    withdraw_consent(by=personas.pm, now=now, contact=other, purpose="marketing")
    assert api.get(f"{address}&purpose=marketing").json()["results"] == []
    assert api.get(f"{address}&purpose=nonsense").status_code == 400
    assert client_of(personas.pm).get("/crm/segments/").content.decode().count("purpose=marketing") == 1
