"""Statements of every main screen: as many as written down in query_counts.json, at 20 rows and at 100.

When a page honestly needs another number, run this test with REWRITE_COUNTS=1 and commit the file with the reason.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from benchmarks.screens import complaint_about, expected_rows, screens
from config.generate.company import generate
from config.generate.profiles import RARE_HITS, Profile
from core.models import AuditEntry, Task
from core.tasks_list import _LIST
from core.views import ScopedListView
from crm.models import Customer, FollowUp
from crm.panorama import NEWEST
from crm.views.customers import OPENING
from service.models import Ticket
from service.views.tickets import OPENINGS

COUNTS = Path(__file__).parent / "query_counts.json"
SMALL = Profile(customers=500, contacts=800, activities=700, tickets=2_500, follow_ups=500, busy=150)
AS_OF = datetime(2026, 11, 22, 16, tzinfo=UTC)


@pytest.fixture
def manager(db: Any) -> User:
    """The one project manager of a company in which every customer, step and ticket is theirs."""
    generate(SMALL, 1, AS_OF)
    manager = User.objects.get(username="pm01")
    Customer.objects.filter(owner__isnull=False).update(owner=manager)
    FollowUp.objects.update(owner=manager)
    Ticket.objects.update(owner=manager)
    Task.objects.filter(kind="crm.followup").update(assignee=manager)
    newest = AuditEntry.objects.filter(object_kind="service.ticket")
    newest.update(at=AS_OF)  # a ticket stands on the first page of every time line
    return manager


def count(user: User, url: str) -> tuple[int, Any]:
    """Statements of a page that was asked for once before, with nothing in the cache."""
    client = Client()
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    client.get(url)
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(url)
    return len(caught), answer


def at_size(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let lists, time line and My day show so many rows."""
    monkeypatch.setattr(ScopedListView, "page_size", rows)
    monkeypatch.setattr("crm.panorama.LINES", rows)
    monkeypatch.setattr("core.tasks_list.READ", rows)
    monkeypatch.setattr("core.my_day.DRAWN", rows)
    for kept in (
        *NEWEST.values(),
        _LIST,
        OPENING,
        *OPENINGS.values(),
    ):  # their limits are written into the statements
        kept._for.cache_clear()


def test_main_screens_cost_the_same_at_20_and_at_100_rows(
    manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: dict[str, dict[str, int]] = {}
    shown: dict[str, list[int]] = {}
    for size in (20, 100):
        at_size(size, monkeypatch)
        for screen in screens():
            statements, answer = count(manager, screen.url)
            assert complaint_about(screen, answer.status_code, answer.content.decode(), None) == ""
            found.setdefault(screen.code, {})[str(size)] = statements
            shown.setdefault(screen.code, []).append(len(answer.content))
    flat = {code: sizes["20"] for code, sizes in found.items()}
    assert {code: sizes["100"] for code, sizes in found.items()} == flat
    for code in ("list", "detail", "tickets", "my_day"):
        assert shown[code][1] > 1.5 * shown[code][0], f"{code} did not show more rows at 100"
    if os.environ.get("REWRITE_COUNTS"):
        COUNTS.write_text(json.dumps(flat, indent=1) + "\n")
    assert flat == json.loads(COUNTS.read_text())


def test_counts_keep_the_goals() -> None:
    written = json.loads(COUNTS.read_text())
    over = {one.code: written[one.code] for one in screens() if written[one.code] > one.queries}
    # The dashboard asks once per metric when its figures are older than a minute; between, it keeps the goal.
    assert set(over) <= {"board"}


def test_the_rare_word_has_its_known_hits(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    at_size(RARE_HITS + 10, monkeypatch)
    from config.generate.profiles import ONCE, RARE

    executive = User.objects.get(username="ex01")
    found = Customer.objects.visible_to(executive)
    assert found.matching(RARE).count() == found.filter(name__contains=RARE).count() == RARE_HITS
    assert found.matching(ONCE).count() == 1
    screen = next(one for one in screens() if one.code == "search")
    _statements, answer = count(executive, screen.url)
    wanted = expected_rows(screen, executive)
    assert wanted == RARE_HITS
    assert complaint_about(screen, answer.status_code, answer.content.decode(), wanted) == ""
    assert complaint_about(screen, 200, answer.content.decode(), 39) == "40 rows instead of 39"
