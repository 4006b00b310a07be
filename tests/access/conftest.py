"""The demo company as the world of the access tests, built once per module and rolled back afterwards."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

CAST = [
    *("pm1", "pm3", "bm1", "bm2", "ae1", "dp1", "am1", "dh_tec", "dm_prd", "dm_sal"),
    *("sv1", "sv2", "co1", "fi1", "ex1", "au1", "ad1"),
]


@pytest.fixture(autouse=True)
def _quiet_refusals() -> Iterator[None]:
    """Thousands of refusals are the purpose here; nobody wants to read them in the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


class _Rollback(Exception):
    """Ends the transaction of a module."""


@pytest.fixture(scope="module")
def demo(django_db_setup: Any, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Demo users by login; every row the demo makes is there until the module ends."""
    from accounts.models import User

    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                call_command("load_demo", verbosity=0)
                yield {user.username: user for user in User.objects.filter(username__in=CAST)}
                raise _Rollback
        except _Rollback:
            return


@pytest.fixture(scope="module")
def clients(demo: dict[str, Any]) -> dict[str, Client]:
    """A signed-in browser per login, and one nobody has signed in with."""
    found = {}
    for name, user in demo.items():
        client = Client(raise_request_exception=True)
        client.force_login(user, backend="accounts.backends.PasswordBackend")
        found[name] = client
    found["anonymous"] = Client()
    return found
