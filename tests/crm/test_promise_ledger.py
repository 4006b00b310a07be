"""The promise ledger: given with a log or alone, kept with evidence, broken, withdrawn, moved; page, API, reminders, rates."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core.clock import db_now
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, Notification, Task
from core.sweep import run_scan
from crm.models import Promise
from crm.operations import assign_customer, give_promise
from crm.planning import due_on
from tests.crm.factories import make_activity, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(personas):
    return make_customer(personas.pm, db_now() - timedelta(days=30))


@pytest.fixture
def promise(personas, customer):
    now = db_now()
    return give_promise(
        by=personas.pm, now=now, customer=customer, text="给书面交期", due_at=now + timedelta(days=3)
    )


def page_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def overdue(promise, days=1):
    due = due_on(timezone.localdate(db_now()) - timedelta(days=days))
    Promise.objects.filter(pk=promise.pk).update(due_at=due, reminded_up_to=-1)
    promise.refresh_from_db()
    return promise


def test_a_log_gives_the_promise_and_puts_it_on_the_day(personas, customer):
    now = db_now()
    log = make_activity(
        customer, personas.pm, now, next_at=now + timedelta(days=4), next_step="回访", promise="三天内寄样机",
        promised_for=now + timedelta(days=3),
    )  # fmt: skip
    promise = Promise.objects.get()
    assert (promise.text, promise.activity, promise.owner, promise.made_by) == (
        "三天内寄样机",
        log,
        personas.pm,
        personas.pm,
    )
    assert Task.objects.get(kind="crm.promise").assignee == personas.pm
    assert AuditEntry.objects.filter(code="crm.add_promise", root_id=customer.pk).exists()


def test_without_a_day_it_is_for_the_next_step(personas, customer):
    now = db_now()
    make_activity(
        customer, personas.pm, now, next_at=now + timedelta(days=4), next_step="回访", promise="寄样机"
    )
    assert Promise.objects.get().due_at == now + timedelta(days=4)


@pytest.mark.parametrize("days", [None, -1, 800])
def test_a_promise_needs_a_day_to_come(personas, customer, days):
    now = db_now()
    due_at = None if days is None else now + timedelta(days=days)
    with pytest.raises(RuleBroken):
        give_promise(by=personas.pm, now=now, customer=customer, text="x", due_at=due_at)


def test_keeping_needs_a_log_of_this_customer_or_words(personas, customer, promise):
    now = db_now()
    with pytest.raises(RuleBroken):
        promise.keep(by=personas.pm, now=now)
    elsewhere = make_activity(make_customer(personas.pm, now), personas.pm, now)
    with pytest.raises(RuleBroken):
        promise.keep(by=personas.pm, now=now, evidence=elsewhere)
    shown = make_activity(customer, personas.pm, now)
    kept = promise.keep(by=personas.pm, now=now, evidence=shown)
    assert (kept.state, kept.evidence, kept.was_late) == ("kept", shown, False)
    assert not Task.objects.filter(kind="crm.promise", closed_at=None).exists()
    with pytest.raises(WrongState):
        promise.fail(by=personas.pm, now=now, reason="x")


def test_broken_withdrawn_moved_and_told(personas, customer, promise):
    now = db_now()
    assert promise.tell(by=personas.pm, now=now).told_at == now
    due = now + timedelta(days=9)
    moved = promise.redate(by=personas.pm, now=now, due_at=due, reason="与周副总电话商定")
    assert (moved.due_at, moved.moves, moved.state) == (due, 1, "open")
    assert Task.objects.get(kind="crm.promise").due_at == due
    with pytest.raises(RuleBroken):
        promise.redate(by=personas.pm, now=now, due_at=now - timedelta(days=1), reason="x")
    assert promise.fail(by=personas.pm, now=now, reason="铸件报废").state == "broken"
    other = give_promise(by=personas.pm, now=now, customer=customer, text="样本", due_at=due)
    assert other.withdraw(by=personas.bm, now=now, reason="客户改型").state == "withdrawn"


def test_who_may(personas, promise):
    now = db_now()
    with pytest.raises(NotFound):
        promise.fail(by=personas.outsider_pm, now=now, reason="x")
    with pytest.raises(NotAllowed):
        promise.fail(by=personas.sv, now=now, reason="x")
    with pytest.raises(StaleVersion):
        promise.fail(by=personas.pm, now=now, reason="x", version=7)
    with pytest.raises(NotAllowed):
        give_promise(
            by=personas.sv, now=now, customer=promise.customer, text="x", due_at=now + timedelta(days=1)
        )


def test_kept_rate_of_twelve_months(personas, customer):
    now = db_now()

    def given(days, **columns):
        made = now - timedelta(days=days + 5)
        row = give_promise(
            by=personas.pm, now=made, customer=customer, text="x", due_at=now - timedelta(days=days)
        )
        Promise.objects.filter(pk=row.pk).update(**columns)

    given(10, state="kept", closed_at=now - timedelta(days=11))
    given(20, state="kept", closed_at=now - timedelta(days=21))
    given(30, state="kept", closed_at=now - timedelta(days=2))  # late
    given(40, state="broken", closed_at=now - timedelta(days=41))
    given(50)  # still open
    given(60, state="withdrawn", closed_at=now)
    given(400, state="broken", closed_at=now)  # too long ago
    give_promise(
        by=personas.pm, now=now, customer=customer, text="x", due_at=now + timedelta(days=3)
    )  # not due yet
    kept = Promise.objects.visible_to(personas.pm).kept(now)
    assert (kept.in_time, kept.late, kept.broken, kept.overdue, kept.due) == (2, 1, 1, 1, 5)
    assert kept.share == pytest.approx(0.4)


def test_no_promise_no_rate(personas):
    assert Promise.objects.none().kept(db_now()).share is None


def test_reminders_reach_the_owner_and_from_day_three_the_manager_once(personas, promise):
    overdue(promise, days=0)
    now = timezone.localtime(db_now()).replace(hour=9)
    for day in (0, 0, 1, 3, 3, 7):
        run_scan("crm.promise_reminders", now=now + timedelta(days=day), force=True)
    codes = Notification.objects.filter(object_kind="crm.promise").order_by("at", "pk")
    owner = [row.code for row in codes.filter(user=personas.pm)]
    assert owner == ["crm.promise_due", *["crm.promise_overdue"] * 3]
    assert codes.filter(user=personas.bm).count() == 2


def test_promises_go_with_the_customer(personas, promise):
    assign_customer(
        by=personas.bm, now=db_now(), customer=promise.customer, owner=personas.pm_other, reason="调岗"
    )
    promise.refresh_from_db()
    assert (promise.owner, promise.made_by) == (personas.pm_other, personas.pm)
    assert Task.objects.get(kind="crm.promise", closed_at=None).assignee == personas.pm_other


def test_the_form_proposes_and_one_touch_accepts(personas, customer):
    pm = page_of(personas.pm)
    said = "周副总同意先换两台轴承，要我们周五前给书面交期。"
    answer = pm.post("/crm/promises/propose/", {"summary": said})
    assert answer.status_code == 200
    assert 'value="要我们周五前给书面交期"' in answer.content.decode()
    assert "checked" not in answer.content.decode()
    quiet = pm.post("/crm/promises/propose/", {"summary": "对方承诺月底前补齐手续。"})
    assert "checkbox" not in quiet.content.decode()
    assert page_of(personas.sv).post("/crm/promises/propose/", {"summary": said}).status_code == 403
    assert pm.get("/crm/promises/propose/").status_code == 405
    day = timezone.localdate(db_now()) + timedelta(days=2)
    form = {
        "customer": customer.pk, "channel": "call_reached", "summary": said, "next_on": (day + timedelta(days=3)).isoformat(),
        "promise": "要我们周五前给书面交期", "promised_on": day.isoformat(),
    }  # fmt: skip
    refused = pm.post("/crm/activities/add/", {**form, "promised_on": "2020-01-01"})
    assert refused.status_code == 400
    assert "要我们周五前给书面交期" in refused.content.decode()
    assert pm.post("/crm/activities/add/", form).status_code == 302
    assert Promise.objects.get().due_at == due_on(day)


def test_pages_show_and_settle_it(personas, promise):
    pm = page_of(personas.pm)
    for path in (
        "/crm/promises/",
        "/crm/promises/?view=mine",
        "/crm/promises/?view=judged",
        f"/crm/promises/{promise.pk}/",
    ):
        assert "给书面交期" in pm.get(path).content.decode() or path.endswith("judged")
    assert "给书面交期" in pm.get(f"/crm/customers/{promise.customer_id}/care/").content.decode()
    assert "给书面交期" in pm.get("/").content.decode()
    assert page_of(personas.outsider_pm).get(f"/crm/promises/{promise.pk}/").status_code == 404
    assert pm.post(f"/crm/promises/{promise.pk}/keep/", {}).status_code == 400
    assert pm.post(f"/crm/promises/{promise.pk}/keep/", {"reason": "顺丰寄出"}).status_code == 302
    assert pm.post(f"/crm/promises/{promise.pk}/keep/", {"reason": "顺丰寄出"}).status_code == 409
    added = pm.post(
        "/crm/promises/add/",
        {
            "customer": promise.customer_id,
            "text": "发样本",
            "due_on": (db_now() + timedelta(days=2)).date().isoformat(),
        },
    )
    assert added.status_code == 302
    assert pm.get("/crm/promises/add/").status_code == 404


def test_the_api_says_the_same(personas, promise):
    mine, url = api_of(personas.pm), f"/api/v1/promises/{promise.pk}/"
    shown = mine.get(url).json()
    assert (shown["state"], set(shown["available_actions"])) == (
        "open",
        {"keep", "fail", "withdraw", "redate", "tell"},
    )
    assert api_of(personas.outsider_pm).get(url).status_code == 404
    assert api_of(personas.sv).post(f"{url}fail/", {"reason": "x"}, format="json").status_code == 403
    assert mine.post(f"{url}fail/", {}, format="json").status_code == 400
    assert mine.post(f"{url}keep/", {"reason": "已寄出", "version": 9}, format="json").status_code == 409
    assert mine.post(f"{url}keep/", {"reason": "已寄出"}, format="json").json()["state"] == "kept"
    day = (db_now() + timedelta(days=2)).date().isoformat()
    body = {"customer": promise.customer_id, "text": "发样本", "due_on": day}
    assert mine.post("/api/v1/promises/", body, format="json").status_code == 201
    assert mine.post("/api/v1/promises/", {**body, "due_on": "2020-01-01"}, format="json").status_code == 400
    assert api_of(personas.sv).post("/api/v1/promises/", body, format="json").status_code == 403
    assert len(mine.get("/api/v1/promises/?state=open").json()["results"]) == 1
