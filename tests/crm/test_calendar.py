"""The calendar and its feed: what stands there, for whom, and what leaves the house."""

from datetime import timedelta
from unittest.mock import patch

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from rest_framework.test import APIClient

from accounts.operations import deactivate_user
from core.clock import db_now
from core.errors import NotAllowed
from core.models import AuditEntry
from crm.agenda import agenda
from crm.calendar_file import without_numbers
from crm.models import CalendarFeed, Customer, FollowUp
from crm.operations import (
    assign_customer,
    close_calendar_feed,
    feed_of,
    feed_token,
    give_promise,
    open_calendar_feed,
)
from crm.planning import due_on
from tests.crm.factories import make_contact, make_customer, make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(personas):
    return make_customer(
        personas.pm, db_now() - timedelta(days=20), owner=personas.pm, name="北京泉涌水务有限公司"
    )


def planned(customer, owner, days, **columns):
    return make_follow_up(customer, owner, db_now(), days=days, **columns)


def page_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def month_of(viewer, **more):
    today = timezone.localdate(db_now())
    return agenda(
        viewer, today - timedelta(days=40), today + timedelta(days=40), now=db_now(), **more
    ).entries


def address(feed):
    return reverse("public_calendar", args=[feed_token(feed)])


def test_the_calendar_holds_what_is_open_of_one_person_or_of_the_team(personas, customer):
    step = planned(customer, personas.pm, 2)
    settled = planned(customer, personas.pm, 3)
    settled.cancel(by=personas.pm, now=db_now(), reason="不再需要")
    other = make_customer(personas.pm_other, db_now(), owner=personas.pm_other)
    theirs = planned(other, personas.pm_other, 1)
    promised = give_promise(
        by=personas.pm, now=db_now(), customer=customer, text="周五前给出交期", due_at=db_now() + timedelta(days=4),
        owner=personas.pm,
    )  # fmt: skip
    mine = month_of(personas.pm, owner=personas.pm)
    assert [(entry.kind, entry.row) for entry in mine] == [("step", step), ("promise", promised)]
    team = {entry.row for entry in month_of(personas.bm)}
    assert team == {step, theirs, promised}
    assert [entry.row for entry in month_of(personas.bm, owner=personas.pm_other)] == [theirs]
    assert month_of(personas.outsider_bm) == month_of(personas.outsider_pm, owner=personas.pm) == []


def test_three_questions_whatever_stands_there(personas, customer, django_assert_num_queries):
    for days in range(1, 9):
        planned(customer, personas.pm, days)
    bm = personas.fresh("bm")
    bm.authority()
    with django_assert_num_queries(3):
        assert len([str(entry.owner) + entry.url for entry in month_of_at(bm)]) == 8


def month_of_at(viewer):
    today = timezone.localdate()
    return agenda(viewer, today, today + timedelta(days=40), now=timezone.now()).entries


@pytest.mark.parametrize("view", ["month", "week", "agenda"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_view_shows_the_step_and_leads_on(personas, customer, view, language):
    step = planned(customer, personas.pm, 0.2)
    client = page_of(personas.pm)
    personas.pm.language = language
    personas.pm.save(update_fields=["language"])
    day = timezone.localdate(step.due_at).isoformat()
    page = client.get(f"/crm/calendar/?view={view}&day={day}")
    assert page.status_code == 200
    assert step.get_absolute_url() in page.content.decode()
    assert client.get(f"/crm/calendar/?view={view}&day=2031-05-01").status_code == 200


def test_late_ones_lead_todays_agenda(personas, customer):
    step = planned(customer, personas.pm, 3)
    FollowUp.objects.filter(pk=step.pk).update(
        due_at=due_on(timezone.localdate(db_now()) - timedelta(days=50))
    )
    page = page_of(personas.pm).get("/crm/calendar/?view=agenda")
    assert [entry.row for entry in page.context["late"]] == [step]
    assert page_of(personas.pm).get("/crm/calendar/?view=agenda&day=2031-05-01").context["late"] == []


def test_the_teams_calendar_is_for_whoever_leads_one(personas, customer):
    planned(customer, personas.pm, 1)
    assert page_of(personas.pm).get("/crm/calendar/?whose=team").status_code == 403
    bm = page_of(personas.bm)
    assert bm.get("/crm/calendar/?whose=team").status_code == 200
    assert bm.get(f"/crm/calendar/?whose=team&person={personas.pm.pk}").status_code == 200
    assert bm.get("/crm/calendar/?whose=team&person=999999").status_code == 400
    assert bm.get("/crm/calendar/?view=decade").status_code == 400
    assert page_of(personas.fi).get("/crm/calendar/").status_code == 403


def test_the_same_by_api(personas, customer):
    step = planned(customer, personas.pm, 1)
    today = timezone.localdate(db_now())
    query = f"?from={today}&to={today + timedelta(days=30)}"
    (entry,) = api_of(personas.pm).get(f"/api/v1/calendar/{query}").json()["results"]
    assert (entry["object_id"], entry["kind"], entry["owner"]) == (step.pk, "step", personas.pm.pk)
    assert api_of(personas.pm).get(f"/api/v1/calendar/{query}&whose=team").status_code == 403
    assert len(api_of(personas.bm).get(f"/api/v1/calendar/{query}&whose=team").json()["results"]) == 1
    assert api_of(personas.outsider_bm).get(f"/api/v1/calendar/{query}&whose=team").json()["results"] == []
    assert api_of(personas.fi).get(f"/api/v1/calendar/{query}").status_code == 403
    for wrong in (
        "",
        f"?from={today}",
        f"?from={today}&to={today}",
        f"?from={today}&to={today + timedelta(days=93)}",
    ):
        assert api_of(personas.pm).get(f"/api/v1/calendar/{wrong}").status_code == 400


# --- the feed ---------------------------------------------------------------------------------------------------------------


def test_the_feed_is_a_calendar_of_what_the_person_sees(personas, customer):
    step = planned(customer, personas.pm, 2, text="给出备件交期")
    feed = open_calendar_feed(by=personas.pm, now=db_now())
    answer = Client().get(address(feed))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = icalendar.Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == f"{customer.called}: 给出备件交期"
    assert event["UID"] == f"followup-{step.pk}@impeller"
    assert event["URL"].endswith(step.get_absolute_url())
    assert event["DTSTART"].dt == step.due_at.replace(microsecond=0)
    step.reschedule(
        by=personas.pm, now=db_now(), due_at=due_on(timezone.localdate(db_now()) + timedelta(days=9))
    )
    (moved,) = icalendar.Calendar.from_ical(Client().get(address(feed)).content).walk("VEVENT")
    assert moved["DTSTART"].dt == timezone.localdate(db_now()) + timedelta(days=9)
    assert moved["SEQUENCE"] > event["SEQUENCE"]


def test_what_is_seen_is_asked_at_each_reading(personas, customer):
    planned(customer, personas.pm, 2)
    feed = open_calendar_feed(by=personas.pm, now=db_now())
    assert b"VEVENT" in Client().get(address(feed)).content
    assign_customer(
        by=personas.bm, now=db_now(), customer=customer, owner=personas.pm_other, reason="区域调整"
    )
    assert b"VEVENT" not in Client().get(address(feed)).content
    Customer.objects.filter(pk=customer.pk).update(deleted_at=db_now())
    other = open_calendar_feed(by=personas.pm_other, now=db_now())
    assert b"VEVENT" not in Client().get(address(other)).content


def test_no_numbers_and_no_addresses_leave_the_house(personas, customer):
    make_contact(
        customer, personas.pm, db_now(), name="周维岳", mobile="14100009999", email="zhou@example.com"
    )
    planned(
        customer,
        personas.pm,
        2,
        text="打 138 0013 8000 或 010-88886666 转 801，抄送 zhou@example.com，合同 HT-01-2026-00012",
    )
    feed = open_calendar_feed(by=personas.pm, now=db_now())
    text = str(icalendar.Calendar.from_ical(Client().get(address(feed)).content).walk("VEVENT")[0]["SUMMARY"])
    for hidden in ("13800138000", "138 0013", "88886666", "zhou@", "14100009999"):
        assert hidden not in text
    assert "HT-01-2026-00012" in text


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("手机13800138000回电", "手机…回电"),
        ("+86 138-0013-8000", "…"),
        ("400-888-1234 报修", "… 报修"),
        ("12 月 3 日 09:30 到 2026-12-03", "12 月 3 日 09:30 到 2026-12-03"),
        ("流量 200 m3/h，金额 1250000 元", "流量 200 m3/h，金额 1250000 元"),
    ],
)
def test_numbers_are_known_from_dates_and_amounts(typed, left):
    assert without_numbers(typed) == left


def test_a_new_address_ends_the_old_one_and_withdrawing_ends_both(personas):
    assert feed_of(personas.pm) is None
    first = address(open_calendar_feed(by=personas.pm, now=db_now()))
    second = address(open_calendar_feed(by=personas.pm, now=db_now()))
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    feed = CalendarFeed.objects.get()
    assert feed_token(feed) not in (feed.token_digest, "")
    assert len(feed_token(feed)) == 26
    close_calendar_feed(by=personas.pm, now=db_now())
    assert Client().get(second).status_code == 404
    close_calendar_feed(by=personas.pm, now=db_now())
    third = address(open_calendar_feed(by=personas.pm, now=db_now()))
    assert third not in (first, second)
    assert Client().get(third).status_code == 200
    codes = (
        AuditEntry.objects.filter(code__contains="calendarfeed")
        .order_by("seq")
        .values_list("code", flat=True)
    )
    assert [code.split(".")[1].split("_")[0] for code in codes] == ["open", "open", "close", "open"]
    with pytest.raises(NotAllowed):
        open_calendar_feed(by=personas.fi, now=db_now())


def test_closed_accounts_and_guessed_words_find_nothing(personas):
    feed = open_calendar_feed(by=personas.pm, now=db_now())
    assert Client().get(address(feed)).status_code == 200
    deactivate_user(by=None, now=db_now(), user=personas.pm)
    assert Client().get(address(feed)).status_code == 404
    for word in ("x", "a" * 26, feed_token(feed)[:-1], "%00", "-" * 200):
        assert Client().get(f"/c/{word}.ics").status_code == 404
    assert Client().post(address(feed)).status_code == 405


def test_an_unchanged_calendar_is_not_sent_again(personas, customer):
    planned(customer, personas.pm, 2)
    url = address(open_calendar_feed(by=personas.pm, now=db_now()))
    first = Client().get(url)
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"] == "private, no-cache"
    planned(customer, personas.pm, 5)
    assert Client().get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert Client().head(url).status_code == 200


def test_a_program_that_reads_too_often_is_braked_for_an_hour(personas):
    feed = open_calendar_feed(by=personas.pm, now=db_now())
    with patch("crm.operations.calendar.param", return_value=3):
        assert [Client().get(address(feed)).status_code for _turn in range(5)] == [200, 200, 200, 429, 429]
        CalendarFeed.objects.update(reads_since=db_now() - timedelta(minutes=61))
        assert Client().get(address(feed)).status_code == 200


def test_the_feed_speaks_the_persons_language(personas, customer):
    planned(customer, personas.pm, 2)
    url = address(open_calendar_feed(by=personas.pm, now=db_now()))
    assert "我的日历" in Client().get(url).content.decode()
    personas.pm.language = "en"
    personas.pm.save(update_fields=["language"])
    with translation.override("zh-hans"):
        assert "my calendar" in Client().get(url).content.decode()


def test_the_page_of_the_feed_makes_shows_and_withdraws(personas):
    client = page_of(personas.pm)
    assert "/c/" not in client.get("/crm/calendar/feed/").content.decode()
    assert client.post("/crm/calendar/feed/", {"step": "open"}).status_code == 302
    shown = client.get("/crm/calendar/feed/")
    assert feed_token(CalendarFeed.objects.get()) in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert client.post("/crm/calendar/feed/", {"step": "close"}).status_code == 302
    assert "/c/" not in client.get("/crm/calendar/feed/").content.decode()
    assert page_of(personas.fi).get("/crm/calendar/feed/").status_code == 403
    api = api_of(personas.pm)
    assert api.get("/api/v1/calendar/feed/").json() == {"address": "", "last_read_at": None}
    made = api.post("/api/v1/calendar/feed/").json()["address"]
    assert Client().get(made).status_code == 200
    assert api.get("/api/v1/calendar/feed/").json()["address"] == made
    assert api.delete("/api/v1/calendar/feed/").status_code == 204
    assert Client().get(made).status_code == 404
    assert api_of(personas.fi).post("/api/v1/calendar/feed/").status_code == 403
