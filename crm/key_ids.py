"""Ids of the customers and people that carry one of many keys. Each key is looked up by itself, so that a thousand of them
cost a thousand steps into an index: asked for all at once, the database reads the whole table."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

AT_MOST = 50  # carriers of one name, or of one core of a name
OLDEST = 10  # carriers of one line or one domain
CROWD = 200  # carriers of one line or one domain that are met; the oldest are taken among them

_CUSTOMERS = "SELECT 'customer', id FROM crm_customer WHERE deleted_at IS NULL AND id <> ALL(%(customers)s)"
_PEOPLE = (
    "SELECT 'person', id FROM crm_contact WHERE deleted_at IS NULL AND id <> ALL(%(contacts)s)"
    " AND customer_id <> ALL(%(customers)s)"
)


def _each(words: str, rows: str, *, met: int = AT_MOST, taken: int = AT_MOST) -> str:
    """A select of the first carriers of each word. `met` is planned as if all its rows were wanted, hence by an index, yet
    yields no more than are taken from it: a switchboard half a town shares costs no more than another."""
    return (
        f"SELECT found.* FROM unnest(%({words})s::text[]) AS asked(word) CROSS JOIN LATERAL ("  # noqa: S608 - our own words
        f"WITH met AS MATERIALIZED ({rows}) SELECT * FROM (SELECT * FROM met LIMIT {met}) AS first"
        f" ORDER BY 2 LIMIT {taken}) AS found"
    )


_CROWDED = {"met": CROWD, "taken": OLDEST}

# BETWEEN says what = says, but is never planned as if the one domain of a small table were everybody's.
_LOOK: dict[str, str] = {
    "usccs": f"{_CUSTOMERS} AND uscc = ANY(%(usccs)s) AND uscc <> ''",
    "names": _each("names", f"{_CUSTOMERS} AND name_keys @> ARRAY[asked.word]::varchar[]"),
    "cores": _each("cores", f"{_CUSTOMERS} AND match_keys @> ARRAY[asked.word]::varchar[]"),
    "shared": _each("shared", f"{_CUSTOMERS} AND match_keys @> ARRAY[asked.word]::varchar[]", **_CROWDED),
    "mobiles": _each("mobiles", f"{_PEOPLE} AND mobile_hash BETWEEN asked.word AND asked.word"),
    "lines": _each("lines", f"{_PEOPLE} AND phone_hash BETWEEN asked.word AND asked.word", **_CROWDED),
    "domains": _each(
        "domains",
        f"{_PEOPLE} AND mail_domain BETWEEN asked.word AND asked.word AND mail_domain <> ''",
        **_CROWDED,
    ),
    "codes": f"{_CUSTOMERS} AND code = ANY(%(codes)s)",
    "shorts": _each("shorts", f"{_CUSTOMERS} AND match_keys @> ARRAY[asked.word]::varchar[]"),
    "deleted": _each(
        "deleted",
        "SELECT 'deleted', id FROM crm_customer WHERE deleted_at IS NOT NULL"
        " AND name_keys @> ARRAY[asked.word]::varchar[]",
    ),
}


def ids_by_key(
    words: Mapping[str, Collection[str]],
    *,
    without_customers: Collection[int] = (),
    without_contacts: Collection[int] = (),
) -> dict[str, list[int]]:
    """Ids of `customer`, `person` and `deleted` customers by the kinds of keys in `_LOOK`, in one statement."""
    asked = [kind for kind, some in words.items() if some]
    found: dict[str, set[int]] = {"customer": set(), "person": set(), "deleted": set()}
    if asked:
        params: dict[str, Any] = {kind: sorted(words[kind]) for kind in asked}
        params |= {"customers": list(without_customers), "contacts": list(without_contacts)}
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(_LOOK[kind] for kind in asked), params)
            for kind, pk in cursor.fetchall():
                found[kind].add(pk)
    return {kind: sorted(ids) for kind, ids in found.items()}
