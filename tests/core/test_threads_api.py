"""Threads through the API: whoever sees the record reads and writes, page by page, and names colleagues as on the page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from core.comments import add_comment
from core.models import AuditEntry, Comment, Notification
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db
LIST = "/api/v1/comments/"


@pytest.fixture
def customer(personas, now):
    return make_customer(personas.pm, now, owner=personas.pm)


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def on(row, **more):
    return {"object_kind": "crm.customer", "object_id": row.pk, **more}


def said(customer, by, now, number):
    return [
        add_comment(by=by, now=now + timedelta(minutes=i), subject=customer, text=f"第{i}句")
        for i in range(number)
    ]


def test_a_thread_is_read_page_by_page_in_a_fixed_number_of_statements(
    personas, now, customer, django_assert_max_num_queries
):
    said(customer, personas.pm, now, 5)
    add_comment(by=personas.pm, now=now, subject=make_customer(personas.pm, now), text="别处")
    client = api(personas.pm)
    with django_assert_max_num_queries(12):
        first = client.get(LIST, on(customer, limit=3)).json()
    assert [one["text"] for one in first["results"]] == ["第0句", "第1句", "第2句"]
    assert first["results"][0]["author_name"] == personas.pm.name
    rest = client.get(LIST, on(customer, limit=3, cursor=first["next"])).json()
    assert ([one["text"] for one in rest["results"]], rest["next"]) == (["第3句", "第4句"], None)
    newest = client.get(LIST, on(customer, ordering="-at", limit=1, count=1)).json()
    assert (newest["results"][0]["text"], newest["count"]) == ("第4句", 5)


def test_only_the_thread_of_one_named_record_is_read(personas, now, customer):
    client = api(personas.pm)
    for asked in ({}, {"object_kind": "crm.customer"}, {"object_id": customer.pk}, on(customer, author=1)):
        assert client.get(LIST, asked).status_code == 400
    for asked in (
        {"object_kind": "no.such", "object_id": 1},
        {"object_kind": "core.notification", "object_id": 99},
        {"object_kind": "core.comment", "object_id": 1},
        {"object_kind": "crm.customer", "object_id": customer.pk + 999},
    ):
        assert client.get(LIST, asked).status_code == 404


def test_who_does_not_see_the_record_neither_reads_nor_writes(personas, now, customer):
    row = said(customer, personas.pm, now, 1)[0]
    client = api(personas.outsider_pm)
    assert client.get(LIST, on(customer)).status_code == 404
    assert client.get(f"{LIST}{row.pk}/").status_code == 404
    assert client.get(f"{LIST}{row.pk + 99}/").status_code == 404
    assert client.post(LIST, on(customer, text="看不见也想说"), format="json").status_code == 404
    assert Comment.objects.count() == 1
    assert APIClient().get(LIST, on(customer)).status_code == 401


def test_a_message_tells_the_named_and_names_to_the_writer_who_may_not_see_it(personas, now, customer):
    User.objects.filter(pk=personas.bm.pk).update(name_zh="李明")
    User.objects.filter(pk=personas.outsider_pm.pk).update(name_zh="赵六")
    client = api(personas.pm)
    answer = client.post(LIST, on(customer, text="  @李明 @赵六 请看  "), format="json")
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["text"], body["author"]) == ("@李明 @赵六 请看", personas.pm.pk)
    assert [one["name"] for one in body["not_told"]] == ["赵六"]
    assert [one.user_id for one in Notification.objects.filter(code="core.mentioned")] == [personas.bm.pk]
    assert AuditEntry.objects.filter(code="core.add_comment", object_id=customer.pk).count() == 1
    assert api(personas.bm).get(f"{LIST}{body['id']}/").json()["not_told"] == []


def test_sent_twice_with_one_key_it_is_said_once(personas, now, customer):
    client = api(personas.pm)
    answers = [
        client.post(LIST, on(customer, text="只说一次"), format="json", headers={"Idempotency-Key": "once-1"})
        for _turn in range(2)
    ]
    assert {one.status_code for one in answers} == {201}
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "长" * 5001])
def test_nothing_and_too_much_are_refused_beside_the_field(personas, now, customer, text):
    answer = api(personas.pm).post(LIST, on(customer, text=text), format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["text"])
    assert not Comment.objects.exists()


def test_nothing_is_rewritten_and_unknown_fields_are_refused(personas, now, customer):
    row = said(customer, personas.pm, now, 1)[0]
    client = api(personas.pm)
    assert client.patch(f"{LIST}{row.pk}/", {"text": "改写"}, format="json").status_code == 405
    assert client.delete(f"{LIST}{row.pk}/").status_code == 405
    forged = on(customer, text="代笔", author=personas.bm.pk)
    assert client.post(LIST, forged, format="json").status_code == 400


def test_ones_own_notices_are_read_through_the_api(personas, now, customer):
    User.objects.filter(pk=personas.bm.pk).update(name_zh="李明")
    add_comment(by=personas.pm, now=now, subject=customer, text="@李明 请看")
    url = reverse("api:notifications-list")
    assert [one["code"] for one in api(personas.bm).get(url).json()["results"]] == ["core.mentioned"]
    assert api(personas.pm).get(url).json()["results"] == []
