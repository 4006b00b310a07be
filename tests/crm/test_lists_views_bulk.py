"""Views and columns of lists, and one thing done to many rows: rehearsed, refused row by row, done, undone."""

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core.errors import NotFound, RuleBroken
from core.lists import hiding_classes, list_of, lists, remember_columns, save_view, shown_columns
from core.models import AuditEntry, BulkRun, SavedView
from crm.models import Customer, FollowUp
from crm.operations import add_tag, change_tag, tag_customer
from tests.crm.factories import make_contact, make_customer, make_follow_up

pytestmark = pytest.mark.django_db

LIST = "/lists/crm.customer/"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def customers(personas, now):
    return [make_customer(personas.pm, now) for _turn in range(3)]


# --- columns and views ---------------------------------------------------------------------------------------------------


def test_five_lists_let_people_choose_their_columns():
    assert {spec.code for spec in lists()} >= {
        "crm.customer", "crm.contact", "crm.followup", "projects.project", "service.ticket",
    }  # fmt: skip


def test_columns_are_remembered_for_the_person_and_hide_by_place(personas, customers):
    spec = list_of("crm.customer")
    remember_columns(personas.pm, "crm.customer", ["owner", "stage"])
    again = type(personas.pm).objects.get(pk=personas.pm.pk)
    assert shown_columns(spec, again) == ["stage", "owner"]
    assert shown_columns(spec, again, "due") == ["due"]
    assert hiding_classes(spec, ["stage", "owner"], picks=False) == " hide-3 hide-5 hide-6 hide-7"
    assert hiding_classes(spec, ["stage", "owner"], picks=True) == " hide-4 hide-6 hide-7 hide-8"
    page = client_of(again).get("/crm/customers/").content.decode()
    assert "list customers hide-4 hide-6 hide-7 hide-8" in page
    everything = [column.code for column in spec.columns]
    remember_columns(again, "crm.customer", everything)
    assert again.list_columns == {}
    with pytest.raises(RuleBroken):
        remember_columns(again, "crm.customer", ["salary"])
    with pytest.raises(NotFound):
        remember_columns(again, "crm.nothing", [])


def test_a_view_keeps_filters_and_columns_and_the_unit_may_see_it(personas, customers):
    client = client_of(personas.pm)
    shown = client.get(LIST, {"query": "tier=vip&cursor=abc&ordering=last_contact_at"})
    assert "tier=vip" in shown.content.decode()
    body = {"name": "重点客户", "query": "tier=vip&cursor=abc", "shared": "on", "columns": ["owner"]}
    saved = client.post(f"{LIST}views/", body)
    assert (saved.status_code, saved.url) == (302, "/crm/customers/?tier=vip&columns=owner")
    assert client.post(f"{LIST}views/", {**body, "query": "tier=standard"}).status_code == 302
    view = SavedView.objects.get()
    assert view.query == "tier=standard"
    assert "重点客户" in client_of(personas.pm_other).get(LIST).content.decode()
    assert "重点客户" not in client_of(personas.outsider_pm).get(LIST).content.decode()
    client_of(personas.pm_other).post(f"/saved-views/{view.pk}/remove/")  # told why not; it stays
    assert SavedView.objects.count() == 1
    assert client_of(personas.outsider_pm).post(f"/saved-views/{view.pk}/remove/").status_code == 404
    assert client.post(f"/saved-views/{view.pk}/remove/").status_code == 302
    assert not SavedView.objects.exists()
    assert client.post(f"{LIST}views/", {"name": ""}).status_code == 400
    assert client_of(personas.ad).get(LIST).status_code == 403
    assert client.get("/lists/crm.nothing/").status_code == 404


def test_views_by_the_api(personas):
    api = api_of(personas.pm)
    body = {"list_code": "crm.customer", "name": "沉默客户", "query": "view=silent", "columns": "owner,due"}
    made = api.post("/api/v1/saved-views/", body, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["columns"] == ["owner", "due"]
    assert api.post("/api/v1/saved-views/", {**body, "list_code": "x"}, format="json").status_code == 404
    assert len(api.get("/api/v1/saved-views/", {"list_code": "crm.customer"}).json()["results"]) == 1
    assert api_of(personas.pm_other).get("/api/v1/saved-views/").json()["results"] == []
    url = f"/api/v1/saved-views/{made.json()['id']}/remove/"
    assert api_of(personas.pm_other).post(url).status_code == 404
    assert api.post(url).status_code == 200


def test_nobody_keeps_more_views_than_anybody_reads(personas):
    for number in range(40):
        save_view(by=personas.pm, list_code="crm.customer", name=f"视图{number}", query="")
    with pytest.raises(RuleBroken):
        save_view(by=personas.pm, list_code="crm.customer", name="再来一个", query="")


# --- many rows at once ---------------------------------------------------------------------------------------------------


def test_a_rehearsal_shows_what_changes_and_changes_nothing(personas, customers):
    client = client_of(personas.pm)
    picked = {"action": "columns", "ids": [one.pk for one in customers]}
    assert client.get(f"{LIST}bulk/", picked).status_code == 200
    seen = client.post(f"{LIST}bulk/", {**picked, "step": "preview", "source": "fair"})
    assert seen.content.decode().count('name="seen"') == 3
    assert not Customer.objects.filter(source="fair").exists()
    assert not AuditEntry.objects.filter(code="crm.change_customer").exists()
    assert client.post(f"{LIST}bulk/", {**picked, "step": "preview"}).status_code == 400


def test_a_run_changes_row_by_row_refuses_the_stale_and_is_taken_back(personas, customers):
    client = client_of(personas.pm)
    first, second, third = customers
    Customer.objects.filter(pk=second.pk).update(source="call")
    Customer.objects.filter(pk=third.pk).update(version=7)
    body = {
        "action": "columns",
        "ids": [one.pk for one in customers],
        "seen": [f"{one.pk}:{one.version}" for one in customers],
        "source": "fair",
        "step": "run",
    }
    done = client.post(f"{LIST}bulk/", body)
    assert done.status_code == 200
    assert set(Customer.objects.filter(source="fair").values_list("pk", flat=True)) == {first.pk, second.pk}
    assert AuditEntry.objects.filter(code="crm.change_customer").count() == 2
    run = BulkRun.objects.get()
    assert (len(run.done), run.refused) == (2, 1)
    assert client_of(personas.bm).post(f"/bulk-runs/{run.pk}/undo/").status_code == 404
    assert client.post(f"/bulk-runs/{run.pk}/undo/").status_code == 302
    sources = {one.pk: Customer.objects.get(pk=one.pk).source for one in customers}
    assert sources == {first.pk: "", second.pk: "call", third.pk: ""}
    run.refresh_from_db()
    assert run.undone_at is not None


def test_a_word_taken_off_many_and_then_retired_comes_back(personas, now, customers):
    word, other = (add_tag(by=personas.co, now=now, name=name) for name in ("标杆", "框架协议"))
    for one, tags in zip(customers, (["标杆"], ["标杆", "框架协议"], ["框架协议"]), strict=True):
        tag_customer(by=personas.co, now=now, customer=one, add=tags)
    client = client_of(personas.pm)
    ids = [one.pk for one in customers]
    client.post(f"{LIST}bulk/", {"action": "tag", "ids": ids, "remove": "标杆", "step": "run"})
    assert [Customer.objects.get(pk=pk).tags for pk in ids] == [[], ["框架协议"], ["框架协议"]]
    change_tag(by=personas.co, now=now, tag=word, name="标杆", retired=True)
    change_tag(by=personas.co, now=now, tag=other, name="年度框架", retired=True)
    assert client.post(f"/bulk-runs/{BulkRun.objects.get().pk}/undo/").status_code == 302
    assert [sorted(Customer.objects.get(pk=pk).tags) for pk in ids] == [
        ["标杆"],
        ["年度框架", "标杆"],
        ["年度框架"],
    ]
    with pytest.raises(RuleBroken):  # put on anew, it would need the vocabulary
        tag_customer(by=personas.pm, now=now, customer=customers[2], add=["标杆"])


def test_rows_out_of_sight_are_not_touched_and_rights_are_asked(personas, now, customers):
    foreign = make_customer(personas.outsider_pm, now)
    body = {"action": "columns", "ids": [foreign.pk], "source": "fair", "step": "run"}
    client_of(personas.pm).post(f"{LIST}bulk/", body)
    assert not Customer.objects.filter(source="fair").exists()
    assert client_of(personas.sv).get(f"{LIST}bulk/", {"action": "columns", "ids": [1]}).status_code == 403
    assert client_of(personas.pm).get(f"{LIST}bulk/", {"action": "nothing"}).status_code == 404
    assert 'id="bulk"' not in client_of(personas.sv).get("/crm/customers/").content.decode()


def test_the_whole_filter_is_taken_not_only_the_page(personas, customers):
    Customer.objects.filter(pk=customers[0].pk).update(source="call")
    body = {"action": "columns", "all": "1", "query": "source=call", "source": "qr", "step": "run"}
    client_of(personas.pm).post(f"{LIST}bulk/", body)
    assert list(Customer.objects.filter(source="qr")) == [customers[0]]


def test_transfers_and_plans_tell_each_refusal(personas, now, customers):
    api = api_of(personas.bm)
    ids = [one.pk for one in customers]
    foreign = {
        "action": "transfer",
        "ids": ids,
        "owner": personas.pm.pk,
        "reason": "区域调整",
        "dry_run": True,
    }
    told = api.post("/api/v1/customers/bulk/", foreign, format="json").json()
    assert told["run"] is None
    assert all(line["refusal"] for line in told["results"])  # they are this person's already
    given = {**foreign, "owner": personas.pm_other.pk, "dry_run": False}
    moved = api.post("/api/v1/customers/bulk/", given, format="json").json()
    assert [line["after"] for line in moved["results"]] == [str(personas.pm_other)] * 3
    assert Customer.objects.filter(owner=personas.pm_other).count() == 3
    day = now + timedelta(days=3000)
    late = {"action": "plan", "ids": ids, "text": "送样本", "due_at": day.isoformat()}
    assert api.post("/api/v1/customers/bulk/", late, format="json").status_code == 400
    assert (
        api.post("/api/v1/customers/bulk/", {"action": "plan", "ids": "1"}, format="json").status_code == 400
    )


def test_contacts_are_checked_and_follow_ups_postponed_in_bulk(personas, now, customers):
    people = [make_contact(one, personas.pm, now) for one in customers]
    planned = [make_follow_up(one, personas.pm, now) for one in customers]
    api = api_of(personas.pm)
    checked = api.post(
        "/api/v1/contacts/bulk/", {"action": "verify", "ids": [one.pk for one in people]}, format="json"
    )
    assert all(line["after"] for line in checked.json()["results"]), checked.json()
    from core.clock import db_now

    day = (db_now() + timedelta(days=9)).isoformat()
    body = {"action": "postpone", "ids": [one.pk for one in planned], "due_at": day, "reason": "春节放假"}
    answer = api.post("/api/v1/follow-ups/bulk/", body, format="json")
    assert answer.status_code == 200, answer.json()
    assert set(FollowUp.objects.values_list("snoozes", flat=True)) == {1}
