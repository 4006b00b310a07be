"""Two people at one customer, each at an own browser: what one writes never wipes out what the other wrote."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.clock import db_now
from crm.models import Customer
from tests.crm.factories import make_customer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]
Sit = Callable[..., Page]
SAVE = ".form-actions .btn-primary"


@pytest.fixture
def customer(transactional_db: None, personas: Any) -> Customer:
    return make_customer(
        personas.pm,
        db_now(),
        owner=personas.pm,
        name="北岚钢铁股份有限公司（示例）",
        short_name="北岚",
        kinds=["dealer"],
    )


@pytest.fixture
def edit(customer: Customer) -> str:
    return f"{customer.get_absolute_url()}edit/"


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    more = page.locator("form details:not([open]) > summary")
    if more.count():
        more.first.click()
    return page


def saved(page: Page) -> None:
    with page.expect_navigation():
        page.locator(SAVE).click()


def test_two_phones_write_different_fields(personas: Any, sit: Sit, customer: Customer, edit: str) -> None:
    one, two = opened(sit(personas.pm, phone=True), edit), opened(sit(personas.bm, phone=True), edit)
    one.locator("[name=short_name]").fill("北岚钢")
    one.locator("form details").evaluate_all("all => all.forEach(one => one.open = true)")
    one.locator("[name=is_group]").check()
    saved(one)
    two.locator("[name=district]").fill("古冶区")
    saved(two)
    expect(two.locator(".form-errors")).to_contain_text(personas.pm.name)
    expect(two.locator(".form-errors")).to_contain_text("改动：简称、集团总部。")
    expect(two.locator("[name=short_name]")).to_have_value("北岚钢")
    expect(two.locator(".field:has([name=short_name]) .field-news")).to_have_text(
        "刚被他人改过，原为“北岚”。"
    )
    expect(two.locator(".field:has([name=is_group]) .field-news")).to_have_text("刚被他人改过，原为“否”。")
    expect(two.locator(".field-news")).to_have_count(2)
    expect(two.locator("[name=district]")).to_have_value("古冶区")
    saved(two)
    customer.refresh_from_db()
    assert (customer.short_name, customer.district, customer.kinds) == ("北岚钢", "古冶区", ["dealer"])


def test_two_phones_write_the_same_field(personas: Any, sit: Sit, customer: Customer, edit: str) -> None:
    one, two = opened(sit(personas.pm, phone=True), edit), opened(sit(personas.bm, phone=True), edit)
    one.locator("[name=short_name]").fill("北岚钢")
    saved(one)
    two.locator("[name=short_name]").fill("北岚集团")
    saved(two)
    expect(two.locator(".field:has([name=short_name]) .errors")).to_have_text(
        f"{personas.pm.name} 刚把此处改为“北岚钢”。再次保存即以您写的为准。"
    )
    expect(two.locator(".form-errors")).to_contain_text("改动：简称。")
    expect(two.locator("[name=short_name]")).to_have_value("北岚集团")
    customer.refresh_from_db()
    assert customer.short_name == "北岚钢"
    saved(two)
    customer.refresh_from_db()
    assert customer.short_name == "北岚集团"


def test_a_draft_restored_on_a_newer_page_is_compared_too(
    personas: Any, sit: Sit, customer: Customer, edit: str
) -> None:
    """A phone that lost the page and opens it again brings its words back, and still learns what changed meanwhile."""
    one, two = opened(sit(personas.pm, phone=True), edit), opened(sit(personas.bm, phone=True), edit)
    two.locator("[name=short_name]").fill("北岚集团")
    expect(two.locator("[data-draft-note]").first).not_to_be_empty()
    one.locator("[name=short_name]").fill("北岚钢")
    one.locator("[name=district]").fill("古冶区")
    saved(one)
    opened(two, edit)
    expect(two.locator("[name=short_name]")).to_have_value("北岚集团")
    expect(two.locator("[name=district]")).to_have_value("古冶区")
    saved(two)
    expect(two.locator(".field:has([name=short_name]) .errors")).to_contain_text("北岚钢")
    saved(two)
    customer.refresh_from_db()
    assert (customer.short_name, customer.district) == ("北岚集团", "古冶区")


def test_an_error_first_does_not_hide_the_conflict(
    personas: Any, sit: Sit, customer: Customer, edit: str
) -> None:
    """A form given back for a mistake still knows which version it was based on."""
    one, two = opened(sit(personas.pm), edit), opened(sit(personas.bm), edit)
    two.locator("[name=uscc]").fill("91X")
    one.locator("[name=short_name]").fill("北岚钢")
    saved(one)
    saved(two)
    expect(two.locator(".field:has([name=uscc]) .errors")).not_to_be_empty()
    two.locator("[name=uscc]").fill("")
    two.locator("[name=short_name]").fill("北岚集团")
    saved(two)
    expect(two.locator(".field:has([name=short_name]) .errors")).to_contain_text("北岚钢")
    customer.refresh_from_db()
    assert customer.short_name == "北岚钢"
