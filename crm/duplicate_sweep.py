"""The nightly comparison of all customers: pairs that share a key in the database, judged by the rules."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from django.db import connection

from crm.choices import PairState
from crm.duplicate_search import Found, find_all, party_of
from crm.duplicates import LINK, Party
from crm.models import Customer, DuplicatePair

CROWD = 12  # a key more customers share says nothing: a business park's switchboard, a group's domain
PART = 200

SHARED = """
SELECT array_agg(DISTINCT id) FROM (
  SELECT id, 'n' || key AS key FROM crm_customer, unnest(name_keys) AS key WHERE deleted_at IS NULL
  UNION ALL SELECT id, 'm' || key FROM crm_customer, unnest(match_keys) AS key
   WHERE deleted_at IS NULL AND key NOT LIKE 's:%%'  -- short names, which no rule compares
  UNION ALL SELECT c.id, 'p' || p.mobile_hash FROM crm_contact p JOIN crm_customer c ON c.id = p.customer_id
   WHERE p.mobile_hash <> '' AND p.deleted_at IS NULL AND c.deleted_at IS NULL
  UNION ALL SELECT c.id, 'l' || c.city_code || p.phone_hash FROM crm_contact p JOIN crm_customer c ON c.id = p.customer_id
   WHERE p.phone_hash <> '' AND c.city_code <> '' AND p.deleted_at IS NULL AND c.deleted_at IS NULL
  UNION ALL SELECT c.id, 'd' || c.city_code || p.mail_domain FROM crm_contact p JOIN crm_customer c ON c.id = p.customer_id
   WHERE p.mail_domain <> '' AND c.city_code <> '' AND p.deleted_at IS NULL AND c.deleted_at IS NULL
) AS keys GROUP BY key HAVING count(DISTINCT id) BETWEEN 2 AND %s
"""


def find_pairs(now: datetime) -> int:
    """Write down every new pair that may be one company and take back those that no longer look alike.

    What somebody decided is left alone. Returns how many pairs are new; running it again finds none.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHARED, [CROWD])
        near = {pair for (ids,) in cursor.fetchall() for pair in combinations(sorted(ids), 2)}
    before = DuplicatePair.objects.count()
    seen: set[tuple[int, int]] = set()
    for pair in _judged(near, now):
        seen.add((pair.first_id, pair.second_id))
        DuplicatePair.objects.bulk_create([pair], ignore_conflicts=True)
    gone = [
        pair.pk
        for pair in DuplicatePair.objects.filter(state=PairState.OPEN).only("first_id", "second_id")
        if (pair.first_id, pair.second_id) not in seen
    ]
    new = DuplicatePair.objects.count() - before
    DuplicatePair.objects.filter(pk__in=gone).delete()
    return new


def note_pairs(customer: Customer, found: Iterable[Found], now: datetime) -> None:
    """Put what was found beside a customer that was taken up all the same on the list."""
    pairs = [_pair(customer, hit, now) for hit in found if hit.effect != LINK]
    DuplicatePair.objects.bulk_create(pairs, ignore_conflicts=True)


def _judged(near: set[tuple[int, int]], now: datetime) -> Iterator[DuplicatePair]:
    """The pairs for which a rule holds; parent and subsidiary are two companies."""
    firsts = sorted({first for first, _second in near})
    for start in range(0, len(firsts), PART):
        rows = list(
            Customer.objects.alive().filter(pk__in=firsts[start : start + PART]).prefetch_related("contacts")
        )
        for row, hits in zip(rows, find_all([_whole(row) for row in rows]), strict=True):
            for hit in hits:
                if (
                    (row.pk, hit.customer.pk) in near
                    and not _are_linked(row, hit.customer)
                    and hit.effect != LINK
                ):
                    yield _pair(row, hit, now)


def _whole(row: Customer) -> Party:
    """A customer with its people, as the rules see it."""
    people = [person for person in row.contacts.all() if person.deleted_at is None]  # type: ignore[attr-defined]
    party = party_of(row)
    return replace(
        party,
        mobiles=tuple((person.mobile, person.name) for person in people if person.mobile),
        landlines=(*party.landlines, *(person.phone for person in people if person.phone)),
        email_domains=(
            *party.email_domains,
            *(person.mail_domain for person in people if person.mail_domain),
        ),
    )


def _are_linked(one: Customer, other: Customer) -> bool:
    return one.parent_id == other.pk or other.parent_id == one.pk


def _pair(row: Customer, hit: Found, now: datetime) -> DuplicatePair:
    first, second = sorted((row.pk, hit.customer.pk))
    return DuplicatePair(
        first_id=first,
        second_id=second,
        rules=[match.rule for match in hit.matches],
        likeness=max(match.likeness for match in hit.matches),
        found_at=now,
    )
