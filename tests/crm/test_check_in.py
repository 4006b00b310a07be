"""Checking in at a customer's: kept once, taken over by the visit's log, read by the score, blurred after half a year."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from core.errors import NotAllowed, RuleBroken
from core.params import set_param
from crm.models import CheckIn
from crm.operations import add_site, blur_old_check_ins, check_in, log_activity
from tests.crm.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db
HERE = {"latitude": Decimal("39.904200"), "longitude": Decimal("116.407400"), "accuracy": 30}
KM_NORTH = Decimal("0.009")  # of a degree: about a kilometre


@pytest.fixture
def customer(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    place = {"latitude": HERE["latitude"], "longitude": HERE["longitude"]}
    add_site(by=personas.pm, now=now, customer=customer, name="一号泵房", **place)
    return customer


def visit(personas, now, customer, **changed):
    given = {
        "by": personas.pm, "now": now, "customer": customer, "type": "site_visit", "outcome": "met", "occurred_at": now,
        "summary": "王工确认二期泵房流量，要我们周五前发正式方案。", "next_step": "发方案", "next_at": now + timedelta(days=3),
        "contacts": [make_contact(customer=customer, by=personas.pm, now=now)],
    }  # fmt: skip
    return log_activity(**given | changed)


def codes(activity):
    return {one["code"] for one in activity.signals}


def test_the_log_of_the_visit_takes_the_check_in_over_once(personas, now, customer):
    row = check_in(by=personas.pm, now=now, customer=customer, **HERE)
    call = visit(personas, now + timedelta(minutes=1), customer, type="call", outcome="reached")
    first = visit(personas, now + timedelta(minutes=5), customer)
    second = visit(personas, now + timedelta(minutes=90), customer)
    row.refresh_from_db()
    assert row.activity_id == first.pk
    assert not hasattr(call, "check_in")
    assert not CheckIn.objects.filter(activity=second).exists()
    assert not {"H10", "H10_far"} & codes(first)


def test_a_log_written_the_day_after_takes_over_the_place_of_its_own_day(personas, now, customer):
    first = check_in(by=personas.pm, now=now, customer=customer, **HERE)
    tomorrow = now + timedelta(days=1)
    second = check_in(by=personas.pm, now=tomorrow, customer=customer, **HERE)
    log = visit(personas, tomorrow + timedelta(hours=1), customer, occurred_at=now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.activity_id, second.activity_id) == (log.pk, None)


def test_a_second_tap_corrects_the_first_and_a_later_one_stands_beside_it(personas, now, customer):
    first = check_in(by=personas.pm, now=now, customer=customer, **HERE)
    again = check_in(by=personas.pm, now=now + timedelta(minutes=9), customer=customer, **HERE)
    later = check_in(by=personas.pm, now=now + timedelta(minutes=30), customer=customer, **HERE)
    assert again.pk == first.pk
    assert later.pk != first.pk
    assert CheckIn.objects.count() == 2


@pytest.mark.parametrize(("north", "accuracy", "far"), [(0, 30, False), (5, 30, True), (5, 4_900, False)])
def test_a_place_far_from_every_site_is_noticed_unless_the_device_is_unsure(
    personas, now, customer, north, accuracy, far
):
    place = {**HERE, "latitude": HERE["latitude"] + KM_NORTH * north, "accuracy": accuracy}
    check_in(by=personas.pm, now=now, customer=customer, **place)
    assert ("H10_far" in codes(visit(personas, now + timedelta(minutes=5), customer))) is far


def test_a_missing_check_in_counts_only_from_the_day_the_company_asks_for_it(personas, now, customer):
    assert "H10" not in codes(visit(personas, now, customer))
    day = (now + timedelta(days=1)).date().isoformat()
    asked = {"by": personas.ad, "approved_by": personas.ex, "reason": "每人已配手机", "valid_from": now}
    set_param("crm.check_in_from", day, now=now, **asked)
    before = visit(personas, now + timedelta(hours=1), customer)
    after = visit(personas, now + timedelta(days=2), customer)
    assert "H10" not in codes(before)
    assert "H10" in codes(after)


def test_two_visits_too_far_apart_for_the_time_between_are_noticed(personas, now, customer):
    other = make_customer(personas.pm, now, name="远方水务有限公司", owner=personas.pm)
    check_in(by=personas.pm, now=now, customer=customer, **HERE)
    visit(personas, now, customer, duration_minutes=30)
    away = {**HERE, "latitude": HERE["latitude"] - KM_NORTH * 250}
    hour = now + timedelta(hours=1)
    check_in(by=personas.pm, now=hour, customer=other, **away)
    assert "H6" in codes(visit(personas, hour, other, duration_minutes=30))


def test_refusals(personas, now, customer):
    with pytest.raises(NotAllowed):
        check_in(by=personas.outsider_pm, now=now, customer=customer, **HERE)
    for wrong in ({"latitude": Decimal(91)}, {"longitude": Decimal(181)}, {"accuracy": 5_001}):
        with pytest.raises(RuleBroken):
            check_in(by=personas.pm, now=now, customer=customer, **HERE | wrong)
    assert not CheckIn.objects.exists()


def test_the_page_says_where_and_leads_on_to_the_log(personas, now, customer):
    client = Client()
    client.force_login(personas.pm)
    url = reverse("crm:customer_check_in", args=[customer.pk])
    assert "在此签到" in client.get(url).content.decode()
    refused = client.post(url, HERE | {"accuracy": 9_000})
    assert refused.status_code == 400
    assert "室外" in refused.content.decode()
    answer = client.post(url, HERE, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith(reverse("crm:activity_add"))
    assert "距最近现场" in page
    assert 'value="visit_met" checked' in page
    assert "现在写的拜访记录会自动带上" in page
    client.force_login(personas.outsider_pm)
    assert client.post(url, HERE).status_code == 404


def test_the_same_through_the_api(personas, now, customer):
    api = APIClient()
    api.force_authenticate(personas.pm)
    url = reverse("api:customers-check-in", args=[customer.pk])
    answer = api.post(url, HERE)
    assert answer.status_code == 200, answer.content
    assert answer.json()["km"] == 0.0
    assert api.post(url, HERE | {"latitude": "95"}).status_code == 400
    assert CheckIn.objects.count() == 1


def test_after_half_a_year_only_the_neighbourhood_is_kept(personas, now, customer):
    place = {**HERE, "latitude": Decimal("39.904287")}
    row = check_in(by=personas.pm, now=now, customer=customer, **place)
    assert blur_old_check_ins(now + timedelta(days=179)) == 0
    assert blur_old_check_ins(now + timedelta(days=181)) == 1
    row.refresh_from_db()
    assert (row.latitude, row.blurred) == (Decimal("39.904000"), True)
    assert blur_old_check_ins(now + timedelta(days=182)) == 0
