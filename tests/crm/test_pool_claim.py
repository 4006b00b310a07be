"""Claiming from the pool, giving back, extending, asking another branch — each refusal beside its success."""

from datetime import timedelta

import pytest

from accounts.models import Membership, User
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, TooMany, WrongState
from core.models import AuditEntry, Task
from core.params import set_param
from crm.models import Customer, FollowUp, PoolEvent
from crm.operations import (
    ask_cross_claim,
    assign_customer,
    assign_many,
    claim_customer,
    extend_customer,
    hold,
    lift_load,
    preview_bulk,
    return_to_pool,
    set_sponsor,
)
from crm.pool_scan import settle_claims
from crm.portfolio import vip_breaches
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up

pytestmark = pytest.mark.django_db


def pooled(personas, now, *, days=60, branch="", **columns):
    """A customer of the branch that lies in the pool since some days, never owned."""
    columns.setdefault("tier", "na")
    owner = None
    customer = make_customer(
        personas.dp, now - timedelta(days=days), owner=owner, branch=branch or "01", **columns
    )
    Customer.objects.filter(pk=customer.pk).update(pool_status="pool", pool_reason="unassigned_import")
    customer.refresh_from_db()
    return customer


def test_a_claim_makes_the_owner_and_starts_the_clocks(personas, now):
    customer = claim_customer(by=personas.pm, now=now, customer=pooled(personas, now))
    customer.refresh_from_db()
    assert (customer.owner, customer.pool_status, customer.owned_since) == (personas.pm, "", now)
    assert customer.claim_due_at > now + timedelta(days=2)
    event = PoolEvent.objects.filter(customer=customer).latest("pk")
    assert (event.move, event.to_owner, event.branch_id) == ("claimed", personas.pm, customer.branch_id)
    assert AuditEntry.objects.filter(code="crm.claim_customer", object_id=customer.pk).count() == 1


def test_who_comes_second_learns_who_was_quicker(personas, now):
    customer = pooled(personas, now)
    claim_customer(by=personas.pm, now=now, customer=customer)
    with pytest.raises(WrongState) as refusal:
        claim_customer(by=personas.pm_other, now=now, customer=customer)
    assert personas.pm.name in str(refusal.value.message)


def test_other_branches_pools_are_out_of_sight_and_headquarters_is_open_to_all(personas, now):
    customer = pooled(personas, now)
    with pytest.raises(NotFound):
        claim_customer(by=personas.outsider_pm, now=now, customer=customer)
    national = pooled(personas, now, branch="00")
    assert national in Customer.objects.pool_of(personas.outsider_pm)
    taken = claim_customer(by=personas.outsider_pm, now=now, customer=national)
    assert taken.branch.code == "02"


def test_who_has_no_right_to_claim_is_refused(personas, now):
    with pytest.raises(NotAllowed):
        claim_customer(by=personas.co, now=now, customer=pooled(personas, now))


def test_what_waits_for_the_manager_is_not_to_be_claimed(personas, now):
    customer = make_customer(personas.dp, now, branch="01")
    assert customer.pool_status == "queue"
    with pytest.raises(WrongState):
        claim_customer(by=personas.pm, now=now, customer=customer)


def test_five_claims_a_day(personas, now):
    for _turn in range(5):
        claim_customer(by=personas.pm, now=now, customer=pooled(personas, now))
    sixth = pooled(personas, now)
    with pytest.raises(TooMany):
        claim_customer(by=personas.pm, now=now + timedelta(hours=1), customer=sixth)
    tomorrow = now + timedelta(days=1)
    assert claim_customer(by=personas.pm, now=tomorrow, customer=sixth).owner == personas.pm


def test_the_former_owner_is_barred_for_thirty_days(personas, now):
    customer = make_customer(personas.pm, now - timedelta(days=50), owner=personas.pm, tier="na")
    return_to_pool(by=personas.pm, now=now, customer=customer, reason="换了采购平台，没有接触面")
    with pytest.raises(RuleBroken) as refusal:
        claim_customer(by=personas.pm, now=now + timedelta(days=29), customer=customer)
    assert refusal.value.code == "former_owner"
    assert (
        claim_customer(by=personas.pm, now=now + timedelta(days=31), customer=customer).owner == personas.pm
    )


def test_twice_a_year_at_most(personas, now):
    customer = pooled(personas, now)
    at = now
    for _turn in range(2):
        claim_customer(by=personas.pm, now=at, customer=customer)
        return_to_pool(by=personas.pm, now=at + timedelta(days=1), customer=customer, reason="暂无项目")
        at += timedelta(days=40)
    with pytest.raises(RuleBroken) as refusal:
        claim_customer(by=personas.pm, now=at, customer=customer)
    assert refusal.value.code == "claimed_before"
    assert claim_customer(by=personas.pm_other, now=at, customer=customer).owner == personas.pm_other


def test_a_full_load_claims_nothing_until_the_manager_raises_it(personas, now, monkeypatch):
    caps = {"vip": 15, "owned": 5, "projects": 25, "warn_percent": 90}
    monkeypatch.setattr("crm.operations.loads.load_caps", lambda now: caps)
    for _turn in range(5):
        make_customer(personas.pm, now, owner=personas.pm)
    customer = pooled(personas, now)
    with pytest.raises(RuleBroken) as refusal:
        claim_customer(by=personas.pm, now=now, customer=customer)
    assert refusal.value.code == "load_cap"
    until = now + timedelta(days=30)
    with pytest.raises(NotAllowed):
        lift_load(by=personas.pm, now=now, user=personas.pm, percent=20, valid_to=until, reason="季末")
    with pytest.raises(RuleBroken):
        lift_load(by=personas.bm, now=now, user=personas.pm, percent=21, valid_to=until, reason="季末")
    lift_load(by=personas.bm, now=now, user=personas.pm, percent=20, valid_to=until, reason="季末")
    assert claim_customer(by=personas.pm, now=now, customer=customer).owner == personas.pm


def test_an_unworked_claim_goes_back_and_a_worked_one_stays(personas, now):
    worked, idle = (
        claim_customer(by=personas.pm, now=now, customer=pooled(personas, now)) for _turn in range(2)
    )
    person = make_contact(worked, personas.pm, now)
    make_activity(worked, personas.pm, now + timedelta(days=1), contacts=[person])
    late = now + timedelta(days=5)
    assert settle_claims(late) == 1
    assert settle_claims(late) == 0
    for row in (worked, idle):
        row.refresh_from_db()
    assert (worked.owner, worked.claim_due_at) == (personas.pm, None)
    assert (idle.owner, idle.pool_status, idle.pool_reason) == (None, "pool", "claim_lapsed")
    with pytest.raises(RuleBroken):
        claim_customer(by=personas.pm, now=late, customer=idle)


def test_follow_ups_wait_in_the_pool_and_go_to_the_next_owner(personas, now):
    customer = make_customer(personas.pm, now - timedelta(days=50), owner=personas.pm, tier="na")
    planned = make_follow_up(customer, personas.pm, now - timedelta(days=1))
    return_to_pool(by=personas.pm, now=now, customer=customer, reason="暂无项目")
    assert not Task.objects.filter(object_id=planned.pk, kind="crm.followup", closed_at=None).exists()
    claim_customer(by=personas.pm_other, now=now, customer=customer)
    assert FollowUp.objects.get(pk=planned.pk).owner == personas.pm_other
    task = Task.objects.get(object_id=planned.pk, kind="crm.followup", closed_at=None)
    assert task.assignee == personas.pm_other


def test_giving_back_needs_a_reason_and_nothing_open(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm, tier="na")
    with pytest.raises(RuleBroken) as refusal:
        return_to_pool(by=personas.pm, now=now, customer=customer, reason=" ")
    assert "reason" in refusal.value.errors
    hold(customer=customer, kind="ticket", ref="GD-1", now=now)
    with pytest.raises(RuleBroken) as refusal:
        return_to_pool(by=personas.pm, now=now, customer=customer, reason="暂无项目")
    assert refusal.value.code == "held"
    with pytest.raises(NotFound):
        return_to_pool(by=personas.outsider_pm, now=now, customer=customer, reason="暂无项目")
    other = make_customer(personas.pm, now, owner=personas.pm, tier="na")
    with pytest.raises(StaleVersion):
        return_to_pool(by=personas.pm, now=now, customer=other, reason="暂无项目", version=99)
    return_to_pool(by=personas.pm, now=now, customer=other, reason="暂无项目")
    with pytest.raises(NotFound):
        return_to_pool(by=personas.pm, now=now, customer=other, reason="再退一次")


def test_where_a_customer_rests(personas, now):
    """A key account waits for the manager, a small one at the care desk, others are for claiming."""
    ends = {}
    for tier in ("vip", "standard", "na"):
        customer = make_customer(personas.pm, now, owner=personas.pm, tier=tier)
        ends[tier] = return_to_pool(by=personas.bm, now=now, customer=customer, reason="调整分工").pool_status
    assert ends == {"vip": "queue", "standard": "care", "na": "pool"}


def test_the_manager_releases_the_queue_into_the_pool(personas, now):
    customer = make_customer(personas.dp, now, branch="01", tier="na")
    released = return_to_pool(by=personas.bm, now=now, customer=customer, reason="谁有精力谁领")
    assert (released.pool_status, released.pool_reason) == ("pool", "new")
    with pytest.raises(WrongState):
        return_to_pool(by=personas.bm, now=now, customer=customer, reason="再放一次")


def test_the_manager_extends_once(personas, now):
    customer = make_customer(personas.pm, now - timedelta(days=50), owner=personas.pm, tier="na")
    with pytest.raises(NotAllowed):
        extend_customer(by=personas.pm, now=now, customer=customer, reason="等预算")
    with pytest.raises(RuleBroken):
        extend_customer(by=personas.bm, now=now, customer=customer, reason="")
    due = (now - timedelta(days=50)).date() + timedelta(days=60 + 30)
    assert extend_customer(by=personas.bm, now=now, customer=customer, reason="等预算").pool_due_on == due
    with pytest.raises(WrongState):
        extend_customer(by=personas.bm, now=now + timedelta(days=20), customer=customer, reason="再等")
    key_account = make_customer(personas.pm, now, owner=personas.pm, tier="vip")
    with pytest.raises(WrongState):
        extend_customer(by=personas.bm, now=now, customer=key_account, reason="等预算")


def test_a_key_account_needs_somebody_senior_or_a_mentor(personas, now):
    Membership.objects.filter(user=personas.pm).update(valid_from=now - timedelta(days=300))
    customer = make_customer(personas.dp, now, branch="01", tier="vip")
    with pytest.raises(RuleBroken) as refusal:
        assign_customer(by=personas.bm, now=now, customer=customer, owner=personas.pm)
    assert "mentor" in refusal.value.errors
    with pytest.raises(RuleBroken):
        assign_customer(
            by=personas.bm, now=now, customer=customer, owner=personas.pm, mentor=personas.outsider_pm
        )
    given = assign_customer(
        by=personas.bm, now=now, customer=customer, owner=personas.pm, mentor=personas.pm_other
    )
    assert given.owner == personas.pm
    assert given in Customer.objects.visible_to(personas.fresh("pm_other"))


@pytest.mark.parametrize(("days", "alone"), [(729, False), (732, True)])
def test_two_years_as_a_seller_make_a_senior(personas, now, days, alone):
    Membership.objects.filter(user=personas.pm).update(valid_from=now - timedelta(days=days))
    customer = make_customer(personas.dp, now, branch="01", tier="vip")
    if alone:
        assert (
            assign_customer(by=personas.bm, now=now, customer=customer, owner=personas.pm).owner
            == personas.pm
        )
        return
    with pytest.raises(RuleBroken) as refusal:
        assign_customer(by=personas.bm, now=now, customer=customer, owner=personas.pm)
    assert "mentor" in refusal.value.errors


def test_years_in_another_trade_do_not_count_and_other_tiers_ask_for_none(personas, now):
    Membership.objects.filter(user=personas.pm).update(role="AE")
    key_account = make_customer(personas.dp, now, branch="01", tier="vip")
    with pytest.raises(RuleBroken):
        assign_customer(by=personas.bm, now=now, customer=key_account, owner=personas.pm)
    other = make_customer(personas.dp, now, branch="01", tier="professional")
    assert assign_customer(by=personas.bm, now=now, customer=other, owner=personas.pm).owner == personas.pm


def test_the_company_sets_the_years_and_nobody_mentors_himself(personas, now):
    Membership.objects.filter(user__in=[personas.pm, personas.pm_other]).update(
        valid_from=now - timedelta(days=400)
    )
    customer = make_customer(personas.dp, now, branch="01", tier="vip")
    for mentor in (personas.pm, personas.pm_other):  # the colleague is as new
        with pytest.raises(RuleBroken):
            assign_customer(by=personas.bm, now=now, customer=customer, owner=personas.pm, mentor=mentor)
    set_param(
        "crm.vip_owner_years",
        1,
        by=personas.co,
        approved_by=personas.ex,
        reason="放宽",
        valid_from=now,
        now=now,
    )
    later = now + timedelta(minutes=1)
    assert (
        assign_customer(by=personas.bm, now=later, customer=customer, owner=personas.pm).owner == personas.pm
    )


def test_a_key_account_stays_put_when_many_go_to_a_newcomer(personas, now):
    Membership.objects.filter(user=personas.pm).update(valid_from=now - timedelta(days=300))
    rows = [make_customer(personas.dp, now, branch="01", tier=tier) for tier in ("vip", "standard")]
    preview = preview_bulk(rows, personas.pm, by=personas.bm, now=now)
    assert (preview.moving, [row for row, _why in preview.staying]) == ([rows[1]], [rows[0]])
    with pytest.raises(RuleBroken):
        assign_many(by=personas.bm, now=now, customers=rows, owner=personas.pm)
    assert not Customer.objects.filter(owner=personas.pm).exists()


def test_only_an_executive_stands_for_a_key_account_and_one_without_is_shown(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm, tier="vip")
    assert vip_breaches(personas.bm) == [customer]
    with pytest.raises(RuleBroken) as refusal:
        set_sponsor(by=personas.bm, now=now, customer=customer, sponsor=personas.dm)
    assert "sponsor" in refusal.value.errors
    with pytest.raises(NotAllowed):
        set_sponsor(by=personas.pm, now=now, customer=customer, sponsor=personas.ex)
    set_sponsor(by=personas.bm, now=now, customer=customer, sponsor=personas.ex)
    assert vip_breaches(personas.bm) == []
    User.objects.filter(pk=personas.ex.pk).update(is_active=False)
    assert vip_breaches(personas.bm) == [customer]


def test_across_branches_both_managers_agree(personas, now):
    customer = pooled(personas, now)
    claim = ask_cross_claim(by=personas.outsider_pm, now=now, code=customer.code, reason="总包在上海")
    assert Task.objects.filter(kind="crm.consent_crossclaim", closed_at=None).count() == 2
    with pytest.raises(NotAllowed):
        claim.consent(by=personas.outsider_pm, now=now)
    with pytest.raises(NotFound):
        claim.consent(by=personas.pm, now=now)
    assert claim.consent(by=personas.bm, now=now).state == "open"
    with pytest.raises(NotAllowed):
        claim.consent(by=personas.bm, now=now)
    assert claim.consent(by=personas.outsider_bm, now=now).state == "done"
    customer.refresh_from_db()
    assert (customer.owner, customer.branch.code) == (personas.outsider_pm, "02")
    assert not Task.objects.filter(kind="crm.consent_crossclaim", closed_at=None).exists()
    with pytest.raises(WrongState):
        claim.consent(by=personas.outsider_bm, now=now)


def test_asking_across_branches_teaches_nothing_and_may_be_refused_or_withdrawn(personas, now):
    own = pooled(personas, now)
    owned = make_customer(personas.pm, now, owner=personas.pm)
    for code in ("KH-99-2026-00001", owned.code):
        with pytest.raises(RuleBroken) as refusal:
            ask_cross_claim(by=personas.outsider_pm, now=now, code=code, reason="总包在上海")
        assert len(refusal.value.errors["code"]) == 1
    with pytest.raises(RuleBroken):
        ask_cross_claim(by=personas.pm, now=now, code=own.code, reason="我来")
    claim = ask_cross_claim(by=personas.outsider_pm, now=now, code=own.code, reason="总包在上海")
    with pytest.raises(RuleBroken):
        ask_cross_claim(by=personas.outsider_pm, now=now, code=own.code, reason="再问一次")
    with pytest.raises(RuleBroken):
        claim.refuse(by=personas.bm, now=now, reason="")
    assert claim.refuse(by=personas.bm, now=now, reason="本地已有跟进计划").state == "refused"
    again = ask_cross_claim(by=personas.outsider_pm, now=now, code=own.code, reason="换个理由")
    assert again.cancel(by=personas.outsider_pm, now=now).state == "cancelled"
