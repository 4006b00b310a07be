"""The nightly and morning runs of the pool: each notice and each move exactly once, and SQL that agrees with the pure rules."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from accounts.models import Delegation
from core.models import AuditEntry, Notification
from crm.assignment_classes import classify
from crm.models import Customer, CustomerFacts, PoolEvent, PoolNotice, PoolRun
from crm.operations import assign_customer, create_customer, hold, record_facts
from crm.pool_clock import forecast, refresh_due, simulate
from crm.pool_rules import DEFAULT_RULES
from crm.pool_scan import reclassify, recycle_tonight, release_leavers, warn_this_morning
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db


def local(now, days, hour, minute=0):
    """A local time of day so many days after `now`."""
    day = timezone.localtime(now).date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=hour, minute=minute)))


def run_days(now, first, last):
    """Every night's and morning's run from one day to another; what each night moved."""
    moved = {}
    for day in range(first, last + 1):
        moved[day] = recycle_tonight(local(now, day, 2, 31))
        warn_this_morning(local(now, day, 8, 31))
    return {day: number for day, number in moved.items() if number}


def owned(personas, now, **columns):
    return make_customer(personas.pm, now, owner=personas.pm, **{"tier": "na", **columns})


def test_a_prospect_is_warned_7_3_and_1_days_before_and_recycled_the_night_after_the_last_day(personas, now):
    customer = owned(personas, now)
    assert run_days(now, 50, 63) == {61: 1}
    steps = PoolNotice.objects.filter(customer=customer).order_by("given_on").values_list("step", "given_on")
    today = timezone.localtime(now).date()
    assert [(step, (day - today).days) for step, day in steps] == [("7", 53), ("3", 57), ("1", 59)]
    assert Notification.objects.filter(code="crm.pool_warning", user=personas.pm).count() == 3
    customer.refresh_from_db()
    assert (customer.owner, customer.pool_status, customer.pool_reason) == (None, "pool", "no_follow_up")
    event = PoolEvent.objects.get(customer=customer, move="recycled")
    assert (event.from_owner, event.rule, event.actor) == (personas.pm, "contact", None)
    assert AuditEntry.objects.filter(code="crm.recycle_customer", object_id=customer.pk).count() == 1
    assert Notification.objects.filter(code="crm.customers_recycled", user=personas.pm).count() == 1


def test_running_again_or_late_changes_nothing_more(personas, now):
    owned(personas, now)
    run_days(now, 50, 61)
    before = (PoolNotice.objects.count(), PoolEvent.objects.count(), Notification.objects.count())
    assert recycle_tonight(local(now, 61, 4)) == 0
    assert warn_this_morning(local(now, 61, 11)) == 0
    assert (PoolNotice.objects.count(), PoolEvent.objects.count(), Notification.objects.count()) == before
    assert PoolRun.objects.filter(finished_at=None).count() == 0


def test_before_half_past_two_nothing_runs(personas, now):
    owned(personas, now - timedelta(days=100))
    assert recycle_tonight(local(now, 1, 2, 29)) == 0
    assert not PoolRun.objects.exists()


def test_a_two_way_contact_starts_the_clock_and_its_notices_again(personas, now):
    customer = owned(personas, now)
    run_days(now, 52, 55)
    make_activity(
        customer, personas.pm, now + timedelta(days=55), contacts=[make_contact(customer, personas.pm, now)]
    )
    assert run_days(now, 56, 117) == {116: 1}
    assert PoolNotice.objects.filter(customer=customer).values("due_on").distinct().count() == 2


def test_nobody_loses_a_customer_without_a_notice_the_day_before(personas, now):
    """After a downtime, or rules made stricter: first the notice, the night after the customer."""
    customer = owned(personas, now - timedelta(days=200))
    assert recycle_tonight(local(now, 1, 2, 31)) == 0
    warn_this_morning(local(now, 1, 8, 31))
    assert PoolNotice.objects.get(customer=customer).step == "1"
    assert recycle_tonight(local(now, 2, 2, 31)) == 1


@pytest.mark.parametrize("how", ["hold", "facts", "leave", "party", "vip", "history"])
def test_what_is_exempt_stays(personas, now, how):
    customer = owned(personas, now, tier="vip" if how == "vip" else "na")
    if how == "hold":
        hold(customer=customer, kind="contract", ref="HT-1", now=now)
    elif how == "facts":
        record_facts(customer=customer, source="pumps", facts={"pumps_in_warranty": 1}, now=now)
    elif how == "leave":
        Delegation.objects.create(
            from_user=personas.pm,
            to_user=personas.pm_other,
            valid_from=now,
            valid_to=now + timedelta(days=90),
            reason="产假",
        )
    elif how == "party":
        Customer.objects.filter(pk=customer.pk).update(department=personas.dm.unit)
    elif how == "history":
        Customer.objects.filter(pk=customer.pk).update(historical=True)
    assert run_days(now, 50, 70) == {}


def test_small_customers_go_to_the_care_desk_and_are_never_recycled(personas, now):
    customer = owned(personas, now, tier="standard")
    assert run_days(now, 165, 182) == {181: 1}
    customer.refresh_from_db()
    assert customer.pool_status == "care"
    assert run_days(now, 183, 200) == {}


def test_a_silent_key_account_alarms_manager_and_executives_once_each(personas, now):
    customer = owned(personas, now, tier="vip")
    for day in range(28, 50):
        warn_this_morning(local(now, day, 8, 31))
    told = Notification.objects.filter(code="crm.vip_silent", object_id=customer.pk)
    assert told.filter(user=personas.bm).count() == 1
    assert told.filter(user=personas.ex).count() == 1
    assert told.count() == 2


def test_a_customer_that_became_a_key_account_in_the_pool_waits_for_the_manager(personas, now):
    customer = make_customer(personas.dp, now, branch="01", tier="na")
    Customer.objects.filter(pk=customer.pk).update(pool_status="pool", tier="vip")
    recycle_tonight(local(now, 1, 2, 31))
    customer.refresh_from_db()
    assert (customer.pool_status, customer.pool_reason) == ("queue", "became_vip")


def test_a_queue_left_standing_is_told_to_the_managers_superior_once(personas, now):
    customer = make_customer(personas.dp, now, branch="01")
    for day in range(1, 5):
        warn_this_morning(local(now, day, 8, 31))
    told = Notification.objects.filter(code="crm.queue_late")
    assert told.count() == 1
    assert told.get().data == {"count": 1}
    assert PoolNotice.objects.filter(customer=customer, step="queue").count() == 1


def test_a_queue_still_standing_climbs_to_the_executives_twice_and_no_more(personas, now):
    customer = make_customer(personas.dp, now, branch="01")
    for day in range(1, 20):
        warn_this_morning(local(now, day, 8, 31))
        warn_this_morning(local(now, day, 9, 31))
    told = Notification.objects.filter(code="crm.queue_stuck")
    assert sorted(told.values_list("user", "data__days")) == [(personas.ex.pk, 2), (personas.ex.pk, 5)]
    days = dict(PoolNotice.objects.filter(customer=customer).values_list("step", "given_on"))
    assert days["queue"] < days["queue_l2"] < days["queue_l3"]


def test_a_queue_emptied_in_time_climbs_no_further(personas, now):
    customer = make_customer(personas.dp, now, branch="01")
    for day in range(1, 4):
        warn_this_morning(local(now, day, 8, 31))
    assign_customer(by=personas.bm, now=local(now, 3, 9, 0), customer=customer, owner=personas.pm)
    for day in range(4, 20):
        warn_this_morning(local(now, day, 8, 31))
    assert Notification.objects.filter(code="crm.queue_late").count() == 1
    assert not Notification.objects.filter(code="crm.queue_stuck").exists()


def test_customers_of_a_leaver_wait_for_the_manager_after_a_working_day(personas, now):
    customer = owned(personas, now)
    type(personas.pm).objects.filter(pk=personas.pm.pk).update(is_active=False, deactivated_at=now)
    assert release_leavers(now + timedelta(hours=2)) == 0
    assert release_leavers(now + timedelta(days=3)) == 1
    customer.refresh_from_db()
    assert (customer.owner, customer.pool_status, customer.pool_reason) == (None, "queue", "leaver")


def random_customers(personas, now, rng, count):
    def maybe(made):
        return made if rng.random() < 0.5 else None

    for number in range(count):
        born = now - timedelta(days=rng.randint(0, 900), hours=rng.randint(0, 23))
        tier = rng.choice(["na", "standard", "professional", "vip"])
        customer = create_customer(
            by=personas.pm, now=born, name=f"随机{number}号厂（示例）", kind="end_user", branch=personas.pm.branch,
            owner=personas.pm, tier=tier,
        )  # fmt: skip
        Customer.objects.filter(pk=customer.pk).update(
            created_at=born,
            owned_since=maybe(now - timedelta(days=rng.randint(0, 900), hours=rng.randint(0, 23))),
            last_verified_contact_at=maybe(
                now - timedelta(days=rng.randint(0, 400), hours=rng.randint(0, 23))
            ),
        )
        CustomerFacts.objects.filter(customer=customer).update(
            last_project_at=maybe(now - timedelta(days=rng.randint(0, 900))),
            last_order_on=maybe((now - timedelta(days=rng.randint(0, 900))).date()),
            signed_amount_24m=maybe(Decimal(rng.choice([0, 99_999, 100_000, 499_999, 500_000]))),
            orders_36m=maybe(rng.randint(0, 3)),
            pumps_in_warranty=maybe(rng.choice([0, 0, 0, 2])),
        )
        if rng.random() < 0.3:
            until = maybe(now + timedelta(days=rng.randint(-5, 400), hours=rng.randint(0, 23)))
            hold(customer=customer, kind="extension", ref="x", now=now, until=until)


@pytest.mark.parametrize("seed", range(4))
def test_the_night_says_in_sql_what_a_page_says_for_one(personas, now, seed):
    rng = Random(seed)
    random_customers(personas, now, rng, 40)
    refresh_due(now)
    reclassify()
    rows = Customer.objects.select_related("facts")
    for row in rows:
        due = forecast(row, now).deadline
        assert (row.pool_due_on, row.pool_due_limit) == ((due.due_on, due.limit) if due else (None, "")), (
            row.pk
        )
        facts = row.facts
        assert (row.assignment_class, row.assignment_reason) == classify(
            row.tier, signed_24m=facts.signed_amount_24m, orders_36m=facts.orders_36m
        )
    assert refresh_due(now) == 0
    assert reclassify() == 0
    horizon = timezone.localtime(now).date() + timedelta(days=14)
    within = rows.filter(pool_due_on__lte=horizon).count()
    assert simulate(DEFAULT_RULES, now, [14]).get("01", {"14": 0})["14"] == within
