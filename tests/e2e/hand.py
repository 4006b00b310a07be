"""The only hand on a page: it alone clicks, fills and presses, and counts each as one step (decision 37).

Navigation after the start page by any other way fails the test: `goto`, `reload`, `go_back` and their like are
taken away from the page once it stands on its start.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

OTHER_WAYS = ("goto", "reload", "go_back", "go_forward", "set_content")
PATIENCE_MS = 20_000


class OtherWay(AssertionError):
    """The page was left by something else than the hand."""


class Hand:
    """One person's finger on one page, counting."""

    def __init__(self, page: Page, start: str) -> None:
        self.page, self.count = page, 0
        page.set_default_timeout(PATIENCE_MS)
        page.goto(start)
        page.wait_for_load_state("networkidle")
        for name in OTHER_WAYS:
            setattr(page, name, self._refuse(name))

    @staticmethod
    def _refuse(name: str) -> Any:
        def refused(*_args: Any, **_options: Any) -> None:
            raise OtherWay(f"page.{name} is not a step of the person at the page")

        return refused

    def click(self, target: str | Locator) -> None:
        """One tap."""
        self.count += 1
        self._one(target).click()

    def fill(self, target: str | Locator, text: str) -> None:
        """One field filled, whatever its length."""
        self.count += 1
        self._one(target).fill(text)

    def press(self, keys: str) -> None:
        """One key or chord."""
        self.count += 1
        self.page.keyboard.press(keys)

    def choose_file(self, target: str, path: Path) -> None:
        """One file chosen."""
        self.count += 1
        self._one(target).set_input_files(path)

    def sees(self, target: str | Locator, text: str = "") -> Locator:
        """Looking is free."""
        found = self._one(target)
        expect(found).to_be_visible(timeout=PATIENCE_MS)
        if text:
            expect(found).to_contain_text(text, timeout=PATIENCE_MS)
        return found

    def _one(self, target: str | Locator) -> Locator:
        found = self.page.locator(target) if isinstance(target, str) else target
        return found.first
