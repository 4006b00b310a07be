"""A handover from start to the check after a month: every step, its refusals, what moves and what stays."""

from datetime import date, timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import RecordAccess
from accounts.operations import deactivate_user
from core.clock import db_now
from core.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.models import AuditEntry, Notification, Task
from core.sweep import run_scan
from crm import handover_desk as desk
from crm.handover_choices import ItemKind
from crm.models import Customer, FollowUp, Handover, HandoverItem, Promise
from crm.operations import hold
from crm.operations.handovers import Answer, answer_items, distribute_handover, open_handover
from crm.operations.promises import give_promise
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(personas):
    now = db_now() - timedelta(days=40)
    row = make_customer(personas.pm, now, short_name="云润水务")
    make_contact(row, personas.pm, now)
    make_activity(row, personas.pm, now)
    make_follow_up(row, personas.pm, db_now(), days=5)
    due = db_now() + timedelta(days=20)
    give_promise(by=personas.pm, now=db_now(), customer=row, text="五月前换轴承", due_at=due)
    return Customer.objects.get(pk=row.pk)


def start(personas, *customers, **values):
    return open_handover(
        by=values.pop("by", personas.bm),
        now=db_now(),
        giver=values.pop("giver", personas.pm),
        customers=customers,
        trigger=values.pop("trigger", "transfer"),
        receiver=values.pop("receiver", personas.pm_other),
        **values,
    )


def fill(handover, by, *, leave=()):
    """Settle every open line except the kinds left out."""
    items = HandoverItem.objects.missing().filter(handover=handover).exclude(kind__in=leave)
    answers = [
        Answer(item, nothing=item.is_written, confirmed=not item.is_written, happened_on=day_of(item))
        for item in items
    ]
    return answer_items(by=by, now=db_now(), handover=handover, answers=answers)


def day_of(item):
    return db_now().date() if item.kind == ItemKind.JOINT_VISIT else None


def reviewed(personas, customer, **values):
    """A handover whose receiver has signed."""
    row = start(personas, customer, **values).generate_dossier(by=None)
    fill(row, personas.pm)
    return row.fill_gaps(by=personas.pm).accept(by=values.get("receiver", personas.pm_other))


def approved(personas, customer, **values):
    row = reviewed(personas, customer, **values)
    row = row.inform_customer(by=personas.bm, informed_via="call", informed_on=db_now().date())
    return row.approve(by=personas.bm)


def test_the_whole_way_moves_the_customer_and_nothing_of_the_past(personas, customer):
    logged = customer.activities.get()
    row = start(personas, customer)
    assert (row.state, row.code[:6], Task.objects.get(kind="crm.handover", closed_at=None).assignee) == (
        "initiated",
        "YJ-01-",
        personas.pm,
    )
    row = row.generate_dossier(by=None)
    kinds = set(row.items.values_list("kind", flat=True))
    assert {"card", "map", "contact", "promises", "preferences", "follow_up", "wecom", "files"} <= kinds
    assert row.items.get(kind="follow_up").is_done
    fill(row, personas.pm)
    row = row.fill_gaps(by=personas.pm).accept(by=personas.pm_other)
    row = row.inform_customer(by=personas.pm, informed_via="visit", informed_on=db_now().date())
    row = row.approve(by=personas.bm)
    customer.refresh_from_db()
    assert customer.owner == personas.pm
    done = row.complete(by=personas.bm)
    customer.refresh_from_db()
    logged.refresh_from_db()
    assert (done.state, customer.owner) == ("done", personas.pm_other)
    assert logged.author == personas.pm
    assert FollowUp.objects.open().get().owner == personas.pm_other
    promise = Promise.objects.open().get()
    assert (promise.owner, promise.made_by) == (personas.pm_other, personas.pm)
    assert Task.objects.get(kind="crm.followup", closed_at=None).assignee == personas.pm_other
    assert Task.objects.get(kind="crm.handover_check", closed_at=None).assignee == personas.bm
    old = personas.fresh("pm")
    assert Customer.objects.visible_to(old).filter(pk=customer.pk).exists()
    assert not old.has_perm("crm.change_customer", customer)
    until = RecordAccess.objects.get(kind="crm.customer", user=old, source="former_owner").until
    assert 29 <= (until - db_now()).days <= 30
    checked = done.review(by=personas.bm, check_ok=True)
    assert (checked.state, checked.check_ok) == ("done", True)
    with pytest.raises(RuleBroken):
        checked.review(by=personas.bm, check_ok=True)


def test_a_dossier_silent_about_promises_is_not_passed_on(personas, customer):
    """Acceptance story of the specification: a handover with an unticked promise is refused, whatever its score."""
    row = start(personas, customer).generate_dossier(by=None)
    row = fill(row, personas.pm, leave=["promises"])
    with pytest.raises(RuleBroken) as refused:
        row.fill_gaps(by=personas.pm)
    assert (refused.value.code, refused.value.status) == ("promises_silent", 400)
    promise = row.items.get(kind="promises")
    with pytest.raises(RuleBroken):
        answer_items(
            by=personas.pm,
            now=db_now(),
            handover=row,
            answers=[Answer(promise, note="答应六月前换轴承", nothing=True)],
        )
    answer_items(
        by=personas.pm, now=db_now(), handover=row, answers=[Answer(promise, note="答应六月前换轴承")]
    )
    assert row.fill_gaps(by=personas.pm).state == "receiver_review"
    assert not AuditEntry.objects.filter(data__icontains="轴承").exists()


def test_the_receiver_refuses_once_with_listed_gaps(personas, customer):
    row = start(personas, customer).generate_dossier(by=None)
    fill(row, personas.pm)
    row = row.fill_gaps(by=personas.pm)
    gap = row.items.get(kind="promises")
    with pytest.raises(RuleBroken):
        row.refuse(by=personas.pm_other, items=[], reason="承诺没有写")
    with pytest.raises(NotAllowed):
        row.refuse(by=personas.pm, items=[gap], reason="自己退自己")
    row = row.refuse(by=personas.pm_other, items=[gap], reason="承诺没有写")
    gap.refresh_from_db()
    assert (row.state, gap.has_gap, gap.is_done, row.owner_signed_at) == (
        "dossier_generated",
        True,
        False,
        None,
    )
    with pytest.raises(RuleBroken):
        row.fill_gaps(by=personas.pm)
    answer_items(by=personas.pm, now=db_now(), handover=row, answers=[Answer(gap, note="六月前换轴承")])
    row = row.fill_gaps(by=personas.pm)
    with pytest.raises(RuleBroken) as again:
        row.refuse(by=personas.pm_other, items=[gap], reason="还是不够")
    assert again.value.code == "refused_before"
    assert row.accept(by=personas.pm_other).state == "gaps_fixed"


def test_below_95_percent_is_not_approved(personas, customer):
    row = start(personas, customer).generate_dossier(by=None)
    fill(row, personas.pm, leave=["wecom", "files"])
    row = row.fill_gaps(by=personas.pm).accept(by=personas.pm_other)
    row = row.inform_customer(by=personas.pm, informed_via="call", informed_on=db_now().date())
    with pytest.raises(RuleBroken) as refused:
        row.approve(by=personas.bm)
    assert refused.value.code == "dossier_incomplete"


def test_an_open_contract_demands_a_joint_visit(personas, customer):
    hold(customer=customer, kind="contract", ref="HT-01-2026-00001", now=db_now())
    row = start(personas, customer).generate_dossier(by=None)
    visit = row.items.get(kind="joint_visit")
    fill(row, personas.pm, leave=["joint_visit"])
    row = row.fill_gaps(by=personas.pm).accept(by=personas.pm_other)
    row = row.inform_customer(by=personas.pm, informed_via="call", informed_on=db_now().date())
    with pytest.raises(RuleBroken) as refused:
        desk.refuse_missing_visits(row)
    assert refused.value.code == "joint_visit_missing"
    tomorrow, before = db_now().date() + timedelta(days=1), db_now().date() - timedelta(days=9)
    for day in (tomorrow, before):
        with pytest.raises(RuleBroken):
            answer_items(
                by=personas.pm_other, now=db_now(), handover=row, answers=[Answer(visit, happened_on=day)]
            )
    row = answer_items(
        by=personas.pm_other,
        now=db_now(),
        handover=row,
        answers=[Answer(visit, happened_on=db_now().date())],
    )
    assert row.approve(by=personas.bm).complete(by=personas.bm).state == "done"


def test_nobody_approves_what_they_give_or_receive(personas, customer):
    row = reviewed(personas, customer, receiver=personas.bm)
    row = row.inform_customer(by=personas.bm, informed_via="call", informed_on=db_now().date())
    with pytest.raises(NotAllowed):
        row.approve(by=personas.bm)
    with pytest.raises(NotAllowed):
        row.approve(by=personas.pm)
    with pytest.raises(NotFound):
        row.approve(by=personas.outsider_bm)
    assert Task.objects.get(kind="crm.handover", closed_at=None).assignee == personas.dm_sal
    assert row.approve(by=personas.dm_sal).complete(by=personas.dm_sal).state == "done"


def test_only_the_receiver_accepts_and_only_the_giver_fills(personas, customer):
    row = start(personas, customer).generate_dossier(by=None)
    item = row.items.get(kind="preferences")
    with pytest.raises(NotAllowed):
        answer_items(
            by=personas.fresh("pm_other"), now=db_now(), handover=row, answers=[Answer(item, nothing=True)]
        )
    fill(row, personas.pm)
    row = row.fill_gaps(by=personas.pm)
    with pytest.raises(NotAllowed):
        row.accept(by=personas.bm)
    with pytest.raises(WrongState):
        row.approve(by=personas.bm)
    with pytest.raises(RuleBroken):
        row.accept(by=personas.pm_other).inform_customer(
            by=personas.pm, informed_via="call", informed_on=date(2199, 1, 1)
        )


def test_a_customer_is_handed_over_once_at_a_time_and_calling_off_frees_it(personas, customer):
    row = start(personas, customer)
    with pytest.raises(RuleBroken):
        start(personas, customer)
    assert Customer.objects.visible_to(personas.fresh("pm_other")).filter(pk=customer.pk).exists()
    with pytest.raises(NotAllowed):
        row.cancel(by=personas.pm, reason="不换了")
    assert row.cancel(by=personas.bm, reason="不换了").state == "cancelled"
    assert not Customer.objects.visible_to(personas.fresh("pm_other")).filter(pk=customer.pk).exists()
    assert start(personas, customer).state == "initiated"


@pytest.mark.parametrize("receiver", ["pm", "outsider_pm"])
def test_receivers_that_cannot_look_after_the_customer_are_refused(personas, customer, receiver):
    with pytest.raises(RuleBroken):
        start(personas, customer, receiver=personas[receiver])
    assert not Handover.objects.exists()


def test_customers_of_somebody_else_are_refused(personas, customer):
    other = make_customer(personas.pm_other, db_now())
    with pytest.raises(RuleBroken):
        start(personas, customer, other)
    with pytest.raises(RuleBroken):
        start(personas, customer, by=personas.outsider_bm)


def test_a_project_manager_may_hand_over_only_their_own(personas, customer):
    other = make_customer(personas.pm_other, db_now())
    with pytest.raises(RuleBroken):
        start(personas, other, by=personas.pm, giver=personas.pm_other, receiver=personas.pm)
    assert start(personas, customer, by=personas.pm).state == "initiated"


def test_a_leavers_customers_reach_the_manager_and_are_spread(personas, customer):
    """Closing an account is enough: the sweep opens a draft, proposals follow load, a leaver keeps nothing."""
    second = make_customer(personas.pm, db_now())
    deactivate_user(by=None, now=db_now(), user=personas.pm)
    for _turn in range(2):
        run_scan("crm.handover_leavers", force=True)
    draft = Handover.objects.get()
    task = Task.objects.get(kind="crm.handover", closed_at=None)
    assert (draft.state, draft.trigger, task.assignee) == ("draft", "leaver", personas.bm)
    assert set(draft.entries.values_list("proposed", flat=True)) == {personas.pm_other.pk}
    made = distribute_handover(
        by=personas.bm, now=db_now(), handover=draft, receivers={second.pk: personas.bm}
    )
    assert [(row.receiver, row.entries.count()) for row in made] == [(personas.pm_other, 1), (personas.bm, 1)]
    assert run_scan("crm.handover_dossiers", force=True) == 2
    with pytest.raises(WrongState):
        distribute_handover(by=personas.bm, now=db_now(), handover=draft, receivers={})
    row = Handover.objects.get(pk=draft.pk)
    fill(row, personas.bm)
    row = row.fill_gaps(by=personas.bm).accept(by=personas.pm_other)
    row = row.inform_customer(by=personas.bm, informed_via="call", informed_on=db_now().date())
    row.approve(by=personas.bm).complete(by=personas.bm)
    assert not RecordAccess.objects.filter(kind="crm.customer", user=personas.pm).exists()


def test_late_handovers_are_told_on_the_day_and_after_three_and_seven(personas, customer):
    row = start(personas, customer)
    for days, told in ((0, 1), (1, 1), (3, 2), (4, 2), (9, 3)):
        run_scan("crm.handover_late", now=row.due_at + timedelta(days=days, hours=1), force=True)
        found = Notification.objects.filter(code="crm.handover_late", user=personas.bm).count()
        assert (days, found) == (days, told)


def test_pages_and_interface_refuse_alike(personas, customer):
    mine, api = Client(), APIClient()
    mine.force_login(personas.bm)
    api.force_authenticate(personas.bm)
    form = {"giver": personas.pm.pk, "customers": [customer.pk], "trigger": "territory"}
    assert mine.get(f"/crm/handovers/add/?customer={customer.pk}").status_code == 200
    assert mine.post("/crm/handovers/add/", {**form, "receiver": personas.outsider_pm.pk}).status_code == 400
    made = api.post("/api/v1/handovers/", {**form, "receiver": personas.pm_other.pk}, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "initiated")
    url = f"/api/v1/handovers/{made.json()['id']}"
    assert api.post(f"{url}/generate_dossier/", {}, format="json").json()["state"] == "dossier_generated"
    assert api.post(f"{url}/fill_gaps/", {}, format="json").status_code == 400
    assert api.post(f"{url}/approve/", {}, format="json").status_code == 409
    items = api.get(f"/api/v1/handover-items/?handover={made.json()['id']}&missing=true").json()["results"]
    promise = next(item for item in items if item["kind"] == "promises")
    answered = api.post(f"/api/v1/handover-items/{promise['id']}/answer/", {"nothing": True}, format="json")
    assert answered.json()["done_at"]
    page = mine.get(f"/crm/handovers/{made.json()['id']}/fill/?customer={customer.pk}")
    assert page.status_code == 200
    posted = {f"none_{item['id']}": "on" for item in items if item["kind"] in ("preferences", "competitors")}
    assert (
        mine.post(f"/crm/handovers/{made.json()['id']}/fill/?customer={customer.pk}", posted).status_code
        == 302
    )
    for path in ("", "dossier/"):
        assert mine.get(f"/crm/handovers/{made.json()['id']}/{path}").status_code == 200
    outsider = Client()
    outsider.force_login(personas.outsider_bm)
    assert outsider.get(f"/crm/handovers/{made.json()['id']}/").status_code == 404
    assert mine.get("/crm/handovers/?view=open").content.decode().count("YJ-01") >= 1
    assert "YJ-01" not in outsider.get("/crm/handovers/").content.decode()
    assert mine.get(f"/crm/customers/{customer.pk}/").status_code == 200


def test_a_draft_is_spread_on_its_page(personas, customer):
    mine = Client()
    mine.force_login(personas.bm)
    row = start(personas, customer, receiver=None)
    with pytest.raises(RuleBroken):
        row.initiate(by=personas.bm, receiver=personas.outsider_pm)
    with pytest.raises(NotFound):
        row.initiate(by=personas.outsider_bm, receiver=personas.pm_other)
    assert mine.get(f"/crm/handovers/{row.pk}/distribute/").status_code == 200
    assert mine.get(f"/crm/handovers/{row.pk}/").status_code == 200
    sent = {f"receiver_{customer.pk}": personas.pm_other.pk, "version": row.version}
    assert mine.post(f"/crm/handovers/{row.pk}/distribute/", sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.receiver) == ("initiated", personas.pm_other)
