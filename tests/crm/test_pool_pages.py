"""The pool's pages and API: what is shown and hidden, claiming on the row, bulk assignment with its preview, rule changes."""

from datetime import timedelta

import pytest
from django.test import Client

from core.clock import db_now
from core.models import Parameter
from crm.models import CrossClaim, Customer, PoolRule
from crm.pool_clock import pool_rules
from crm.pool_rules import DEFAULT_RULES
from tests.crm.factories import make_contact, make_customer
from tests.crm.test_pool_claim import pooled

pytestmark = pytest.mark.django_db


def client(user):
    browser = Client()
    browser.force_login(user)
    return browser


def post(user, url, **data):
    kind = {"content_type": "application/json"} if url.startswith("/api/") else {}
    return client(user).post(url, data, **kind)


def test_the_pool_shows_no_people(personas, now):
    customer = pooled(personas, now, name="澄海水泥有限公司（示例）", notes="老板姓周")
    make_contact(customer, personas.dp, now, name="周某人", mobile="14100001111")
    page = client(personas.pm).get("/crm/customers/pool/").content.decode()
    assert "澄海水泥" in page
    for hidden in ("周某人", "1111", "老板姓周"):
        assert hidden not in page
    row = client(personas.pm).get("/api/v1/pool/").json()["results"][0]
    assert (row["name"], row["pool_reason"]) == (customer.name, "unassigned_import")
    assert not {"contacts", "notes", "switchboard", "owner"} & set(row)
    assert client(personas.pm).get("/api/v1/pool/?search=周某人").json()["results"] == []
    assert client(personas.outsider_pm).get("/api/v1/pool/").json()["results"] == []
    assert client(personas.ae).get("/crm/customers/pool/").status_code == 403
    assert client(personas.ae).get("/api/v1/pool/").status_code == 403


def test_claiming_on_the_row_by_page_and_api(personas, now):
    first, second = pooled(personas, now), pooled(personas, now)
    url = f"/crm/customers/{first.pk}/claim/"
    assert client(personas.pm).get(url).status_code == 200
    assert post(personas.pm, url).status_code == 302
    assert post(personas.pm_other, url).status_code == 409
    assert post(personas.outsider_pm, url).status_code == 404
    assert post(personas.co, url).status_code == 403
    answer = post(personas.pm, f"/api/v1/customers/{second.pk}/claim/")
    assert (answer.status_code, answer.json()["owner"]) == (200, personas.pm.pk)
    late = post(personas.pm_other, f"/api/v1/customers/{second.pk}/claim/")
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_giving_back_and_extending_by_api(personas, now):
    customer = make_customer(personas.pm, db_now() - timedelta(days=50), owner=personas.pm, tier="na")
    at = f"/api/v1/customers/{customer.pk}/"
    assert "return_to_pool" in client(personas.pm).get(at).json()["available_actions"]
    assert post(personas.pm, f"{at}extend/", reason="等预算").status_code == 403
    assert post(personas.bm, f"{at}extend/", reason="等预算").status_code == 200
    assert post(personas.pm, f"{at}return_to_pool/").status_code == 400
    assert post(personas.pm, f"{at}return_to_pool/", reason="暂无项目").status_code == 200
    moves = client(personas.bm).get(f"/api/v1/pool-events/?customer={customer.pk}").json()["results"]
    assert [move["move"] for move in moves] == ["returned", "extended"]


def test_bulk_assignment_previews_and_moves_all_or_none(personas, now):
    customers = [make_customer(personas.dp, now, branch="01", tier="na") for _turn in range(3)]
    ids = [row.pk for row in customers]
    page = client(personas.bm).get("/crm/customers/assign-many/", {"customers": ids, "owner": personas.pm.pk})
    assert page.status_code == 200
    assert Customer.objects.filter(pk__in=ids, owner=None).count() == 3
    shown = post(
        personas.bm, "/api/v1/customers/assign-many/", customers=ids, owner=personas.pm.pk, preview=True
    ).json()
    assert (sorted(shown["moving"]), shown["staying"], shown["after"]["owned"]) == (sorted(ids), [], 3)
    assert (
        post(personas.pm, "/crm/customers/assign-many/", customers=ids, owner=personas.pm.pk).status_code
        == 403
    )
    wrong = post(personas.bm, "/crm/customers/assign-many/", customers=ids, owner=personas.outsider_pm.pk)
    assert wrong.status_code == 400
    done = post(personas.bm, "/crm/customers/assign-many/", customers=ids, owner=personas.pm.pk)
    assert done.status_code == 302
    assert Customer.objects.filter(pk__in=ids, owner=personas.pm).count() == 3


def test_owners_are_shown_with_their_load(personas, now):
    make_customer(personas.pm, now, owner=personas.pm, tier="vip")
    rows = client(personas.bm).get("/api/v1/customers/owners/").json()
    mine = next(row for row in rows if row["id"] == personas.pm.pk)
    assert (mine["owned"], mine["vip"], mine["caps"]["vip"], mine["level"]) == (1, 1, 15, "ok")
    assert client(personas.pm).get("/api/v1/customers/owners/").status_code == 403
    customer = make_customer(personas.dp, now, branch="01")
    page = client(personas.bm).get(f"/crm/customers/{customer.pk}/assign/").content.decode()
    assert "1/120" in page


def rule_values(**changed):
    values = {
        f"{segment}_{limit}": ",".join(map(str, days)) if isinstance(days, list) else days
        for segment, row in DEFAULT_RULES.items()
        for limit, days in row.items()
    }
    return {**values, "reason": "旺季延长", **changed}


def test_rules_are_proposed_by_one_approved_by_another_and_count_from_tomorrow(personas, now):
    make_customer(personas.pm, db_now() - timedelta(days=70), owner=personas.pm, tier="na")
    url = "/crm/pool-rules/add/"
    assert post(personas.bm, url, **rule_values(prospect_contact=90)).status_code == 403
    assert post(personas.co, url, **rule_values(prospect_contact=0)).status_code == 400
    assert post(personas.co, url, **rule_values(prospect_notices="1,7")).status_code == 400
    assert post(personas.co, url, **rule_values()).status_code == 400
    assert post(personas.co, url, **rule_values(prospect_contact=90)).status_code == 302
    rule = PoolRule.objects.get()
    assert rule.simulation["now"]["01"]["1"] == 1
    assert rule.simulation["then"].get("01", {}).get("1", 0) == 0
    assert post(personas.co, url, **rule_values(prospect_contact=80)).status_code == 400
    at = f"/api/v1/pool-rules/{rule.pk}/"
    assert post(personas.co, f"{at}approve/").status_code == 403
    assert post(personas.ex, f"{at}approve/").json()["state"] == "approved"
    assert post(personas.ex, f"{at}approve/").status_code == 409
    assert pool_rules(db_now())["prospect"]["contact"] == 60
    assert pool_rules(db_now() + timedelta(days=1))["prospect"]["contact"] == 90
    assert Parameter.objects.get(key="crm.pool_rules").approved_by == personas.ex
    for path in ("/crm/pool-rules/", rule.get_absolute_url()):
        assert client(personas.pm).get(path).status_code == 200
    assert client(personas.ae).get("/crm/pool-rules/").status_code == 403


def test_a_refused_change_leaves_the_rules(personas, now):
    post(personas.co, "/crm/pool-rules/add/", **rule_values(vip_alert_manager=20))
    rule = PoolRule.objects.get()
    assert post(personas.ex, f"/crm/pool-rules/{rule.pk}/refuse/", reason="").status_code == 400
    assert post(personas.ex, f"/crm/pool-rules/{rule.pk}/refuse/", reason="暂不需要").status_code == 302
    assert pool_rules(db_now() + timedelta(days=2)) == DEFAULT_RULES


def test_claims_across_branches_by_pages(personas, now):
    customer = pooled(personas, now)
    asked = post(personas.outsider_pm, "/crm/cross-claims/add/", code=customer.code, reason="总包在上海")
    assert asked.status_code == 302
    claim = CrossClaim.objects.get()
    for who, status in (("outsider_pm", 200), ("bm", 200), ("outsider_bm", 200), ("pm", 404), ("ae", 404)):
        assert client(personas[who]).get(claim.get_absolute_url()).status_code == status, who
    for who in ("bm", "outsider_bm"):
        assert customer.name in client(personas[who]).get("/").content.decode()
    assert post(personas.bm, f"/crm/cross-claims/{claim.pk}/consent/").status_code == 302
    assert post(personas.outsider_bm, f"/api/v1/cross-claims/{claim.pk}/consent/").json()["state"] == "done"
    assert client(personas.bm).get(claim.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("path", ["/crm/customers/pool/", "/crm/pool-moves/", "/crm/cross-claims/"])
def test_lists_ask_a_fixed_number_of_questions(personas, now, path, django_assert_max_num_queries):
    for _turn in range(12):
        pooled(personas, now)
        make_customer(personas.dp, now, branch="01")
    browser = client(personas.bm)
    browser.get(path)
    with django_assert_max_num_queries(14):
        assert browser.get(path).status_code == 200
