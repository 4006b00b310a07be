"""Pages and API of projects: what each persona gets, and that both faces refuse alike."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from projects.models import Project
from tests.projects.factories import a_file, a_record, bring_to, make_project, supply

pytestmark = pytest.mark.django_db


def browser(user: Any, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def api(user: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def project(personas: Any, now: Any) -> Project:
    return make_project(personas.pm, now, title="唐山厂循环水改造")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", ["projects:project_board", "projects:project_list"])
def test_board_and_list_show_own_projects_and_hide_those_of_other_branches(
    personas: Any, project: Project, address: str, language: str
) -> None:
    assert project.title in browser(personas.pm, language).get(reverse(address)).content.decode()
    outsider = browser(personas.outsider_pm, language).get(reverse(address))
    assert outsider.status_code == 200
    assert project.title not in outsider.content.decode()
    assert browser(personas.ad).get(reverse(address)).status_code == 403


def test_the_board_counts_and_sums_what_the_reader_sees(personas: Any, now: Any, project: Project) -> None:
    bring_to(make_project(personas.pm_other, now, amount=80_000), "p02", personas, now)
    columns = browser(personas.bm).get(reverse("projects:project_board")).context["columns"]
    assert [(column.count, column.total) for column in columns[:2]] == [(1, 150_000), (1, 80_000)]
    own = browser(personas.pm).get(reverse("projects:project_board")).context["columns"]
    assert [column.count for column in own[:2]] == [1, 0]


def test_the_detail_page_lists_what_the_gate_needs_in_a_few_queries(
    personas: Any, project: Project, django_assert_max_num_queries: Any
) -> None:
    client = browser(personas.pm)
    with django_assert_max_num_queries(30):
        page = client.get(project.get_absolute_url())
    assert page.status_code == 200
    assert [entry["line"].item.code for entry in page.context["lines"] if entry["line"].problem] == [
        "need_sheet",
        "budget_source",
        "competitors",
    ]
    assert browser(personas.outsider_pm).get(project.get_absolute_url()).status_code == 404


def test_evidence_in_place_and_the_gate_by_the_page(personas: Any, project: Project) -> None:
    client = browser(personas.pm)
    submit = reverse("projects:project_submit_gate", args=[project.pk])
    refused = client.post(submit, {"version": project.version})
    assert refused.status_code == 400
    assert "需求表" in refused.content.decode() or "Need sheet" in refused.content.decode()
    for item in ("need_sheet", "budget_source", "competitors"):
        url = reverse("projects:evidence_provide", args=[project.pk, item])
        assert client.post(url, a_record(item)).status_code == 302
    assert client.post(submit, {"version": project.version}).status_code == 302
    project.refresh_from_db()
    assert project.state == "p02"


def test_the_whole_way_by_api_alone(personas: Any, now: Any, project: Project) -> None:
    pm, dm = api(personas.pm), api(personas.dm)
    base = f"/api/v1/projects/{project.pk}"
    early = pm.post(f"{base}/submit_gate/", {"version": 1}, format="json")
    assert early.status_code == 400
    assert early.json()["code"] == "evidence_missing"
    for item in ("need_sheet", "budget_source", "competitors"):
        answer = pm.post(f"{base}/evidence/", {"item": item, **a_record(item)}, format="json")
        assert answer.status_code == 200, answer.content
    passed = pm.post(f"{base}/submit_gate/", {}, format="json").json()
    assert passed["state"] == "p02"
    answer = dm.post(f"{base}/evidence/", {"item": "selected_curve", "file": a_file()}, format="multipart")
    assert answer.status_code == 200, answer.content
    answer = dm.post(f"{base}/evidence/", {"item": "npsh_margin", "value": "0.9"}, format="json")
    assert answer.status_code == 200, answer.content
    for item in ("duty_points", "deviation_list"):
        dm.post(f"{base}/evidence/", {"item": item, **a_record(item)}, format="json")
    waiting = pm.post(f"{base}/submit_gate/", {}, format="json").json()
    assert waiting["state"] == "p02"
    assert pm.post(f"{base}/approve_gate/", {}, format="json").status_code == 403
    assert api(personas.outsider_pm).post(f"{base}/approve_gate/", {}, format="json").status_code == 404
    stale = dm.post(f"{base}/approve_gate/", {"version": 1}, format="json")
    assert stale.status_code == 409
    assert dm.post(f"{base}/approve_gate/", {}, format="json").json()["state"] == "p03"
    assert dm.post(f"{base}/approve_gate/", {}, format="json").status_code in (403, 409)


def test_state_and_codes_cannot_be_written(personas: Any, project: Project) -> None:
    client = api(personas.pm)
    for column in ("state", "code", "order_code", "owner", "branch", "stage_due_at"):
        answer = client.patch(f"/api/v1/projects/{project.pk}/", {"version": 1, column: "p06"}, format="json")
        assert answer.status_code == 400, column
    changed = client.patch(
        f"/api/v1/projects/{project.pk}/", {"version": 1, "next_step": "寄样本"}, format="json"
    )
    assert changed.status_code == 200, changed.content
    assert changed.json()["version"] == 2
    project.refresh_from_db()
    assert project.state == "p01"
    assert project.next_step == "寄样本"


def test_opening_by_page_and_api(personas: Any, project: Project) -> None:
    data = {"customer": project.customer_id, "title": "二期扩建", "amount": "90000"}
    assert browser(personas.pm).post(reverse("projects:project_create"), data).status_code == 302
    answer = api(personas.bm).post("/api/v1/projects/", data, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["owner"] == personas.pm.pk
    assert api(personas.ae).post("/api/v1/projects/", data, format="json").status_code == 403
    hidden = api(personas.outsider_pm).post("/api/v1/projects/", data, format="json")
    assert hidden.status_code == 400
    assert "customer" in hidden.json()["errors"]


def test_customer_panel_and_search_are_scoped(personas: Any, project: Project) -> None:
    url = reverse("projects:customer_panel", args=[project.customer_id])
    assert project.title in browser(personas.pm).get(url).content.decode()
    assert browser(personas.outsider_pm).get(url).status_code == 404
    found = api(personas.pm).get("/api/v1/projects/", {"search": "循环水"}).json()["results"]
    assert [row["id"] for row in found] == [project.pk]
    assert api(personas.outsider_pm).get("/api/v1/projects/", {"search": "循环水"}).json()["results"] == []


def test_my_day_shows_the_gate_to_its_approver(personas: Any, now: Any) -> None:
    project = make_project(personas.pm, now, amount=300_000, title="等待批准的项目")
    supply(project, personas.pm, now)
    project.submit_gate(by=personas.pm, now=now)
    assert "等待批准的项目" in browser(personas.bm).get("/").content.decode()
