"""Why, portfolio, decisions by hand and retention plans as pages and by API; who sees what."""

import pytest

from crm.models import Override
from crm.operations import assess_due, record_facts
from tests.crm.factories import make_customer
from tests.crm.test_assessing import REASON, bought, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    bought(customer, now, 800_000)
    paid(customer, now)
    assess_due(now)
    customer.refresh_from_db()
    return customer


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_says_why(client, personas, judged, language):
    client.force_login(personas.pm)
    client.cookies["django_language"] = language
    page = client.get(f"/crm/customers/{judged.pk}/why/")
    assert page.status_code == 200
    assert "¥800,000" in page.content.decode()
    whole = client.get(f"/crm/customers/{judged.pk}/").content.decode()
    assert f"/crm/customers/{judged.pk}/why/" in whole
    client.force_login(personas.pm_outsider if hasattr(personas, "pm_outsider") else personas.pm_other)
    assert client.get(f"/crm/customers/{judged.pk}/why/").status_code in (403, 404)


def test_a_sign_shows_on_the_page_after_the_next_scan(client, personas, judged, now):
    client.force_login(personas.pm)
    record_facts(customer=judged, source="complaints", facts={"complaint_points_12m": 4.0}, now=now)
    assess_due(now)
    before = judged.risk_score
    judged.refresh_from_db()
    assert judged.risk_score == before + 15
    assert "15.0</b>" in client.get(f"/crm/customers/{judged.pk}/").content.decode()


def test_propose_and_approve_in_pages(client, personas, judged):
    client.force_login(personas.pm)
    path = f"/crm/customers/{judged.pk}/override_tier/"
    assert client.get(path).status_code == 200
    wrong = client.post(path, {"value": "standard", "days": 30, "reason": "短"})
    assert wrong.status_code == 400
    assert "短" in wrong.content.decode()
    assert client.post(path, {"value": "standard", "days": 30, "reason": REASON}).status_code == 302
    row = Override.objects.get()
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.post(f"{row.get_absolute_url()}approve/").status_code == 403
    client.force_login(personas.bm)
    assert client.get("/crm/overrides/").status_code == 200
    assert client.get("/").status_code == 200
    assert client.post(f"{row.get_absolute_url()}approve/").status_code == 302
    judged.refresh_from_db()
    assert judged.tier == "standard"


def test_the_same_by_api(client, personas, judged):
    client.force_login(personas.pm)
    made = client.post(
        f"/api/v1/customers/{judged.pk}/override_stage/",
        {"value": "consolidated", "days": 30, "reason": REASON},
        content_type="application/json",
    )
    assert made.status_code == 201
    detail = client.get(f"/api/v1/customers/{judged.pk}/").json()
    assert detail["assessment"]["tier_rule"] == "promoted"
    told = client.get(f"/api/v1/customers/{judged.pk}/assessment/").json()
    assert {run["kind"] for run in told["runs"]} == {"tier", "risk"}
    pk = made.json()["id"]
    assert client.post(f"/api/v1/overrides/{pk}/approve/").status_code == 403
    client.force_login(personas.bm)
    assert client.post(f"/api/v1/overrides/{pk}/approve/").status_code == 200
    judged.refresh_from_db()
    assert judged.stage == "consolidated"


def test_every_number_of_the_portfolio_opens_its_rows(client, personas, judged):
    for person in (personas.pm, personas.bm, personas.ex):
        client.force_login(person)
        page = client.get("/crm/customers/portfolio/")
        assert page.status_code == 200
        for line in (*page.context["by_stage"], *page.context["by_risk"]):
            for cell in line.cells:
                if cell.value:
                    assert len(client.get(cell.url).context["rows"]) == cell.value


def test_a_plan_from_opening_to_outcome_in_pages(client, personas, judged):
    client.force_login(personas.pm)
    made = client.post(f"/crm/customers/{judged.pk}/retention/")
    assert made.status_code == 302
    path = made.headers["Location"]
    assert client.get(path).status_code == 200
    given = {"root_cause": "备件等待三周，振动复发", "offer": "专备机封两套"}
    assert client.post(f"{path}submit/", given).status_code == 302
    assert client.get("/crm/retention-plans/?view=open").status_code == 200
    client.force_login(personas.bm)
    assert client.get(f"{path}approve/").status_code == 200
    assert client.post(f"{path}approve/").status_code == 302
    assert client.post(f"{path}close/", {"effective": "true", "reason": "续签"}).status_code == 302
