"""The pages and the API of surveys: who gets in, what each sees, and that no state is writable by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from core.clock import db_now
from surveys.models import Invitation, Questionnaire, Recovery, Response
from tests.surveys.factories import BAD, CLOSED, answered, make_recovery, planned, sent

pytestmark = pytest.mark.django_db


def open_as(client, user, url, **options):
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    return client.get(url, **options)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders(client, personas, language):
    recovery = make_recovery(personas)
    response = recovery.response
    invitation = sent(personas, email="li@customer.example")
    office = personas.co
    office.language = language
    office.save()
    personas.bm.language = language
    personas.bm.save()
    questionnaire = Questionnaire.objects.get()
    with translation.override(language):
        pages = [
            (office, reverse("surveys:response_list")),
            (office, reverse("surveys:response_list") + "?group=low&csat=1&days=365&search=测试"),
            (office, response.get_absolute_url()),
            (office, reverse("surveys:result_overview")),
            (office, reverse("surveys:invitation_list")),
            (office, invitation.get_absolute_url()),
            (office, reverse("surveys:invitation_qr", args=[invitation.pk])),
            (office, reverse("surveys:invitation_answer", args=[invitation.pk])),
            (office, reverse("surveys:invitation_exclude", args=[invitation.pk])),
            (office, reverse("surveys:recovery_list")),
            (office, questionnaire.get_absolute_url()),
            (office, reverse("surveys:questionnaire_list")),
            (personas.bm, recovery.get_absolute_url()),
            (personas.bm, reverse("surveys:recovery_call", args=[recovery.pk])),
            (personas.bm, reverse("surveys:recovery_complain", args=[recovery.pk])),
            (personas.bm, reverse("surveys:customer_panel", args=[response.customer_id])),
            (personas.bm, reverse("surveys:ticket_panel", args=[response.ticket_id])),
        ]
        for user, url in pages:
            assert open_as(client, user, url).status_code == 200, url


def test_rows_of_another_branch_are_not_there(client, personas):
    recovery = make_recovery(personas)
    for url in (
        recovery.get_absolute_url(),
        recovery.response.get_absolute_url(),
        recovery.response.invitation.get_absolute_url(),
        reverse("surveys:recovery_call", args=[recovery.pk]),
        reverse("surveys:customer_panel", args=[recovery.customer_id]),
        reverse("surveys:ticket_panel", args=[recovery.response.ticket_id]),
    ):
        assert open_as(client, personas.outsider_bm, url).status_code == 404
        assert open_as(client, personas.outsider_pm, url).status_code == 404


def test_figures_without_names_for_those_who_may_only_see_sums(client, personas):
    answered(personas, **{**BAD, "open": "绝密的意见"})
    assert open_as(client, personas.fi, reverse("surveys:response_list")).status_code == 403
    page = open_as(client, personas.fi, reverse("surveys:result_overview"))
    assert page.status_code == 200
    assert "绝密的意见" not in page.content.decode()
    assert open_as(client, personas.ad, reverse("surveys:result_overview")).status_code == 403


def test_the_engineer_sees_the_answers_about_his_own_tickets(personas):
    response = answered(personas)
    assert response in Response.objects.visible_to(personas.fresh("ae"))
    assert response not in Response.objects.visible_to(personas.fresh("ae_other"))
    assert response in Response.objects.visible_to(personas.fresh("pm"))
    assert response not in Response.objects.visible_to(personas.fresh("pm_other"))


def test_the_link_is_shown_only_to_those_who_may_hand_it_over(client, personas):
    invitation = sent(personas)
    url = invitation.get_absolute_url()
    assert invitation.token in open_as(client, personas.dp, url).content.decode()
    assert invitation.token not in open_as(client, personas.pm, url).content.decode()
    qr = reverse("surveys:invitation_qr", args=[invitation.pk])
    assert open_as(client, personas.pm, qr).status_code == 403
    assert open_as(client, personas.outsider_bm, qr).status_code == 404


def test_the_steps_by_api_and_no_state_by_patch(client, personas):
    recovery = make_recovery(personas)
    client.force_login(personas.bm, backend="accounts.backends.PasswordBackend")
    base = f"/api/v1/recoveries/{recovery.pk}/"
    found = client.get(base).json()
    assert found["state"] == "open"
    assert "call" in found["available_actions"]
    for method in (client.patch, client.put):
        answer = method(base, {"state": "closed", "version": 1}, content_type="application/json")
        assert answer.status_code == 405
    body = {"note": "客户说没带配件", "cause": "parts"}
    told = client.post(f"{base}call/", body, content_type="application/json")
    assert (told.status_code, told.json()["state"]) == (200, "called")
    assert client.post(f"{base}call/", body, content_type="application/json").status_code == 409
    tomorrow = (db_now() + timedelta(days=1)).date().isoformat()
    promise = {"cause": "parts", "action": "带件上门", "promised_on": tomorrow}
    assert (
        client.post(f"{base}propose/", promise, content_type="application/json").json()["state"] == "proposed"
    )
    assert (
        client.post(f"{base}close/", {"note": "好了"}, content_type="application/json").json()["state"]
        == "closed"
    )
    assert client.post(f"{base}reask/", {}, content_type="application/json").status_code == 409
    complain = {"lead_department": recovery.branch_id, "category": "skill", "facts": "技能不足"}
    assert client.post(f"{base}complain/", complain, content_type="application/json").json()["complaint"]
    assert client.post(f"{base}complain/", complain, content_type="application/json").status_code == 409


def test_an_answer_by_phone_through_the_api(client, personas):
    invitation = planned(personas, email="").send(by=None, now=db_now())
    base = f"/api/v1/invitations/{invitation.pk}/"
    client.force_login(personas.bm, backend="accounts.backends.PasswordBackend")
    assert client.post(f"{base}answer/", {"q0": 4}, content_type="application/json").status_code == 403
    client.force_login(personas.co, backend="accounts.backends.PasswordBackend")
    assert client.post(f"{base}answer/", {"q0": 9}, content_type="application/json").status_code == 400
    assert client.post(f"{base}answer/", {"csat": 4}, content_type="application/json").status_code == 400
    answer = client.post(f"{base}answer/", {"q0": 4, "fix": "yes"}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "answered")
    assert "token" not in answer.content.decode()
    listed = client.get("/api/v1/responses/?count=1").json()
    assert (listed["count"], listed["results"][0]["csat"]) == (1, 4)
    assert client.post("/api/v1/responses/", {"csat": 5}, content_type="application/json").status_code == 405
    client.force_login(personas.outsider_bm, backend="accounts.backends.PasswordBackend")
    assert client.get(base).status_code == 404
    assert client.post(f"{base}expire/", {}, content_type="application/json").status_code in (403, 404)


def test_a_questionnaire_is_frozen_by_its_first_answer(client, personas):
    row = Questionnaire.objects.get()
    client.force_login(personas.co, backend="accounts.backends.PasswordBackend")
    url = reverse("surveys:questionnaire_edit", args=[row.pk])
    words = client.get(url).context["form"].initial
    assert client.post(url, {**words, "title_zh": "服务评价（新）"}).status_code == 302
    row.refresh_from_db()
    assert str(row) == "服务评价（新）"
    answered(personas)
    assert client.post(url, {**words, "title_zh": "改不动了"}).status_code == 409
    client.post(reverse("surveys:questionnaire_revise", args=[row.pk]))
    edition = Questionnaire.objects.get(edition=2)
    assert (edition.state, edition.questions.count()) == ("draft", 7)
    publish = f"/surveys/questionnaires/{edition.pk}/publish/"
    assert client.post(publish).status_code == 400
    assert client.post(f"/surveys/questionnaires/{row.pk}/retire/").status_code == 302
    assert client.post(publish).status_code == 302
    assert client.post(publish).status_code == 409
    assert Questionnaire.objects.in_use("t_svc").get() == edition
    assert open_as(client, personas.bm, url).status_code in (403, 404)


def test_the_number_above_the_list_is_that_of_the_list(client, personas):
    answered(personas, q0=5)
    recovery = make_recovery(personas)
    page = open_as(client, personas.co, reverse("surveys:response_list"))
    assert page.context["summary"].answers == len(page.context["rows"]) == 2
    assert page.context["summary"].overall.value == 3
    low = open_as(client, personas.co, reverse("surveys:response_list") + "?group=low")
    assert [row.pk for row in low.context["rows"]] == [recovery.response_id]
    assert low.context["summary"].answers == 1
    assert Invitation.objects.went_out().count() == 2
    assert Recovery.objects.uncalled(CLOSED + timedelta(days=30)).count() == 1
