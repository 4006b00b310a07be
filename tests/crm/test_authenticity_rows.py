"""The score as it is kept: computed on saving, told to the author, hidden from whoever may not know it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from core.clock import db_now
from core.files import attachments_of
from core.sweep import run_scan
from crm.authenticity_words import SENTENCES, explain
from crm.choices import CHANNELS
from crm.models import Activity
from crm.operations.authenticity import look_again
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


STEP = {"next_step": "给书面交期"}


@pytest.fixture
def moment():
    """A Wednesday morning within the last week, on no holiday, so that only what a test means is noticed."""
    at = db_now().replace(minute=7)
    while at.weekday() != 2:
        at -= timedelta(days=1)
    return at.astimezone().replace(hour=10)


def codes(activity):
    return {one["code"] for one in activity.signals} - {"H7", "H5"}


def log(customer, by, at, **values):
    values = {"next_at": at + timedelta(days=3), **STEP, **values}
    return make_activity(customer, by, at, **values)


def test_an_honest_log_is_believed_and_moves_the_verified_contact(personas, moment):
    customer = make_customer(personas.pm, moment)
    person = make_contact(customer, personas.pm, moment)
    activity = log(customer, personas.pm, moment, contacts=[person])
    customer.refresh_from_db()
    assert codes(activity) == set()
    assert activity.band == "trusted"
    assert activity.verified
    assert customer.last_verified_contact_at == moment
    assert list(Activity.objects.verified()) == [activity]


def test_a_doubted_log_is_no_verified_contact(personas, moment):
    customer = make_customer(personas.pm, moment)
    person = make_contact(customer, personas.pm, moment)
    late = moment - timedelta(days=9)
    activity = log(
        customer, personas.pm, moment, contacts=[person], summary="已联系", occurred_at=late, next_step=""
    )
    copied = "周副总认可振动频谱结论，同意先换两台轴承再评估。"
    log(customer, personas.pm, moment, contacts=[person], summary=copied)
    twin = log(customer, personas.pm, moment, contacts=[person], summary=f"{copied}！", occurred_at=late)
    assert {"H2", "H3_week"} <= codes(activity)
    assert codes(twin) == {"H1", "H3_week"}
    assert twin.band == "suspicious"
    assert not twin.verified
    assert twin in Activity.objects.doubted()


def test_an_honest_reason_halves_what_lateness_costs(personas, moment):
    customer = make_customer(personas.pm, moment)
    late = moment - timedelta(days=4)
    costs = []
    for reason in ("", "现场没有网络"):
        activity = log(
            customer,
            personas.pm,
            moment,
            occurred_at=late,
            late_reason=reason,
            summary=f"{reason}谈了轴承更换和备件交期的安排",
        )
        costs += [one["points"] for one in activity.signals if one["code"] == "H3"]
    assert costs == [-10, -5]


def test_nobody_named_or_somebody_gone(personas, moment):
    customer = make_customer(personas.pm, moment)
    person = make_contact(customer, personas.pm, moment)
    person.left_at = (moment - timedelta(days=30)).date()
    person.save(update_fields=["left_at"])
    assert codes(log(customer, personas.pm, moment)) == {"H9"}
    other = log(
        customer, personas.pm, moment, contacts=[person], summary="何主任说下周三开检修协调会再定方案"
    )
    assert codes(other) == {"H9"}


def test_a_mobile_of_a_colleague_or_of_three_customers(personas, moment):
    mobile = "14100009999"
    for number in range(3):
        customer = make_customer(personas.pm, moment)
        person = make_contact(customer, personas.pm, moment, mobile=mobile)
        activity = log(
            customer,
            personas.pm,
            moment,
            contacts=[person],
            summary=f"第{number}家谈的是完全不同的事情{number * 1111}",
        )
    assert codes(activity) == {"H13"}


def test_a_correction_is_judged_again_and_the_customer_keeps_step(personas, moment):
    customer = make_customer(personas.pm, moment, owner=personas.pm)
    person = make_contact(customer, personas.pm, moment)
    activity = log(customer, personas.pm, moment, contacts=[person], summary="已联系", next_step="")
    before = activity.score
    url = f"/crm/activities/{activity.pk}/edit/"
    body = {
        "version": activity.version,
        "summary": "周副总同意先换两台轴承，周五前给书面交期。",
        "next_step": "给交期",
    }
    assert client_of(personas.pm).post(url, body).status_code == 302
    activity.refresh_from_db()
    assert activity.score > before


def test_the_author_is_told_at_once_and_reads_it_on_the_log(personas, moment):
    customer = make_customer(personas.pm, moment, owner=personas.pm)
    client = client_of(personas.pm)
    day = (db_now() + timedelta(days=4)).date().isoformat()
    body = {"customer": customer.pk, "channel": CHANNELS[0].code, "summary": "已联系", "next_on": day}
    answer = client.post("/crm/activities/add/", body, follow=True)
    assert "真实性" in answer.content.decode()
    activity = Activity.objects.get()
    page = client.get(activity.get_absolute_url()).content.decode()
    assert "真实性" in page
    assert client.get("/crm/activities/?view=mine").status_code == 200
    detail = client.get(f"/api/v1/activities/{activity.pk}/").json()
    assert (detail["score"], detail["band"]) == (activity.score, activity.band)
    assert detail["reasons"][0]["sentence"]


def test_a_reader_without_the_right_sees_the_log_but_not_the_score(personas, moment):
    customer = make_customer(personas.pm, moment, owner=personas.pm)
    activity = log(customer, personas.pm, moment, summary="已联系")
    client = client_of(personas.dp)
    page = client.get(activity.get_absolute_url())
    assert page.status_code == 200
    assert "真实性" not in page.content.decode()
    detail = client.get(f"/api/v1/activities/{activity.pk}/").json()
    assert (detail["score"], detail["band"], detail["reasons"]) == (None, "", [])


def test_a_recording_is_kept_on_the_log_and_refused_to_outsiders(personas, moment):
    customer = make_customer(personas.pm, moment, owner=personas.pm)
    activity = log(customer, personas.pm, moment)
    url = f"/files/crm.activity/{activity.pk}/"
    client = client_of(personas.pm)
    assert url in client.get(activity.get_absolute_url()).content.decode()
    photo = b"\x89PNG\r\n\x1a\n" + bytes(32)
    sent = client.post(url, {"file": SimpleUploadedFile("铭牌.png", photo)})
    assert sent.status_code < 400
    assert [one.file.name for one in attachments_of(activity)] == ["铭牌.png"]
    refused = client_of(personas.outsider_pm)
    assert refused.post(url, {"file": SimpleUploadedFile("x.png", photo)}).status_code == 404
    assert client.post(url, {"file": SimpleUploadedFile("x.exe", b"MZ" + bytes(32))}).status_code == 415


def test_a_hidden_log_is_not_found(personas, moment):
    customer = make_customer(personas.pm, moment, owner=personas.pm)
    activity = log(customer, personas.pm, moment)
    assert client_of(personas.outsider_pm).get(activity.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_signal_has_a_sentence(language):
    data = {"percent": 93, "days": 4, "n": 9, "at": "23:10", "km": 2.1, "minutes": 30, "hours": 40}
    with translation.override(language):
        for code in SENTENCES:
            sentence = explain({"code": code, "points": -5, "data": data})
            assert "%(" not in sentence
            assert sentence != code


def test_a_pile_is_seen_when_it_is_complete_and_looking_twice_changes_nothing(
    personas, moment, django_assert_max_num_queries
):
    customer = make_customer(personas.pm, moment)
    person = make_contact(customer, personas.pm, moment)
    pile = [
        log(
            customer,
            personas.pm,
            moment + timedelta(seconds=40 * number),
            contacts=[person],
            summary=f"第{number}台机组{number * 7919}的轴承更换与备件交期，答复下周给",
        )
        for number in range(8)
    ]
    assert ["H4" in codes(one) for one in pile] == [False] * 7 + [True]
    night = moment + timedelta(hours=15)
    assert look_again(night) == 7
    again = [Activity.objects.get(pk=one.pk) for one in pile]
    assert all("H4" in codes(one) for one in again)
    assert [one.score for one in again[:7]] == [one.score - 20 for one in pile[:7]]
    with django_assert_max_num_queries(5):  # however many logs there are
        assert look_again(night) == 0
    assert look_again(night + timedelta(days=3)) == 0


def test_the_second_look_takes_doubts_away_and_keeps_what_a_person_found(personas, moment):
    customer = make_customer(personas.pm, moment)
    person = make_contact(customer, personas.pm, moment)
    alone = log(customer, personas.pm, moment, contacts=[person])
    doubt = {"code": "H4", "points": -20, "data": {"n": 9}}
    late = {"code": "H6", "points": -40, "data": {"other": 1}}
    Activity.objects.filter(pk=alone.pk).update(signals=[doubt, late], score=40, verified=False)
    assert look_again(moment + timedelta(hours=15)) == 1
    alone.refresh_from_db()
    assert (codes(alone), alone.verified) == (set(), True)
    imported = log(customer, personas.pm, moment, contacts=[person], summary="已联系")
    Activity.objects.filter(pk=imported.pk).update(score=None, signals=[doubt])
    assert look_again(moment + timedelta(hours=15)) == 0


def test_the_second_look_is_taken_in_the_first_hour_of_the_night(personas, moment):
    customer = make_customer(personas.pm, moment)
    alone = log(customer, personas.pm, moment)
    Activity.objects.filter(pk=alone.pk).update(signals=[{"code": "H4", "points": -20, "data": {"n": 9}}])
    night = moment.astimezone(timezone.get_current_timezone()).replace(hour=1) + timedelta(days=1)
    for hours, changed in ((-1, 0), (1, 0), (0, 1)):
        assert run_scan("crm.logs_second_look", now=night + timedelta(hours=hours), force=True) == changed
