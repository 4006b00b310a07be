"""Looking for the customers a party may be the same as: keys by index, then the rules D1–D5 on what was found.

One function serves forms while typing, saving, the API, and whole chunks of an import.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Q

from crm.duplicates import BLOCK, BLOCK_CONTACT, LINK, Match, Party, compare
from crm.identifiers import head_office_name, normal_uscc
from crm.match_keys import match_keys, site_domain
from crm.models import Contact, Customer
from crm.name_keys import name_key

AT_MOST = 50  # candidates looked at per party: more only come from a switchboard half a town shares
HARDEST = (BLOCK, BLOCK_CONTACT, LINK)


@dataclass
class Found:
    """A customer we have and the rules by which the new party may be it, the hardest first."""

    customer: Customer
    matches: list[Match]
    contact: Contact | None = None

    @property
    def effect(self) -> str:
        """What follows from the hardest rule: block, block the contact, link or warn."""
        return next((hard for hard in HARDEST if any(one.effect == hard for one in self.matches)), "warn")

    @property
    def rank(self) -> tuple[int, float, int]:
        """For sorting: hard before soft, like before less like, old before new."""
        order = HARDEST.index(self.effect) if self.effect in HARDEST else len(HARDEST)
        return order, -max(one.likeness for one in self.matches), self.customer.pk


def find_duplicates(
    party: Party, *, leaving_out: int | None = None, leaving_out_contact: int | None = None
) -> list[Found]:
    """The customers this one party may be the same as; `leaving_out` is the customer being edited."""
    without = Without({leaving_out} - {None}, {leaving_out_contact} - {None})
    return find_all([party], without)[0]


@dataclass
class Without:
    """Ids of customers and contacts that do not count: those being edited."""

    customers: Collection[Any] = ()
    contacts: Collection[Any] = ()


def find_all(parties: Sequence[Party], without: Without | None = None) -> list[list[Found]]:
    """For each party the customers it may be the same as; two queries however many parties there are."""
    without = without or Without()
    wanted = Wanted(parties)
    known = wanted.customers(without)
    people = wanted.people(without)
    known |= {person.customer_id: person.customer for person in people}
    found: list[dict[int, Found]] = [{} for _ in parties]
    for number, party in enumerate(parties):
        near = wanted.near(number, known.values(), people)
        for customer, there in near:
            matches = compare(party, party_of(customer, party, there))
            if matches:
                same = next((person for person in there if person.mobile_hash in wanted.mobile_of), None)  # type: ignore[attr-defined]
                found[number][customer.pk] = Found(customer, matches, same)
    return [sorted(one.values(), key=lambda hit: hit.rank) for one in found]
