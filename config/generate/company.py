"""Putting the measured company together: in which order the tables are written, and the audit behind the rows."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection, transaction

from config.generate.copying import Copier
from config.generate.customers import make_contacts, make_customers, make_facts
from config.generate.people import make_staff
from config.generate.profiles import Profile
from config.generate.talks import make_activities, make_follow_up_tasks, make_follow_ups, people_of
from config.generate.tickets import make_tickets
from core.kinds import kind_of
from core.models import AuditEntry, Notification, Task
from crm.models import Activity, Contact, Customer, CustomerFacts, FollowUp
from service.models import Ticket, TicketAssignment, TicketClock

NOTICES_EACH = 12


@dataclass
class Manifest:
    """What was made: rows by table and the digest of all that does not depend on keys."""

    counts: dict[str, int]
    digests: dict[str, str]

    @property
    def checksum(self) -> str:
        """One word for all of it."""
        return hashlib.sha256(repr(sorted(self.digests.items())).encode()).hexdigest()


def generate(profile: Profile, seed: int, as_of: datetime) -> Manifest:
    """Fill an empty installation in one transaction."""
    copier = Copier()
    with transaction.atomic():
        with (
            connection.cursor() as cursor
        ):  # a million people are made up for longer than a forgotten transaction lives
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        staff = make_staff(seed, as_of)
        customers = make_customers(profile, seed, staff, as_of)
        contacts = make_contacts(profile, seed, customers)
        activities = make_activities(profile, seed, customers, staff, as_of)
        follow_ups = make_follow_ups(profile, seed, customers, as_of)
        made = make_tickets(profile, seed, customers, staff, as_of)
        copier.load(Customer, customers)
        copier.load(CustomerFacts, make_facts(customers, made.per_customer(), as_of))
        copier.load(Contact, contacts)
        copier.load(Activity, activities)
        copier.load_pairs(Activity.contacts, people_of(activities, contacts))
        copier.load(FollowUp, follow_ups)
        copier.load(Ticket, made.tickets)
        copier.load_plain(TicketClock, made.clocks)
        copier.load(TicketAssignment, _numbered(made.assignments))
        copier.load(Task, _numbered(chain(make_follow_up_tasks(follow_ups), made.tasks)))
        everyone = [user for people in staff.by_role.values() for user in people]
        copier.load(Notification, _numbered(_notices(everyone, customers, as_of)))
        entries = chain(
            _said("crm.add_customer", customers),
            _said("crm.add_contact", contacts),
            _said("crm.add_activity", activities),
            _said("crm.add_followup", follow_ups),
            _said("service.add_ticket", made.tickets),
            _closed(made.tickets),
        )
        first = (AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0) + 1
        copier.load_plain(AuditEntry, _placed(entries, first))
    return Manifest(copier.counts, copier.digests)


def _numbered(rows: Iterable[Any], first: int = 1) -> Iterator[Any]:
    """The rows with ids in order."""
    for pk, row in enumerate(rows, start=first):
        row.pk = pk
        yield row


def _placed(entries: Iterable[dict[str, Any]], first: int) -> Iterator[dict[str, Any]]:
    """The entries after those that the operations have written."""
    for seq, entry in enumerate(entries, start=first):
        entry["seq"] = seq
        yield entry


def _said(code: str, rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The entry that says how a row came to be."""
    for row in rows:
        root = row.audit_root
        yield {
            "at": getattr(row, "occurred_at", None) or row.created_at,
            "actor_id": getattr(row, "author_id", None) or root.owner_id or root.creator_id,
            "code": code,
            "object_kind": kind_of(row),
            "object_id": row.pk,
            "root_kind": kind_of(root),
            "root_id": root.pk,
            "to_state": getattr(row, "state", ""),
        }


def _closed(tickets: Iterable[Ticket]) -> Iterator[dict[str, Any]]:
    """The entry that closed a ticket."""
    for ticket in tickets:
        if ticket.closed_at is not None:
            yield {
                "at": ticket.closed_at,
                "actor_id": ticket.creator_id,
                "code": "service.close_ticket",
                "object_kind": kind_of(ticket),
                "object_id": ticket.pk,
                "root_kind": kind_of(ticket.customer),
                "root_id": ticket.customer_id,
                "from_state": "pending_callback",
                "to_state": "closed",
            }


def _notices(people: Iterable[Any], customers: list[Customer], as_of: datetime) -> Iterator[Notification]:
    """A dozen notices for everyone, half of them unread."""
    for person in people:
        mine = [row for row in customers if row.owner_id == person.pk] or customers
        for number in range(NOTICES_EACH):
            at = as_of - timedelta(hours=7 * number + 1)
            yield Notification(
                user=person,
                code="crm.customer_assigned",
                object_kind=kind_of(mine[0]),
                object_id=mine[number % len(mine)].pk,
                dedupe_key=f"generated:{number}",
                at=at,
                read_at=at if number % 2 else None,
            )
