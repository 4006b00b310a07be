"""Job 5 in a real browser: pass a gate with the evidence it asks for, in four steps from the start page."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.projects.factories import bring_to, make_project, supply

pytestmark = pytest.mark.django_db(transaction=True)
BUDGET = 4


class Steps:
    """The only hand on the page: every click and every filled field is one step."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def click(self, selector: str) -> None:
        self.count += 1
        self.page.locator(selector).first.click()

    def choose_file(self, selector: str, path: Path) -> None:
        self.count += 1
        self.page.locator(selector).set_input_files(path)


def test_a_gate_is_passed_in_four_steps(
    personas: Any, live_server: Any, page: Any, context: Any, settings: Any, tmp_path: Path
) -> None:
    now = timezone.now()
    project = bring_to(make_project(personas.pm, now, title="热网循环泵节能改造"), "p04", personas, now)
    supply(project, personas.pm, now, "result")
    minutes = tmp_path / "minutes.txt"
    minutes.write_text("谈判纪要：双方就价格与交期达成一致。", encoding="utf-8")
    client = Client()
    client.force_login(personas.pm)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(live_server.url + "/")

    steps = Steps(page)
    steps.click("a[href='/projects/board/']")
    steps.click(f"[data-href='{project.get_absolute_url()}'] a")
    steps.choose_file("#evidence-negotiation_file", minutes)
    page.wait_for_selector("[data-submit-gate]")
    steps.click("[data-submit-gate]")
    page.wait_for_load_state("networkidle")

    assert steps.count <= BUDGET
    submission = project.submissions.get(gate="g04")
    assert submission.verdict == "waiting"
    assert submission.submitted_by == personas.pm
