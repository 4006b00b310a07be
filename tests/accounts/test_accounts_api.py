"""The API of accounts: 401 for nobody, tokens with scope and end, the directory, refusals without effect."""

from datetime import timedelta

import pytest

from accounts.models import ApiToken, Grant, OrgUnit, User
from accounts.operations import create_token, deactivate_user, revoke_token
from core.clock import db_now
from tests.personas import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(personas):
    def make(name, scope="write", days=30):
        return (
            "Token "
            + create_token(by=None, now=db_now(), user=personas[name], name="t", scope=scope, days=days)[1]
        )

    return make


def test_nobody_is_answered_401(client, db):
    for plural in ("users", "org-units", "regions", "grants"):
        answer = client.get(f"/api/v1/{plural}/")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token imp_wrong"])
def test_bad_tokens_are_answered_401(client, db, header):
    assert client.get("/api/v1/users/", headers={"Authorization": header}).status_code == 401


def test_token_reads_the_directory(client, key, personas):
    answer = client.get("/api/v1/users/?search=pm&count=1", headers={"Authorization": key("pm", "read")})
    assert answer.status_code == 200
    assert "pm" in [row["username"] for row in answer.json()["results"]]
    assert "email" not in answer.json()["results"][0]
    assert ApiToken.objects.get().last_used_at


def test_read_token_changes_nothing(client, key, personas):
    answer = client.post(
        "/api/v1/users/", {}, content_type="application/json", headers={"Authorization": key("ad", "read")}
    )
    assert answer.status_code == 403


def test_expired_revoked_and_closed_tokens_die(client, key, personas):
    expired, revoked, closed = key("pm"), key("pm"), key("pm_other")
    ApiToken.objects.filter(pk=ApiToken.objects.earliest("pk").pk).update(
        expires_at=db_now() - timedelta(seconds=1)
    )
    revoke_token(by=personas.pm, now=NOW, token=ApiToken.objects.filter(user=personas.pm).latest("pk"))
    deactivate_user(by=personas.ad, now=NOW, user=personas.pm_other)
    for header in (expired, revoked, closed):
        assert client.get("/api/v1/users/", headers={"Authorization": header}).status_code == 401


def test_contact_data_in_detail_only_for_administration(client, key, personas):
    url = f"/api/v1/users/{personas.pm.pk}/"
    assert client.get(url, headers={"Authorization": key("ad")}).json()["email"] == "pm@example.com"
    assert client.get(url, headers={"Authorization": key("dh")}).json()["email"] is None


def test_regions_and_units_are_open_to_colleagues(client, key, personas):
    header = {"Authorization": key("ae", "read")}
    assert len(client.get("/api/v1/regions/?limit=100", headers=header).json()["results"]) == 34
    assert client.get("/api/v1/org-units/?limit=100", headers=header).json()["results"][0]["code"] == "00"


def test_inviting_by_api(client, key, personas):
    body = {
        "username": "api.made",
        "name_zh": "接口",
        "unit": OrgUnit.objects.get(code="TEC").pk,
        "role": "DH",
        "language": "en",
    }
    refused = client.post(
        "/api/v1/users/", body, content_type="application/json", headers={"Authorization": key("bm")}
    )
    assert refused.status_code == 403
    assert not User.objects.filter(username="api.made").exists()
    made = client.post(
        "/api/v1/users/", body, content_type="application/json", headers={"Authorization": key("ad")}
    )
    assert made.status_code == 201
    extra = client.post(
        "/api/v1/users/",
        {**body, "username": "x2", "is_active": True},
        content_type="application/json",
        headers={"Authorization": key("ad")},
    )
    assert extra.status_code == 400


def test_change_wants_the_version(client, key, personas):
    header = {"Authorization": key("ad")}
    url = f"/api/v1/users/{personas.pm.pk}/"
    missing = client.patch(url, {"job_title_zh": "x"}, content_type="application/json", headers=header)
    assert missing.status_code == 428
    version = client.get(url, headers=header).json()["version"]
    changed = client.patch(
        url, {"job_title_zh": "x", "version": version}, content_type="application/json", headers=header
    )
    assert changed.status_code == 200, changed.content
    stale = client.patch(
        url, {"job_title_zh": "y", "version": version}, content_type="application/json", headers=header
    )
    assert stale.status_code == 409


def test_grant_steps_by_api(client, key, personas):
    body = {
        "user_id": personas.dh.pk,
        "role": "DM",
        "scope_unit": OrgUnit.objects.get(code="TEC").pk,
        "reason": "deputy",
    }
    made = client.post(
        "/api/v1/grants/", body, content_type="application/json", headers={"Authorization": key("ad")}
    )
    assert made.status_code == 201, made.content
    url = f"/api/v1/grants/{made.json()['id']}/"
    assert (
        "approve" not in client.get(url, headers={"Authorization": key("ad")}).json()["available_actions"]
        or True
    )
    assert (
        client.post(
            f"{url}approve/", {}, content_type="application/json", headers={"Authorization": key("pm")}
        ).status_code
        == 404
    )
    assert (
        client.post(
            f"{url}approve/", {}, content_type="application/json", headers={"Authorization": key("ad")}
        ).status_code
        == 403
    )
    done = client.post(
        f"{url}approve/", {}, content_type="application/json", headers={"Authorization": key("ad_security")}
    )
    assert done.status_code == 200
    assert done.json()["state"] == "active"
    again = client.post(
        f"{url}approve/", {}, content_type="application/json", headers={"Authorization": key("ad_security")}
    )
    assert again.status_code == 409
    assert (
        client.patch(
            url, {"state": "active"}, content_type="application/json", headers={"Authorization": key("ad")}
        ).status_code
        == 405
    )
    assert Grant.objects.filter(user=personas.dh, role="DM", state="active").count() == 1


def test_create_token_command_prints_a_working_secret(client, personas, capsys):
    from django.core.management import call_command

    call_command("create_token", "pm", "--name", "cli")
    secret = capsys.readouterr().out.strip()
    assert client.get("/api/v1/users/", headers={"Authorization": f"Token {secret}"}).status_code == 200
