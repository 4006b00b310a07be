"""Every page of accounts opens for those who may, in both languages, and refuses the others loudly."""

import pytest

from accounts.models import ApiToken, Grant, OrgUnit, User

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.PasswordBackend"
PAGES = [
    "profile/",
    "profile/password/",
    "tokens/add/",
    "users/",
    "org-units/",
    "grants/",
    "delegations/",
    "delegations/add/",
    "permissions/",
    "second-factor/",
]


@pytest.fixture
def signed(client, personas):
    def as_(name, language="zh-hans"):
        User.objects.filter(pk=personas[name].pk).update(language=language)
        client.force_login(personas.fresh(name), backend=BACKEND)
        return client

    return as_


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", [*PAGES, "users/add/", "org-units/add/", "grants/add/"])
def test_administrator_opens_every_page(signed, path, language):
    assert signed("ad", language).get(f"/accounts/{path}").status_code == 200


@pytest.mark.parametrize("path", ["users/add/", "org-units/add/", "grants/add/"])
def test_project_manager_may_not_administer(signed, path):
    assert signed("pm").get(f"/accounts/{path}").status_code == 403


def test_visitor_is_sent_to_sign_in(client, db):
    for page in PAGES:
        assert client.get(f"/accounts/{page}").status_code == 302, page


@pytest.mark.parametrize("path", ["login/", "password/reset/", "password/reset/sent/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages_open(client, db, path, language):
    client.cookies["django_language"] = language
    assert client.get(f"/accounts/{path}").status_code == 200


def test_detail_pages_open(signed, personas):
    client = signed("ad")
    assert client.get(f"/accounts/users/{personas.pm.pk}/").status_code == 200
    assert client.get(f"/accounts/org-units/{OrgUnit.objects.get(code='01').pk}/").status_code == 200
    assert client.get(f"/accounts/grants/{Grant.objects.get(user=personas.pm).pk}/").status_code == 200
    for step in ("edit", "move", "deactivate"):
        assert client.get(f"/accounts/users/{personas.pm.pk}/{step}/").status_code == 200


def test_contact_data_only_for_administration_and_oneself(signed, personas):
    page = f"/accounts/users/{personas.pm.pk}/"
    assert b"pm@example.com" in signed("ad").get(page).content
    assert b"pm@example.com" in signed("pm").get(page).content
    assert b"pm@example.com" not in signed("dh").get(page).content


def test_hidden_grant_is_not_found(signed, personas):
    foreign = Grant.objects.get(user=personas.outsider_pm)
    assert signed("pm").get(f"/accounts/grants/{foreign.pk}/").status_code == 404
    assert signed("pm").post(f"/accounts/grants/{foreign.pk}/withdraw/", {"reason": "x"}).status_code == 404


def test_invite_move_and_close_by_the_pages(signed, personas):
    client = signed("ad")
    unit = OrgUnit.objects.get(code="TEC")
    data = {"username": "freshman", "name_zh": "新人", "unit": unit.pk, "role": "DH", "language": "zh-hans"}
    answer = client.post("/accounts/users/add/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    user = User.objects.get(username="freshman")
    assert (
        client.post(
            f"/accounts/users/{user.pk}/move/", {"unit": OrgUnit.objects.get(code="PRD").pk, "role": "DH"}
        ).status_code
        == 302
    )
    assert client.post(f"/accounts/users/{user.pk}/deactivate/", {"reason": "left"}).status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    assert client.post(f"/accounts/users/{user.pk}/deactivate/", {"reason": "left"}).status_code == 409


def test_taken_user_name_is_said_beside_the_field(signed, personas):
    unit = OrgUnit.objects.get(code="TEC")
    answer = signed("ad").post(
        "/accounts/users/add/",
        {"username": "pm", "name_zh": "x", "unit": unit.pk, "role": "DH", "language": "en"},
    )
    assert answer.status_code == 400
    assert "username" in answer.context["form"].errors


def test_stale_edit_is_refused(signed, personas):
    client = signed("ad")
    page = f"/accounts/users/{personas.pm.pk}/edit/"
    data = {"name_zh": "改名", "language": "zh-hans", "version": personas.pm.version}
    assert client.post(page, data).status_code == 302
    assert client.post(page, {**data, "name_zh": "再改"}).status_code == 409


def test_grant_proposed_and_approved_by_the_pages(signed, personas):
    data = {
        "user_id": personas.dh.pk,
        "role": "DM",
        "scope_unit": OrgUnit.objects.get(code="TEC").pk,
        "reason": "deputy",
    }
    assert signed("ad").post("/accounts/grants/add/", data).status_code == 302
    grant = Grant.objects.get(user=personas.dh, role="DM")
    assert signed("ad").post(f"/accounts/grants/{grant.pk}/approve/", {}).status_code == 403
    assert signed("ad_security").post(f"/accounts/grants/{grant.pk}/approve/", {}).status_code == 302
    assert Grant.objects.get(pk=grant.pk).state == "active"


def test_profile_is_saved(signed, personas):
    client = signed("pm")
    data = {"language": "en", "theme": "dark", "mail_notices": "", "version": personas.fresh("pm").version}
    assert client.post("/accounts/profile/", data).status_code == 302
    person = personas.fresh("pm")
    assert (person.language, person.theme, person.mail_notices) == ("en", "dark", False)


def test_token_is_shown_once(signed, personas):
    client = signed("pm")
    page = client.post("/accounts/tokens/add/", {"name": "script", "scope": "read", "days": "30"})
    secret = page.context["secret"]
    assert secret.encode() in page.content
    assert secret.encode() not in client.get("/accounts/profile/").content
    token = ApiToken.objects.get()
    assert secret not in token.digest
    assert signed("bm").post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
    assert signed("pm").post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 302
    assert ApiToken.objects.get().revoked_at
