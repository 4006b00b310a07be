"""The relationship map of a customer as this reader may see it: people, holes, who of us knows whom, users out of sight."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from accounts.models import User
from crm.choices import DecisionRole, TieStrength
from crm.coverage import UserGap, missing_roles, unmet_users
from crm.map_layout import NODE_H, NODE_W, OURS_H, OURS_W, Layout, Line, Person, draw_map
from crm.models import Activity, Affiliation, Contact, ContactTie, Customer

MOST_PEOPLE = 60
"""More people than these, the least influential left out, cannot be read in one picture."""

MOST_OURS = 8
TIES_OF = timedelta(days=365)
WELL_FROM, TRUSTED_FROM = 3, 8
"""Two-way contacts of a year from which the logs say "knows well" and "trusted"."""


@dataclass
class Node:
    """A person on the sheet."""

    contact: Contact
    x: float
    y: float
    ties: list[tuple[Any, int]]


@dataclass
class Hole:
    """A role of the decision chain nobody holds."""

    role: DecisionRole
    x: float
    y: float


@dataclass
class Ours:
    """One of our people on the sheet."""

    user: Any
    x: float
    y: float


@dataclass
class RelationMap:
    """Everything the page draws; `left_out` people did not fit."""

    nodes: list[Node]
    holes: list[Hole]
    ours: list[Ours]
    reporting: list[Line]
    ties: list[Line]
    width: float
    height: float
    left_out: int
    missing: tuple[DecisionRole, ...]
    serving: list[Affiliation]
    sizes: tuple[int, int, int, int] = (NODE_W, NODE_H, OURS_W, OURS_H)


def strength_of(contacts: int) -> int:
    """What a year's two-way contacts of one of us with a person say of their tie: 1 has met, 2 well, 3 trusted."""
    if contacts >= TRUSTED_FROM:
        return TieStrength.CLOSE
    return TieStrength.GOOD if contacts >= WELL_FROM else TieStrength.KNOWS


def ties_of(people: Iterable[int], now: datetime) -> dict[tuple[int, int], int]:
    """(user, contact) → strength: the higher of what was put on the map and what the logs of a year show."""
    ids = list(people)
    logged = (
        Activity.contacts.through.objects.filter(
            contact__in=ids, activity__verified=True, activity__occurred_at__gte=now - TIES_OF
        )
        .values_list("activity__author", "contact")
        .annotate(times=Count("pk"))
    )
    found = {(user, contact): strength_of(times) for user, contact, times in logged}
    for user, contact, strength in ContactTie.objects.filter(contact__in=ids).values_list(
        "user", "contact", "strength"
    ):
        found[user, contact] = max(strength, found.get((user, contact), 0))
    return found


def known_by(person: Contact, now: datetime) -> list[tuple[User, int]]:
    """Who of us knows the person, the best first."""
    ties = {mine: strength for (mine, _contact), strength in ties_of([person.pk], now).items()}
    users = User.objects.filter(pk__in=ties)
    return sorted(((one, ties[one.pk]) for one in users), key=lambda one: (-one[1], one[0].pk))


def people_on_map(customer: Customer) -> list[Contact]:
    """Those who still work there, the most influential first."""
    rows = Contact.objects.alive().here().filter(customer=customer).defer("search_terms")
    return list(rows.order_by("-influence", "-is_primary", "pk"))


def relation_map(customer: Customer, user: Any, *, now: datetime) -> RelationMap:
    """Draw the map; a fixed handful of queries however many people there are."""
    everybody = people_on_map(customer)
    people = everybody[:MOST_PEOPLE]
    for person in people:
        person.customer = customer
    missing = missing_roles(person.decision_role for person in everybody)
    ties = ties_of((person.pk for person in people), now)
    ours = _most_tied(ties)
    users = {one.pk: one for one in User.objects.filter(pk__in=ours)}
    shown = [(mine, contact, strength) for (mine, contact), strength in ties.items() if mine in users]
    placed = [Person(person.pk, person.reports_to_id or 0, person.influence) for person in people]
    layout = draw_map(placed, len(missing), [pk for pk in ours if pk in users], shown)
    serving = Affiliation.objects.visible_to(user).filter(customer=customer).for_list()
    return RelationMap(
        nodes=[_node(person, layout, ties, users) for person in people],
        holes=[Hole(role, *spot) for role, spot in zip(missing, layout.holes, strict=True)],
        ours=[Ours(users[pk], *spot) for pk, spot in layout.ours.items()],
        reporting=layout.reporting,
        ties=layout.ties,
        width=layout.width,
        height=layout.height,
        left_out=len(everybody) - len(people),
        missing=missing,
        serving=list(serving.order_by("ended_on", "pk")),
    )


def _node(person: Contact, layout: Layout, ties: dict[tuple[int, int], int], users: dict[int, Any]) -> Node:
    known = [
        (users[mine], strength)
        for (mine, contact), strength in ties.items()
        if contact == person.pk and mine in users
    ]
    x, y = layout.people[person.pk]
    return Node(person, x, y, sorted(known, key=lambda one: -one[1]))


def _most_tied(ties: dict[tuple[int, int], int]) -> list[int]:
    weight: dict[int, int] = {}
    for (mine, _contact), strength in ties.items():
        weight[mine] = weight.get(mine, 0) + strength
    return sorted(weight, key=lambda pk: (-weight[pk], pk))[:MOST_OURS]


def user_gap(customer: Customer, people: Iterable[Contact], now: datetime, days: int) -> UserGap | None:
    """Whether the end users of this account are out of sight, from contacts already read; see `unmet_users`."""
    met = [one.last_contact_at for one in people if one.is_here and one.decision_role == DecisionRole.USER]
    return unmet_users(customer.kind, met, now, days)
