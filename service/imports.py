"""Taking over tickets of a former system from its event log: nothing is lost, nothing is counted, twice is once."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import OrgUnit, User
from core import audit
from core.numbering import next_codes
from crm.models import Customer
from crm.operations import create_customer
from service.choices import TicketState
from service.models import Ticket, TicketEvent

PARTY: Final = "历史工单"
CASE, ACTIVITY, AGENT, TIME = "case:concept:name", "concept:name", "org:resource", "time:timestamp"
CLOSED, TAKEN, RESOLVED = "Closed", "Take in charge ticket", "Resolve ticket"
ACTIVITY_LENGTH, CASE_LENGTH = 80, 60
BATCH = 2000


@dataclass(frozen=True)
class Event:
    """One accepted line of the file; `row` is its number, the heading being row 1."""

    row: int
    case: str
    activity: str
    agent: str
    at: datetime


@dataclass
class Outcome:
    """What became of the file: accepted + rejected is the number of its lines, each reject with its reason."""

    accepted: int = 0
    rejects: list[tuple[int, str]] = field(default_factory=list)
    tickets: int = 0
    agents: int = 0

    @property
    def reasons(self) -> Counter[str]:
        return Counter(reason for _, reason in self.rejects)


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a CSV file, plain or gzipped."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def read_events(rows: Iterable[Mapping[str, str]], outcome: Outcome) -> list[Event]:
    """The usable lines in order of time, then of the file; the others go to the rejects with a reason code."""
    events = []
    for number, row in enumerate(rows, start=2):
        at = _instant(row.get(TIME) or "")
        case, activity = (row.get(CASE) or "").strip(), (row.get(ACTIVITY) or "").strip()
        reason = _refuse(case, activity, at)
        if reason or at is None:
            outcome.rejects.append((number, reason))
        else:
            events.append(Event(number, case, activity, (row.get(AGENT) or "").strip(), at))
    return sorted(events, key=lambda event: (event.at, event.row))


def _refuse(case: str, activity: str, at: datetime | None) -> str:
    if not case or len(case) > CASE_LENGTH:
        return "no_ticket"
    if not activity or len(activity) > ACTIVITY_LENGTH:
        return "no_activity"
    return "" if at else "bad_time"


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def import_events(*, by: Any, now: datetime, path: Path) -> Outcome:
    """Take over the tickets of an event log with every event; all of it or, when it fails, nothing.

    A ticket that is already here keeps its events, and its lines are rejected as `already_imported`.
    """
    outcome = Outcome()
    events = read_events(read_rows(path), outcome)
    with transaction.atomic():
        party = history_party(by=by, now=now)
        known = set(Ticket.objects.filter(historical=True).values_list("source_ref", flat=True))
        by_case: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            if event.case in known:
                outcome.rejects.append((event.row, "already_imported"))
            else:
                by_case[event.case].append(event)
        agents = _agents({event.agent for lines in by_case.values() for event in lines} - {""}, outcome)
        tickets = _tickets(by_case, agents, party)
        Ticket.objects.bulk_create(tickets, batch_size=BATCH)
        ids = {ticket.source_ref: ticket.pk for ticket in tickets}
        TicketEvent.objects.bulk_create(
            (
                TicketEvent(
                    ticket_id=ids[event.case],
                    at=event.at,
                    row=event.row,
                    activity=event.activity,
                    agent=agents.get(event.agent),
                )
                for lines in by_case.values()
                for event in lines
            ),
            batch_size=BATCH,
        )
        audit.record_each("service.import_ticket", tickets, by=by, now=now, root=party)
        outcome.tickets = len(tickets)
        outcome.accepted = sum(len(lines) for lines in by_case.values())
    outcome.rejects.sort()
    return outcome


def history_party(*, by: Any, now: datetime) -> Customer:
    """The one party that stands for the unknown customers of the old system."""
    found = Customer.objects.filter(name=PARTY).first()
    if found is not None:
        return found
    headquarters = OrgUnit.objects.get(kind="hq")
    return create_customer(
        by=by, now=now, name=PARTY, kind="other", branch=headquarters, historical=True, pool_status=""
    )


def _agents(names: set[str], outcome: Outcome) -> dict[str, User]:
    """The old agents as people who cannot sign in, by the name in the file."""
    logins = {name: "old-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:34] for name in names}
    known = {person.username: person for person in User.objects.filter(username__in=logins.values())}
    people = {}
    for name in sorted(names):
        person = known.get(logins[name])
        if person is None:
            person = User(username=logins[name], name_zh=name[:40], name_en=name[:60], is_active=False)
            person.set_unusable_password()
            person.save()
            outcome.agents += 1
        people[name] = person
    return people


def _tickets(by_case: Mapping[str, list[Event]], agents: Mapping[str, User], party: Customer) -> list[Ticket]:
    """One ticket per case, numbered by the local year of its first event."""
    by_year: dict[int, list[list[Event]]] = defaultdict(list)
    for lines in sorted(by_case.values(), key=lambda found: (found[0].at, found[0].row)):
        by_year[timezone.localtime(lines[0].at).year].append(lines)
    tickets = []
    for cases in by_year.values():
        codes = next_codes("GD", branch_code=party.branch.code, now=cases[0][0].at, count=len(cases))
        tickets += [_ticket(code, lines, agents, party) for code, lines in zip(codes, cases, strict=True)]
    return tickets


def _ticket(code: str, lines: list[Event], agents: Mapping[str, User], party: Customer) -> Ticket:
    state, closed_at = end_of(lines)
    worker = next((event.agent for event in reversed(lines) if event.activity == TAKEN), lines[-1].agent)
    return Ticket(
        code=code,
        customer=party,
        branch_id=party.branch_id,
        type="consult",
        channel="web",
        impact="i4",
        tier_snapshot="na",
        priority="p4",
        run_started_at=lines[0].at,
        received_at=lines[0].at,
        state=state,
        closed_at=closed_at,
        resolved_at=next((event.at for event in reversed(lines) if event.activity == RESOLVED), None),
        engineer=agents.get(worker),
        historical=True,
        source_ref=lines[0].case,
    )


def end_of(lines: list[Event]) -> tuple[str, datetime | None]:
    """State and closing time: closed unless it never was, or somebody took it in charge again afterwards."""
    for event in reversed(lines):
        if event.activity == CLOSED:
            return TicketState.CLOSED, event.at
        if event.activity == TAKEN:
            return TicketState.IN_PROGRESS, None
        if event.activity == RESOLVED and not any(other.activity == CLOSED for other in lines):
            return TicketState.RESOLVED, None
    return TicketState.NEW, None
