"""The frame in a real browser: search, keys, dialogs, kept drafts, the offline queue, weight, and a silent console."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from core.clock import db_now
from crm.models import Activity
from tests.crm.factories import make_contact, make_customer, make_follow_up

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]
PHONE = {"width": 390, "height": 844}
COLD_REQUESTS, COLD_BYTES = 13, 150_000


@pytest.fixture
def customer(transactional_db: None, personas: Any) -> Any:
    """A customer of the project manager with a person there and an overdue next step."""
    now = db_now()
    row = make_customer(personas.pm, now, owner=personas.pm)
    make_contact(row, personas.pm, now)
    make_follow_up(row, personas.pm, now, days=-2)
    return row


@pytest.fixture
def desk(
    customer: Any, live_server: Any, personas: Any, client: Any, context: BrowserContext
) -> Iterator[Page]:
    """A page with the project manager signed in; the test fails on any word in the console."""
    client.force_login(personas.pm)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.base = live_server.url  # type: ignore[attr-defined]
    yield page
    assert not [text for text in said if "ERR_INTERNET_DISCONNECTED" not in text]


def test_search_opens_anywhere_and_finds_by_initials(desk: Page, customer: Any) -> None:
    desk.goto(f"{desk.base}/notifications/")
    desk.keyboard.press("Control+k")
    desk.locator("#palette-input").fill("cssw")
    expect(desk.locator(".palette-item").first).to_contain_text(customer.name)
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(f"{desk.base}{customer.get_absolute_url()}")


def test_what_was_opened_stands_first_and_what_was_typed_is_kept_nowhere(desk: Page, customer: Any) -> None:
    desk.goto(f"{desk.base}{customer.get_absolute_url()}")
    desk.goto(f"{desk.base}/notifications/")
    desk.keyboard.press("Control+k")
    expect(desk.locator(".palette-group").first).to_contain_text("最近打开")
    expect(desk.locator(".palette-item").first).to_contain_text(customer.name)
    desk.locator("#palette-input").fill("没有这个名字")
    expect(desk.locator(".palette-item")).to_have_count(0)
    assert desk.evaluate("JSON.stringify(localStorage).includes('没有这个名字')") is False
    assert customer.name not in desk.evaluate("JSON.stringify(localStorage)")


def test_keys_walk_the_list_and_open_the_form(desk: Page) -> None:
    desk.goto(desk.base + "/")
    desk.keyboard.press("j")
    expect(desk.locator(".task[aria-selected=true]")).to_have_count(1)
    desk.keyboard.press("e")
    expect(desk.locator("#dialog[open] form")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("[")
    expect(desk.locator("html")).to_have_attribute("data-nav", "folded")
    desk.keyboard.press("?")
    expect(desk.locator("#keys[open]")).to_be_visible()


def test_a_dialog_on_the_phone_rises_from_the_bottom_edge_to_edge(desk: Page) -> None:
    desk.set_viewport_size(PHONE)
    desk.goto(desk.base + "/")
    desk.evaluate("document.querySelector('a[data-dialog]').click()")
    expect(desk.locator("#dialog[open] form")).to_be_visible()
    desk.locator("#dialog").evaluate("one => Promise.all(one.getAnimations().map(move => move.finished))")
    box = desk.locator("#dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, PHONE["width"], PHONE["height"])


def test_typed_text_survives_a_reload_and_goes_with_the_save(desk: Page, customer: Any) -> None:
    address = f"{desk.base}/crm/activities/add/?customer={customer.pk}"
    desk.goto(address)
    desk.locator("textarea").first.fill("说到一半的话不能丢")
    expect(desk.locator("[data-draft-note]")).not_to_be_empty()
    desk.reload()
    expect(desk.locator("textarea").first).to_have_value("说到一半的话不能丢")
    desk.locator(".form-actions .btn-primary").click()
    expect(desk).not_to_have_url(address)
    desk.goto(address)
    expect(desk.locator("textarea").first).to_have_value("")
    assert Activity.objects.filter(summary="说到一半的话不能丢").count() == 1


def test_entry_without_network_arrives_exactly_once(
    desk: Page, customer: Any, context: BrowserContext
) -> None:
    desk.set_viewport_size(PHONE)
    desk.goto(f"{desk.base}/crm/activities/add/?customer={customer.pk}")
    desk.locator("textarea").first.fill("泵房里没有信号")
    context.set_offline(True)
    desk.locator(".form-actions .btn-primary").click()
    expect(desk.locator("html[data-offline]")).to_have_count(1)
    assert not Activity.objects.filter(summary="泵房里没有信号").exists()
    context.set_offline(False)
    desk.goto(desk.base + "/")
    expect(desk.locator("html[data-offline]")).to_have_count(0)
    sent = Activity.objects.filter(summary="泵房里没有信号")
    deadline = time.monotonic() + 15
    while not sent.exists() and time.monotonic() < deadline:  # it goes out when the page has settled
        desk.wait_for_timeout(100)
    desk.reload()
    desk.wait_for_load_state("networkidle")
    assert sent.count() == 1


@pytest.mark.parametrize("path", ["/", "/crm/customers/"])
def test_cold_page_stays_in_its_budget(desk: Page, path: str) -> None:
    """Nothing cached: number of requests and bytes as sent (the test server does not compress, so this is generous)."""
    seen: list[int] = []
    desk.on("response", lambda answer: seen.append(int(answer.headers.get("content-length", "0"))))
    desk.goto(desk.base + path, wait_until="networkidle")
    assert len(seen) <= COLD_REQUESTS
    assert sum(seen) <= 2 * COLD_BYTES


@pytest.mark.parametrize("path", ["/", "/crm/customers/", "/notifications/", "/scan/", "/accounts/profile/"])
def test_nothing_is_wider_than_a_phone(desk: Page, path: str) -> None:
    desk.set_viewport_size(PHONE)
    desk.goto(desk.base + path)
    assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
