"""The frame: appearance, language, navigation by right, install manifest, service worker, offline page, refusals."""

from typing import Any

import pytest
from django.test import Client

from core import navigation

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, personas: Any) -> Client:
    """A browser with the project manager signed in."""
    client.force_login(personas["pm"])
    return client


def test_theme_is_kept_and_rendered(client: Client) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": "/offline/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/offline/"
    page = client.get("/offline/").content.decode()
    assert 'data-theme="dark"' in page
    assert "tokens-dark" in page
    client.post("/theme/", {"theme": "light", "next": "/offline/"})
    assert "tokens-dark" not in client.get("/offline/").content.decode()


@pytest.mark.parametrize(
    "target", ["//evil.example/x", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_switches_never_lead_outside(client: Client, target: str) -> None:
    for path in ("/theme/", "/language/"):
        assert client.post(path, {"next": target})["Location"] == "/"


def test_switches_refuse_get(client: Client) -> None:
    assert client.get("/theme/").status_code == 405
    assert client.get("/language/").status_code == 405


def test_language_of_a_visitor_is_kept(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/offline/"})
    assert "No network" in client.get("/offline/").content.decode()
    client.post("/language/", {"language": "xx", "next": "/offline/"})
    assert "No network" in client.get("/offline/").content.decode()


def test_language_of_a_person_goes_into_the_profile(desk: Client, personas: Any) -> None:
    desk.post("/language/", {"language": "en", "next": "/"})
    personas["pm"].refresh_from_db()
    assert personas["pm"].language == "en"


def test_manifest_and_worker_are_served_at_the_root(client: Client) -> None:
    manifest = client.get("/manifest.webmanifest")
    assert manifest.json()["display"] == "standalone"
    assert len(manifest.json()["icons"]) == 3
    worker = client.get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/offline/" in worker.content.decode()


def test_gallery_is_not_there_outside_development(client: Client) -> None:
    assert client.get("/gallery/").status_code == 404


def test_every_page_forbids_inline_code(client: Client) -> None:
    policy = client.get("/offline/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_navigation_leaves_out_what_one_may_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reader:
        rights = frozenset({"reading notices, in this test"})

        def has_perm(self, code: str) -> bool:
            return code == "core.view_notification"

    monkeypatch.setattr(navigation, "_items", {})
    navigation.register_item(
        "home", "mine", "Mine", "bell", "core:notification_list", "core.view_notification"
    )
    navigation.register_item(
        "home", "others", "Others", "lock", "core:notification_list", "core.view_parameter"
    )
    navigation.register_item("home", "unbuilt", "Unbuilt", "lock", "core:no_such_page")
    assert [item.code for group in navigation.groups_for(Reader()) for item in group.items] == ["mine"]
    with pytest.raises(KeyError):
        navigation.register_item("nowhere", "x", "X", "bell", "core:my_day")


def test_my_day_greets_and_teaches_when_empty(desk: Client) -> None:
    page = desk.get("/").content.decode()
    assert "没有待办" in page
    assert 'aria-current="page"' in page


def test_my_day_needs_a_person(client: Client) -> None:
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_refusal_page_says_what_to_do(desk: Client) -> None:
    answer = desk.get("/files/999999/")
    assert answer.status_code == 404
    assert "这个地址下没有内容" not in answer.content.decode()
    assert "这个地址下没有内容" in desk.get("/no/such/page/").content.decode()
    assert "data-sentence" in answer.content.decode()
    assert 'class="shell' in answer.content.decode()
