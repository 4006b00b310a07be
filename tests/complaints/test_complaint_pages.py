"""The desk, the case pages and the API: what each reader gets, and that a department cannot judge itself."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from complaints.models import Complaint
from complaints.sweeps import climb_ladders
from tests.complaints.factories import NOW, make_case, proposed, triaged, unit
from tests.service.factories import make_customer

pytestmark = pytest.mark.django_db


def open_as(client, user, url, **options):
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    return client.get(url, **options)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_for_supervision(client, personas, language):
    case = proposed(personas, claim_amount=600_000)
    make_case(personas, against="LOG", category="damage")
    climb_ladders(NOW + timedelta(days=3))
    personas.sv.language = language
    personas.sv.save()
    with translation.override(language):
        for url in (
            reverse("complaints:complaint_desk"),
            reverse("complaints:complaint_list"),
            reverse("complaints:complaint_add"),
            f"{reverse('complaints:complaint_add')}?customer={case.customer_id}",
            case.get_absolute_url(),
            reverse("complaints:complaint_review", args=[case.pk]),
            reverse("complaints:complaint_contain", args=[case.pk]),
            reverse("complaints:customer_panel", args=[case.customer_id]),
        ):
            assert open_as(client, personas.sv, url).status_code == 200, url


def test_every_number_of_the_matrix_opens_that_many_cases(client, personas):
    for against, category in [
        ("PRD", "late_delivery"),
        ("PRD", "finish"),
        ("LOG", "damage"),
        ("TEC", "slow_answer"),
    ]:
        make_case(personas, against=against, category=category)
    case = triaged(personas, against="LOG", category="wrong_goods")
    climb_ladders(NOW + timedelta(hours=6))
    page = open_as(client, personas.sv, reverse("complaints:complaint_desk"))
    for line in page.context["lines"]:
        for cell, cases in line.cells.items():
            url = f"{reverse('complaints:complaint_desk')}?department={line.unit.pk}&clock={cell}"
            shown = open_as(client, personas.sv, url).context["cases"]
            assert sorted(row.pk for row in shown) == sorted(row.pk for row in cases)
    assert page.context["open_count"] == 5
    assert sum(line.total for line in page.context["lines"]) == 5
    assert case.lead_department.code == "LOG"


def test_a_department_head_sees_its_cases_and_no_others(client, personas):
    own, other = make_case(personas, against="PRD"), make_case(personas, against="LOG", category="damage")
    page = open_as(client, personas.dm_prd, reverse("complaints:complaint_desk")).content.decode()
    assert own.code in page
    assert other.code not in page
    assert open_as(client, personas.dm_prd, other.get_absolute_url()).status_code == 404


def test_the_complainant_is_shown_to_supervision_only(client, personas):
    case = make_case(personas, complainant="王秘密")
    assert "王秘密" in open_as(client, personas.sv, case.get_absolute_url()).content.decode()
    for who in ("pm", "dm_prd", "au"):
        page = open_as(client, personas[who], case.get_absolute_url())
        assert page.status_code == 200, who
        assert "王秘密" not in page.content.decode(), who


def test_registering_by_the_form_keeps_what_was_typed_when_refused(client, personas):
    customer = make_customer(personas)
    client.force_login(personas.pm, backend="accounts.backends.PasswordBackend")
    url = reverse("complaints:complaint_add")
    body = {
        "customer": customer.pk,
        "category": "damage",
        "facts": "泵体外壳开裂，现场无法安装",
        "channel": "phone",
    }
    refused = client.post(url, body)
    assert refused.status_code == 400
    assert "泵体外壳开裂" in refused.content.decode()
    assert not Complaint.objects.exists()
    accepted = client.post(url, {**body, "lead_department": unit("LOG").pk})
    case = Complaint.objects.get()
    assert accepted.headers["Location"] == case.get_absolute_url()
    assert case.lead_department.code == "LOG"


def test_a_hidden_customer_is_refused_like_a_missing_one(client, personas):
    customer = make_customer(personas)
    client.force_login(personas.outsider_pm, backend="accounts.backends.PasswordBackend")
    body = {
        "customer": customer.pk,
        "lead_department": unit("LOG").pk,
        "category": "damage",
        "facts": "x",
        "channel": "phone",
    }
    refused = client.post(reverse("complaints:complaint_add"), body)
    assert refused.status_code == 400
    assert customer.name not in refused.content.decode()
    assert not Complaint.objects.exists()


def test_the_api_registers_steps_and_refuses(client, personas):
    customer = make_customer(personas)
    client.force_login(personas.sv, backend="accounts.backends.PasswordBackend")
    made = client.post(
        "/api/v1/complaints/",
        {
            "customer": customer.pk,
            "lead_department": unit("PRD").pk,
            "category": "late_delivery",
            "facts": "延误",
            "channel": "phone",
        },
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert "triage" in made.json()["available_actions"]
    assert "complainant" not in made.json()
    state = client.patch(f"/api/v1/complaints/{pk}/", {"state": "closed"}, content_type="application/json")
    assert state.status_code in (400, 405)
    early = client.post(f"/api/v1/complaints/{pk}/verify/", {}, content_type="application/json")
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    graded = client.post(
        f"/api/v1/complaints/{pk}/triage/",
        {"severity": "s2", "lead_department": unit("PRD").pk},
        content_type="application/json",
    )
    assert graded.status_code == 200, graded.content
    assert (graded.json()["state"], graded.json()["severity"]) == ("triaged", "s2")
    unknown = client.post(
        f"/api/v1/complaints/{pk}/acknowledge/",
        {"channel": "phone", "state": "x"},
        content_type="application/json",
    )
    assert unknown.status_code == 400
    client.force_login(personas.dm_prd, backend="accounts.backends.PasswordBackend")
    assert (
        client.post(
            f"/api/v1/complaints/{pk}/withdraw/", {"reason": "x"}, content_type="application/json"
        ).status_code
        == 403
    )
    client.force_login(personas.outsider_pm, backend="accounts.backends.PasswordBackend")
    assert client.get(f"/api/v1/complaints/{pk}/").status_code == 404


def test_anonymous_visitors_get_nowhere(client, personas):
    case = make_case(personas)
    assert client.get(case.get_absolute_url()).status_code == 302
    assert client.get(f"/api/v1/complaints/{case.pk}/").status_code == 401
