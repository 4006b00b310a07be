"""An export from the list to the opened file: asked for on one screen, judged on another, its password seen once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.clock import db_now
from core.outbox import deliver_due
from crm.choices import DecisionRole
from crm.exports.work import KIND
from tests.crm.export_files import opened
from tests.crm.factories import make_contact, make_customer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]
Sit = Callable[..., Page]
SAVE = ".form-actions .btn-primary"


def test_an_export_in_a_browser(personas: Any, sit: Sit, tmp_path: Path) -> None:
    customer = make_customer(personas.pm, db_now(), owner=personas.pm, name="甲公司")
    for name, role in (("周敏", DecisionRole.DECISION_MAKER), ("李强", DecisionRole.USER)):
        make_contact(customer, personas.pm, db_now(), name=name, decision_role=role)
    asking = sit(personas.pm)
    asking.goto("/crm/contacts/")
    asking.locator("select[name=decision_role]").select_option(DecisionRole.DECISION_MAKER)
    expect(asking.locator("#rows tr")).to_have_count(1)
    asking.locator("a[data-of-list]").click()  # the filter came without a new page, and goes along
    expect(asking.locator("main dl.facts")).to_contain_text(str(DecisionRole.DECISION_MAKER.label))
    asking.fill("input[name=reason]", "拜访前核对")
    asking.click(SAVE)
    expect(asking.locator(".badge").first).to_have_text("待审批")
    address = asking.url

    judging = sit(personas.co, phone=True)
    judging.goto(address)
    judging.get_by_role("link", name="批准").click()
    judging.locator("#dialog[open]").locator(SAVE).click()
    expect(judging.locator(".job")).to_be_visible()

    asking.goto(address)
    deliver_due(KIND)
    expect(asking.locator("form[action$='/download/']")).to_be_visible()  # the page looks for itself
    asking.locator("form[action$='/reveal/'] button").click()
    password = asking.locator("code.big").inner_text()
    with asking.expect_download() as file:
        asking.locator("form[action$='/download/'] button").click()
    file.value.save_as(tmp_path / "list.xlsx")
    assert opened((tmp_path / "list.xlsx").read_bytes(), password).startswith(b"PK")
    asking.goto(address)
    expect(asking.locator("form[action$='/reveal/']")).to_have_count(0)
