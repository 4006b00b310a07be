"""Old tickets come over whole, once, and are never reminded of; the report agrees with the file."""

import csv
import gzip
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from core.errors import NotAllowed
from core.models import AuditEntry, Notification, Task
from core.sweep import run_scan
from service import history
from service.imports import import_events
from service.models import Ticket, TicketEvent
from tests.personas import *  # noqa: F403 - fixtures
from tests.service.factories import NOW

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "helpdesk_events.csv.gz"
HEAD = "concept:name,org:resource,time:timestamp,case:concept:name\n"


def write(path: Path, lines: list[str]) -> Path:
    file = path / "events.csv"
    file.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_small_log(personas: Any, tmp_path: Path) -> None:
    file = write(
        tmp_path,
        [
            "Closed,Value 5,2010-02-13 08:52:48+00:00,Case1",
            "Take in charge ticket,Value 2,2010-01-29 08:52:27+00:00,Case1",
            "Closed,Value 5,2010-02-13 08:52:48+00:00,Case1",
            "Take in charge ticket,Value 2,2013-12-31 17:00:00+00:00,Case2",
            "Closed,Value 2,yesterday,Case2",
            ",Value 2,2011-01-01 00:00:00+00:00,Case3",
            "Closed,Value 2,2011-01-01 00:00:00+00:00,",
        ],
    )
    outcome = import_events(by=None, now=NOW, path=file)
    assert (outcome.accepted, outcome.tickets, outcome.agents) == (4, 2, 2)
    assert outcome.rejects == [(6, "bad_time"), (7, "no_activity"), (8, "no_ticket")]
    first = Ticket.objects.get(source_ref="Case1")
    assert [event.row for event in first.events.all()] == [3, 2, 4]
    assert (first.state, first.historical, first.closed_at.year) == ("closed", True, 2010)
    second = Ticket.objects.get(source_ref="Case2")
    assert second.state == "in_progress"
    assert second.code.split("-")[2] == "2014"
    assert not User.objects.get(username="old-value-2").is_active
    again = import_events(by=None, now=NOW, path=file)
    assert (again.accepted, again.tickets, again.agents) == (0, 0, 0)
    assert again.reasons["already_imported"] == 4
    assert len(again.rejects) == 7
    assert TicketEvent.objects.count() == 4


def test_old_tickets_are_left_alone(personas: Any, tmp_path: Path) -> None:
    file = write(tmp_path, ["Take in charge ticket,Value 2,2010-01-29 08:52:27+00:00,Case1"])
    import_events(by=None, now=NOW, path=file)
    for scan in ("ticket_clocks", "assignments", "confirmations", "closings"):
        assert run_scan(f"service.{scan}", now=NOW + timedelta(days=1), force=True) == 0
    ticket = Ticket.objects.get()
    assert not ticket.clocks.exists()
    assert not ticket.escalations.exists()
    assert not Task.objects.filter(object_kind="service.ticket").exists()
    assert not Notification.objects.filter(object_kind="service.ticket").exists()
    assert not Ticket.objects.open().exists()
    with pytest.raises(NotAllowed):
        ticket.change_priority(by=personas.dp, now=NOW, priority="p1", reason="试")
    assert AuditEntry.objects.filter(code="service.import_ticket", object_id=ticket.pk).count() == 1


@pytest.mark.skipif(not REAL.is_file(), reason="the real event log is not on this machine")
def test_real_log_agrees_with_a_direct_count(personas: Any) -> None:
    started = datetime.now()
    outcome = import_events(by=None, now=NOW, path=REAL)
    assert (datetime.now() - started).total_seconds() < 30
    with gzip.open(REAL, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert outcome.accepted + len(outcome.rejects) == len(rows) == 21_348
    assert outcome.tickets == 4_580
    assert Ticket.objects.filter(historical=True).count() == 4_580
    local = ZoneInfo("Asia/Shanghai")
    years = Counter(
        (datetime.fromisoformat(row["time:timestamp"]).astimezone(local).year, row["org:resource"])
        for row in rows
    )
    first: dict[str, datetime] = {}
    for row in rows:
        at = datetime.fromisoformat(row["time:timestamp"])
        first[row["case:concept:name"]] = min(at, first.get(row["case:concept:name"], at))
    by_year = Counter(at.astimezone(local).year for at in first.values())
    shown = history.report(Ticket.objects.visible_to(personas.am))
    assert {cell["year"]: cell["number"] for cell in shown["tickets"] if cell["number"]} == by_year
    cells = {
        (cell["year"], line["agent"].name_zh): cell["number"]
        for line in shown["lines"]
        for cell in line["cells"]
        if cell["number"]
    }
    assert cells == years
    assert (shown["ticket_total"], shown["event_total"]) == (4_580, 21_348)
    assert import_events(by=None, now=NOW, path=REAL).tickets == 0
