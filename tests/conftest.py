"""What every test shares: the database put back from its template, a quiet broker, and a browser where there is one."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase

from config import chromium

pytest_plugins = ["tests.personas"]
os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
)  # Playwright keeps an event loop in the tests' own thread
ALONE = ("e2e", "door", "races", "benchmarks", "front")  # folders whose tests get the machine for themselves
TEMPLATE = os.environ.get("IMPELLER_TEST_TEMPLATE", "")


def _restore_from_template() -> None:
    """Replace the test database by a fresh copy of the migrated one: quicker than emptying every table, and seeded
    rows (calendars, units) are there again for the next test."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY FILE_COPY')


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(django_db_blocker: Any) -> None:
    """Give each xdist worker its own copy of the migrated database, instead of migrating once more, and its own
    part of the broker's server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        return
    from django.conf import settings

    name = f"test_{connection.settings_dict['NAME']}_{worker}"
    if TEMPLATE:
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY FILE_COPY')
    connection.settings_dict.setdefault("TEST", {})["NAME"] = name
    settings.REDIS_URL = settings.REDIS_URL.replace("db=0", f"db={int(worker[2:]) % 15 + 1}")
    settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL


@pytest.fixture(scope="session", autouse=True)
def _transactional_tests_restore_the_template() -> Iterator[None]:
    """After a test that commits, copy the template again instead of truncating every table."""
    if not TEMPLATE:
        yield
        return
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        if type(self)._overridden_settings is not None and "DATABASES" in type(self)._overridden_settings:
            original(self)
        else:
            _restore_from_template()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined,method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined,method-assign]


@pytest.fixture(autouse=True)
def _no_cache_between_tests() -> Iterator[None]:
    """Start every test with the language of the product and without what another test cached."""
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    with translation.override("zh-hans"):
        yield


# --- Browser tests ------------------------------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip browser tests where no Chromium is found; in CI that is a failure instead (`BROWSER_REQUIRED=1`)."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.e2e)
        folder = item.path.relative_to(config.rootpath / "tests").parts[0]
        if folder in ALONE or any(item.get_closest_marker(name) for name in ("e2e", "door")):
            item.add_marker(pytest.mark.alone)
    if chromium.find():
        return
    if os.environ.get("BROWSER_REQUIRED") and any(item.get_closest_marker("e2e") for item in items):
        raise pytest.UsageError("Browser tests may not be skipped here, and there is no Chromium.")
    for item in items:
        if item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.skip(reason="no Chromium; see the end of the output"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium, without its habit of calling home."""
    args = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        args.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Browse as our users do."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
