"""Many numbers opened at once are told to those who guard personal data, once per run; the access log shows who."""

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core.models import AuditEntry, Notification
from crm.operations import reveal_contact
from crm.reveal_bursts import burst_began
from tests.crm.factories import make_contact, make_customer
from tests.personas import NOW, make_person

MINUTE = timedelta(minutes=1)
db = pytest.mark.django_db


def at(*minutes):
    return [NOW + minute * MINUTE for minute in minutes]


@pytest.mark.parametrize(
    ("minutes", "began"),
    [
        ((), None),
        ((0, 1, 2), None),
        ((0, 1, 2, 3), 0),
        ((0, 4, 7, 11), None),
        ((0, 20, 21, 22, 23), 20),
        ((0, 9, 18, 19, 20, 21), 0),
    ],
)
def test_a_burst_is_more_than_so_many_in_a_window_and_begins_with_its_run(minutes, began):
    found = burst_began(at(*minutes), most=3, within=10 * MINUTE)
    assert found == (None if began is None else NOW + began * MINUTE)


@pytest.fixture
def officer(personas):
    return make_person("officer", "CO", "CRO", ("privacy_officer",))


@pytest.fixture
def person(personas, now):
    return make_contact(make_customer(personas.pm, now, owner=personas.pm), personas.pm, now)


def open_many(person, by, moments):
    for moment in moments:
        reveal_contact(by=by, now=moment, contact=person, reason="call")


@db
def test_the_twenty_first_opening_in_ten_minutes_is_told_once(personas, officer, person):
    open_many(person, personas.pm, at(*(number * 0.4 for number in range(20))))
    assert not Notification.objects.filter(code="crm.reveal_burst").exists()
    open_many(person, personas.pm, at(9, 9.2, 9.4))
    told = Notification.objects.filter(code="crm.reveal_burst")
    assert {notice.user for notice in told} == {officer, personas.sv_head}
    assert told.count() == 2
    assert AuditEntry.objects.filter(code="crm.burst_of_reveals").count() == 1
    open_many(person, personas.pm, at(*(60 + number * 0.1 for number in range(21))))
    assert Notification.objects.filter(code="crm.reveal_burst", user=officer).count() == 2


@db
def test_the_same_number_over_a_day_is_no_burst_and_nobody_is_told_of_themselves(personas, officer, person):
    open_many(person, personas.pm, at(*(number * 15 for number in range(25))))
    open_many(person, personas.sv_head, at(*(number * 0.1 for number in range(21))))
    assert {notice.user for notice in Notification.objects.filter(code="crm.reveal_burst")} == {officer}


@db
def test_the_log_shows_who_opened_what_to_those_who_guard_it(personas, officer, person):
    open_many(person, personas.pm, at(*(number * 0.1 for number in range(21))))
    client = Client()
    client.force_login(officer)
    shown = client.get("/crm/access-log/").content.decode()
    assert person.name in shown
    assert "短时间大量查看" in shown
    assert person.mobile not in shown
    assert (
        client.get(f"/crm/access-log/{personas.pm.pk}/")["Location"]
        == f"/crm/access-log/?actor={personas.pm.pk}"
    )
    assert person.name not in client.get(f"/crm/access-log/?actor={personas.bm.pk}").content.decode()
    assert person.name not in client.get("/crm/access-log/?kind=export").content.decode()
    assert person.name not in client.get("/crm/access-log/?until=2020-01-01").content.decode()
    for name, status in (
        ("au", 200),
        ("sv", 200),
        ("ex", 200),
        ("pm", 403),
        ("bm", 403),
        ("ad", 403),
        ("fi", 403),
    ):
        client.force_login(personas[name])
        assert client.get("/crm/access-log/").status_code == status, name
    api = APIClient()
    api.force_authenticate(personas.au)
    assert len(api.get("/api/v1/access-log/?kind=reveal&limit=50").json()["results"]) == 22
    assert api.get("/api/v1/access-log/?kind=nonsense").status_code == 400
    api.force_authenticate(personas.pm)
    assert api.get("/api/v1/access-log/").status_code == 403
