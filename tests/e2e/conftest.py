"""Browsers for people: signed in at a desk or on a phone, and one for a customer nobody knows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.e2e.hand import PATIENCE_MS

expect.set_options(timeout=PATIENCE_MS)
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def sit(transactional_db: None, live_server: Any, new_context: Any) -> Callable[..., Page]:
    """A page of a person (None: not signed in), 1440 px wide, or 390 with `phone=True`; `page.base` is the site."""

    def open_page(user: Any, *, phone: bool = False) -> Page:
        context = new_context(viewport=PHONE if phone else DESK, has_touch=phone, base_url=live_server.url)
        if user is not None:
            client = Client()
            client.force_login(user, backend="accounts.backends.PasswordBackend")
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        return page

    return open_page
