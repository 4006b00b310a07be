"""The browser half of the machinery: pages come with their scripts and styles under the strict content policy."""

from playwright.sync_api import Page, expect


def test_the_sign_in_page_breaks_no_policy(live_server, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}/accounts/login/")
    expect(page.locator("input[type=password]")).to_be_visible()
    assert said == []


def test_the_next_test_finds_the_seeded_rows_again(live_server, page: Page) -> None:
    """The database was committed to by a live server; it is back as migrations left it."""
    from accounts.models import OrgUnit
    from core.models import Calendar, SweepState

    assert OrgUnit.objects.exists()
    assert Calendar.objects.exists()
    SweepState.objects.create(code="left behind")
    page.goto(f"{live_server.url}/healthz")


def test_what_another_test_committed_is_gone(live_server) -> None:
    from core.models import SweepState

    assert not SweepState.objects.filter(code="left behind").exists()
