"""Care that plans itself, once each: contacts by cadence, greetings, anniversaries, birthdays, sponsors' visits; and neglect."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from rest_framework.test import APIClient

from core.calendars import work_calendar
from core.clock import db_now
from core.models import Notification, Task
from core.sweep import run_scan
from crm.care_days import coming_days, festivals_ahead, working_day_for
from crm.models import Contact, Customer, CustomerFacts, FollowUp
from crm.neglect import tell_of_neglected
from crm.operations import add_care_date, plan_care, recount_contact_due
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db


def columns(customer, **values):
    Customer.objects.filter(pk=customer.pk).update(**values)
    recount_contact_due(db_now())
    customer.refresh_from_db()
    return customer


def planned(kind):
    return FollowUp.objects.filter(kind=kind)


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def page_of(user):
    client = Client()
    client.force_login(user)
    return client


def aged(customer, days):
    return columns(customer, created_at=db_now() - timedelta(days=days))


def test_a_contact_is_planned_once_when_the_promised_one_is_near(personas):
    now = db_now()
    near = aged(make_customer(personas.pm, now), 85)
    aged(make_customer(personas.pm, now), 60)  # not near
    assert plan_care(now) == 1
    assert plan_care(now + timedelta(hours=1)) == 0
    row = planned("care").get()
    assert (row.customer, row.owner, row.text) == (near, personas.pm, "")
    assert work_calendar().is_working_day(timezone.localdate(row.due_at))
    assert timezone.localdate(row.due_at) <= timezone.localdate(near.contact_due_at)
    assert Task.objects.filter(kind="crm.followup", assignee=personas.pm, closed_at=None).count() == 1
    with translation.override("en"):
        assert row.words == "Care contact: ask how they are and what they need"
    assert "关怀联系" in page_of(personas.pm).get("/crm/follow-ups/").content.decode()


def test_a_step_already_planned_in_time_is_enough(personas):
    now = db_now()
    customer = aged(make_customer(personas.pm, now), 88)
    person = make_contact(customer, personas.pm, now)
    make_activity(
        customer,
        personas.pm,
        now,
        outcome="no_answer",
        contacts=[person],
        next_step="再打",
        next_at=now + timedelta(days=1),
    )
    assert plan_care(now) == 0


def test_the_care_queue_is_the_managers_and_the_pool_waits_for_an_owner(personas):
    now = db_now()
    queue = columns(
        make_customer(personas.dp, now, branch="01"), pool_status="care", created_at=now - timedelta(days=178)
    )
    columns(
        make_customer(personas.dp, now, branch="01"), pool_status="pool", created_at=now - timedelta(days=400)
    )
    assert plan_care(now) == 1
    assert (planned("care").get().customer, planned("care").get().owner) == (queue, personas.bm)


def test_closed_without_reaching_anybody_it_comes_again_after_a_week(personas):
    now = db_now()
    aged(make_customer(personas.pm, now), 120)
    plan_care(now)
    planned("care").get().cancel(by=personas.pm, now=now, reason="停产")
    assert plan_care(now + timedelta(days=1)) == 0
    assert plan_care(now + timedelta(days=8)) == 1


def test_greetings_by_class_before_a_festival(personas):
    before = timezone.make_aware(timezone.datetime(2027, 1, 29, 10))
    vip = columns(make_customer(personas.pm, before), tier="vip", contact_due_at=None)
    standard = make_customer(personas.pm, before)
    Customer.objects.update(last_verified_contact_at=before, created_at=before)
    recount_contact_due(before)
    assert plan_care(before) == 1
    assert plan_care(before) == 0
    row = planned("greeting").get()
    assert (row.customer, row.occasion) == (vip, "spring_festival:2027")
    assert timezone.localdate(row.due_at) < date(2027, 2, 6)
    assert not FollowUp.objects.filter(customer=standard).exists()
    assert "春节" in row.words


def test_anniversaries_and_birthdays(personas):
    now = db_now()
    day = timezone.localdate(now) + timedelta(days=3)
    customer = make_customer(personas.pm, now)
    add_care_date(by=personas.pm, now=now, customer=customer, kind="founding", month=day.month, day=day.day)
    CustomerFacts.objects.filter(customer=customer).update(first_acceptance_on=day.replace(year=day.year - 3))
    glad, left_alone = (make_contact(customer, personas.pm, now, name=name) for name in ("甲", "乙"))
    Contact.objects.update(birthday=f"{day:%m-%d}")
    Contact.objects.filter(pk=left_alone.pk).update(do_not_contact=True)
    assert plan_care(now) == 3
    assert plan_care(now) == 0
    kinds = sorted(row.occasion.partition("-")[0] for row in planned("anniversary"))
    assert kinds == ["birthday", "commissioning", "founding"]
    assert planned("anniversary").filter(occasion=f"birthday-{glad.pk}:{day.year}").exists()


def test_a_sponsor_visit_is_arranged_by_the_owner_twice_a_year(personas):
    now = db_now()
    customer = columns(make_customer(personas.pm, now), tier="vip", sponsor=personas.ex)
    assert plan_care(now) == 1
    assert plan_care(now) == 0
    row = planned("sponsor").get()
    assert row.owner == personas.pm
    assert Notification.objects.filter(user=personas.ex, code="crm.sponsor_visit_planned").count() == 1
    row.complete(by=personas.pm, now=now)
    columns(customer, last_verified_contact_at=now)
    assert not plan_care(now + timedelta(days=1))
    plan_care(now + timedelta(days=151))
    assert planned("sponsor").count() == 2


def test_near_days_and_working_days():
    assert coming_days(date(2026, 2, 26), 3) == {
        (2, 27): date(2026, 2, 27),
        (2, 28): date(2026, 2, 28),
        (2, 29): date(2026, 2, 28),
        (3, 1): date(2026, 3, 1),
    }
    assert (2, 29) in coming_days(date(2028, 2, 27), 2)
    run = [(date(2026, 10, day), "national") for day in range(1, 8)]
    assert festivals_ahead(run, date(2026, 9, 25), 10) == {"national": date(2026, 10, 1)}
    assert festivals_ahead(run, date(2026, 10, 2), 10) == {}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (date(2026, 11, 29), date(2026, 11, 27)),  # Sunday: the Friday before
        (date(2026, 11, 25), date(2026, 11, 25)),
        (date(2026, 11, 20), date(2026, 11, 25)),  # passed: tomorrow
        (date(2026, 10, 5), date(2026, 11, 25)),
    ],
)
def test_the_working_day_for_a_day(wanted, expected):
    assert working_day_for(wanted, date(2026, 11, 24), work_calendar()) == expected


def test_the_neglected_list_counts_and_opens_its_rows(personas):
    now = db_now()
    owned = aged(make_customer(personas.pm, now), 120)
    waiting = columns(
        make_customer(personas.dp, now, branch="01"),
        created_at=now - timedelta(days=300),
        owner=None,
        pool_status="pool",
    )
    aged(make_customer(personas.outsider_pm, now), 120)
    make_customer(personas.pm, now)
    page = page_of(personas.bm).get("/crm/customers/neglected/")
    assert page.status_code == 200
    assert {row.pk for row in page.context["rows"]} == {owned.pk, waiting.pk}
    assert page.context["totals"]["standard"] == 2
    for line in page.context["lines"]:
        opened = page_of(personas.bm).get(f"/crm/customers/neglected/?{line['query']}&care_class=standard")
        assert len(opened.context["rows"]) == line["cells"]["standard"] == 1
    assert len(page_of(personas.ex).get("/crm/customers/neglected/").context["rows"]) == 3
    assert page_of(personas.pm).get("/crm/customers/neglected/").status_code == 403
    found = api_of(personas.bm).get("/api/v1/customers/?view=neglected&care_class=standard").json()["results"]
    assert len(found) == 2


def test_the_desks_are_told_each_morning_once(personas):
    aged(make_customer(personas.pm, db_now()), 120)
    monday = timezone.make_aware(timezone.datetime(2026, 11, 30, 8, 5))
    assert tell_of_neglected(monday - timedelta(hours=1)) == 0
    assert tell_of_neglected(monday) >= 3
    assert tell_of_neglected(monday + timedelta(minutes=10)) == 0
    assert tell_of_neglected(monday + timedelta(days=1)) == 1
    assert tell_of_neglected(monday + timedelta(days=6)) == 0  # Sunday
    told = Notification.objects.filter(code="crm.neglected_customers")
    assert {row.user for row in told} >= {personas.bm, personas.co, personas.ex}
    assert run_scan("crm.tell_of_neglected", now=monday, force=True) == 0
