"""What a customer is to us: kinds, groups, status, credit, completeness stored and explained, our departments mirrored."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import OrgUnit
from core.errors import NotAllowed, RuleBroken
from core.models import AuditEntry
from crm.groups import group_of
from crm.models import Customer
from crm.operations import (
    add_site,
    count_due_completeness,
    mirror_departments,
    record_facts,
    refresh_completeness,
    set_credit,
    set_status,
)
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(personas, now):
    return make_customer(personas.pm, now, name="云润水务集团有限公司（示例）", industry="municipal_water")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


# --- completeness --------------------------------------------------------------------------------------------------------


def test_the_stored_score_follows_edits_at_once_and_other_changes_by_the_scan(personas, now, customer):
    assert count_due_completeness(now) == 1
    customer.refresh_from_db()
    assert customer.completeness == 10  # industry 6, kind 4
    answer = api_of(personas.pm).patch(
        f"/api/v1/customers/{customer.pk}/",
        {"source": "fair", "competitors": "外地品牌", "version": customer.version},
        format="json",
    )
    assert answer.json()["completeness"] == 18
    make_contact(customer, personas.pm, now, decision_role="user")
    add_site(by=personas.pm, now=now, customer=customer, name="一号泵房")
    assert count_due_completeness(now) == 1
    customer.refresh_from_db()
    assert customer.completeness == 41  # + 14 + 3.5 + 5, half up
    assert customer.completeness_gaps[-1] == "users"
    assert count_due_completeness(now) == 0
    assert count_due_completeness(now + timedelta(days=1, minutes=1)) == 1


def test_users_met_by_a_log_are_no_gap_any_more(personas, now, customer):
    user = make_contact(customer, personas.pm, now, decision_role="user")
    refresh_completeness([customer.pk], now=now)
    assert "users" in Customer.objects.get(pk=customer.pk).completeness_gaps
    make_activity(customer, personas.pm, now, contacts=[user])
    assert count_due_completeness(now) == 1
    assert "users" not in Customer.objects.get(pk=customer.pk).completeness_gaps


def test_what_lacks_is_shown_filtered_and_filled_in_one_short_form(personas, now, customer):
    refresh_completeness([customer.pk], now=now)
    client, api = client_of(personas.pm), api_of(personas.pm)
    page = client.get(customer.get_absolute_url()).content.decode()
    assert f"/crm/customers/{customer.pk}/fill/uscc/" in page
    found = api.get("/api/v1/customers/", {"missing": "uscc"}).json()["results"]
    assert [row["id"] for row in found] == [customer.pk]
    assert api.get("/api/v1/customers/", {"missing": "industry"}).json()["results"] == []
    assert len(api.get("/api/v1/customers/", {"completeness_below": 60}).json()["results"]) == 1
    assert api.get("/api/v1/customers/", {"view": "incomplete"}).json()["results"][0]["id"] == customer.pk
    url = f"/crm/customers/{customer.pk}/fill/source/"
    shown = client.get(url).content.decode()
    assert 'name="source"' in shown
    assert 'name="uscc"' not in shown
    assert client.post(url, {"source": "referral", "version": customer.version}).status_code == 302
    customer.refresh_from_db()
    assert (customer.source, customer.completeness) == ("referral", 13)
    assert client.get(f"/crm/customers/{customer.pk}/fill/anything/").status_code == 404
    assert client_of(personas.sv).get(url).status_code == 403


# --- columns and groups --------------------------------------------------------------------------------------------------


def test_further_kinds_leave_out_the_primary_one_and_are_found(personas, customer):
    api = api_of(personas.pm)
    url = f"/api/v1/customers/{customer.pk}/"
    body = {
        "kinds": ["epc", "end_user"],
        "former_names": ["老水厂", "云润自来水"],
        "version": customer.version,
    }
    answer = api.patch(url, body, format="json").json()
    assert (answer["kinds"], answer["former_names"]) == (["epc"], ["老水厂", "云润自来水"])
    assert len(api.get("/api/v1/customers/", {"kind": "epc"}).json()["results"]) == 1
    found = api.get("/api/v1/customers/", {"search": "老水厂"}).json()["results"]
    assert [row["id"] for row in found] == [customer.pk]
    wrong = api.patch(url, {"kind": "internal_dept", "version": answer["version"]}, format="json")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["kind"])
    domain = api.patch(url, {"email_domain": "nonsense", "version": answer["version"]}, format="json")
    assert list(domain.json()["errors"]) == ["email_domain"]


def test_a_group_is_a_tree_without_rings_and_its_figures_add_up(personas, now, customer):
    branch = make_customer(personas.pm, now, name="云润水务通州分公司（示例）", parent=customer)
    plant = make_customer(personas.pm, now, name="通州第二水厂有限公司（示例）", parent=branch)
    foreign = make_customer(personas.outsider_pm, now, name="云润水务苏州有限公司（示例）", parent=customer)
    for row, amount in ((customer, 100), (branch, 20), (plant, 3)):
        record_facts(customer=row, source="contracts", facts={"signed_amount_24m": Decimal(amount)}, now=now)
    group = group_of(plant, personas.pm)
    assert [(one.customer.pk, one.level) for one in group.companies] == [
        (customer.pk, 0), (branch.pk, 1), (plant.pk, 2),
    ]  # fmt: skip
    assert group.total["signed_amount_24m"] == 123
    assert group.companies[1].total["signed_amount_24m"] == 23
    assert group.hidden == 1
    page = client_of(personas.pm).get(f"/crm/customers/{plant.pk}/group/").content.decode()
    assert customer.name in page
    assert foreign.name not in page
    assert client_of(personas.outsider_pm).get(f"/crm/customers/{plant.pk}/group/").status_code == 404
    ring = api_of(personas.pm).patch(
        f"/api/v1/customers/{customer.pk}/", {"parent": plant.pk, "version": customer.version}, format="json"
    )
    assert (ring.status_code, list(ring.json()["errors"])) == (400, ["parent"])


# --- status and credit ---------------------------------------------------------------------------------------------------


def test_each_status_asks_its_own_right_and_a_reason(personas, now, customer):
    api = api_of(personas.pm)
    url = f"/api/v1/customers/{customer.pk}/set_status/"
    assert (
        api.post(url, {"status": "lost", "reason": "书面通知终止合作关系"}, format="json").status_code == 400
    )
    with pytest.raises(NotAllowed):
        set_status(by=personas.pm, now=now, customer=customer, status="lost", reason="书面通知终止合作关系")
    with pytest.raises(RuleBroken):
        set_status(by=personas.pm, now=now, customer=customer, status="dormant", reason="停了")
    body = {"status": "dormant", "reason": "工厂停产检修，预计明年恢复", "version": customer.version}
    assert api.post(url, body, format="json").json()["status"] == "dormant"
    assert AuditEntry.objects.get(code="crm.set_status_customer").to_state == "dormant"
    lost = {"status": "lost", "reason": "对方书面通知终止合作"}
    assert api_of(personas.bm).post(url, lost, format="json").json()["status"] == "lost"
    assert api_of(personas.sv).post(url, lost, format="json").status_code == 403


def test_only_who_may_blacklist_lifts_it(personas, now, customer):
    set_status(by=personas.fi, now=now, customer=customer, status="blacklist", reason="恶意拖欠货款两年以上")
    with pytest.raises(NotAllowed):
        set_status(by=personas.bm, now=now, customer=customer, status="active", reason="对方已经付清全部货款")
    row = set_status(
        by=personas.ex, now=now, customer=customer, status="active", reason="对方已经付清全部货款"
    )
    assert (row.status, row.status_since) == ("active", now)


def test_credit_is_written_by_finance_only(personas, now, customer):
    url = f"/api/v1/customers/{customer.pk}/set_credit/"
    body = {"credit_limit": "500000.00", "credit_days": 30, "credit_hold": True}
    assert api_of(personas.pm).post(url, body, format="json").status_code == 403
    assert list(api_of(personas.fi).post(url, body, format="json").json()["errors"]) == ["reason"]
    answer = api_of(personas.fi).post(url, {**body, "reason": "逾期九十天"}, format="json").json()
    assert (answer["credit_limit"], answer["credit_days"], answer["credit_hold"]) == ("500000.00", 30, True)
    with pytest.raises(NotAllowed):
        set_credit(
            by=personas.bm, now=now, customer=customer, credit_limit=None, credit_days=None, credit_hold=False
        )
    page = client_of(personas.pm).get(customer.get_absolute_url()).content.decode()
    assert "信用冻结" in page


# --- departments ---------------------------------------------------------------------------------------------------------


def test_departments_are_mirrored_once_and_nobody_edits_them(personas, now):
    assert mirror_departments(now=now) == OrgUnit.objects.filter(kind="department", active=True).count()
    assert mirror_departments(now=now) == 0
    row = Customer.objects.get(unit__code="TEC")
    assert (row.kind, row.tier, row.department.code) == ("internal_dept", "na", "CRO")
    assert client_of(personas.co).get(f"/crm/customers/{row.pk}/edit/").status_code == 403
    OrgUnit.objects.filter(code="TEC").update(name_zh="技术中心")
    assert mirror_departments(now=now) == 1
    row.refresh_from_db()
    assert row.name == "技术中心"
    assert count_due_completeness(now) > 0
    row.refresh_from_db()
    assert row.completeness is None


@pytest.mark.parametrize("path", ["edit/", "status/", "map/", "group/", "fill/invoice/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_open(personas, customer, path, language):
    client = client_of(personas.bm)
    client.cookies["django_language"] = language
    assert client.get(f"/crm/customers/{customer.pk}/{path}").status_code == 200


def test_a_customer_is_found_for_a_field(personas, customer):
    page = client_of(personas.pm).get("/crm/customers/find/", {"search": "yrsw"}).content.decode()
    assert f'data-id="{customer.pk}"' in page
    hidden = client_of(personas.outsider_pm).get("/crm/customers/find/", {"search": "yrsw"}).content.decode()
    assert "data-id" not in hidden
    assert client_of(personas.ad).get("/crm/customers/find/").status_code == 403
