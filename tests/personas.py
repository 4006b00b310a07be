"""One person per role of the permission matrix, an outsider branch, and nobody: the cast of every access test.

Everyone inside works for the Beijing branch (01) or a headquarters department; the outsiders work for Shanghai
(02). All are made through the operations of accounts, so they are what the product itself would make.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # a Sunday morning in Shanghai; the company's "today" in tests
JOINED = datetime(2020, 1, 1, tzinfo=UTC)

# name: (role, unit, flags)
CAST: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "pm": ("PM", "01", ()),
    "bm": ("BM", "01", ()),
    "ae": ("AE", "ASD", ()),
    "dp": ("DP", "ASD", ()),
    "am": ("AM", "ASD", ()),
    "dh": ("DH", "TEC", ()),
    "dm": ("DM", "TEC", ()),
    "sv": ("SV", "SVD", ()),
    "co": ("CO", "CRO", ()),
    "fi": ("FI", "FIN", ()),
    "ex": ("EX", "00", ()),
    "au": ("AU", "00", ()),
    "ad": ("AD", "00", ()),
}
EXTRAS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "pm_other": ("PM", "01", ()),
    "ae_other": ("AE", "ASD", ()),
    "dp_other": ("DP", "ASD", ()),
    "sv_head": ("SV", "SVD", ()),
    "dm_sal": ("DM", "SAL", ()),
    "dm_asd": ("DM", "ASD", ()),
    "dm_prd": ("DM", "PRD", ()),
    "ad_security": ("AD", "00", ("security_admin",)),
    "outsider_pm": ("PM", "02", ()),
    "outsider_bm": ("BM", "02", ()),
}
HEADS = {
    "00": "ex",
    "01": "bm",
    "02": "outsider_bm",
    "TEC": "dm",
    "SAL": "dm_sal",
    "PRD": "dm_prd",
    "ASD": "dm_asd",
    "SVD": "sv_head",
    "CRO": "co",
}
MANAGERS = {
    "pm": "bm",
    "pm_other": "bm",
    "outsider_pm": "outsider_bm",
    "ae": "am",
    "ae_other": "am",
    "dp": "am",
    "am": "dm_asd",
    "dh": "dm",
    "sv": "sv_head",
}


@dataclass
class Personas:
    """The cast by name: `personas.pm`, `personas["outsider_bm"]`."""

    people: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> Any:
        return self.people[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.people)

    @property
    def roles(self) -> list[str]:
        """The thirteen, one per role."""
        return list(CAST)

    def fresh(self, name: str) -> Any:
        """The person read anew, without what was remembered of their rights."""
        return type(self.people[name]).objects.get(pk=self.people[name].pk)


def make_person(username: str, role: str, unit_code: str, flags: tuple[str, ...] = (), **columns: Any) -> Any:
    """One colleague with a membership and an active grant since 2020."""
    from accounts.models import OrgUnit
    from accounts.operations import grant_role, invite_user

    unit = OrgUnit.objects.get(code=unit_code)
    columns = {
        "name_zh": f"测试{username}",
        "name_en": f"Test {username}",
        "email": f"{username}@example.com",
        **columns,
    }
    user = invite_user(by=None, now=JOINED, username=username, unit=unit, role=role, **columns)
    grant_role(by=None, now=JOINED, user=user, role=role, scope_unit=unit, flags=flags)
    return user


def make_personas() -> Personas:
    """The whole cast, with heads of units and reporting lines.

    Made once per process by the operations; later calls put copies of the same rows into the test's database.
    """
    if _CAST_ROWS:
        _put_rows()
    else:
        _make_by_operations()
        _CAST_ROWS.extend(_rows_made())
    from accounts.models import User

    names = set(CAST | EXTRAS)
    people: dict[str, Any] = {
        user.username: user for user in User.objects.select_related("unit") if user.username in names
    }
    return Personas({**people, "anonymous": AnonymousUser()})


_CAST_ROWS: list[Any] = []


def _make_by_operations() -> None:
    from accounts.models import OrgUnit

    people = {
        name: make_person(name, role, unit, flags) for name, (role, unit, flags) in (CAST | EXTRAS).items()
    }
    for name, manager in MANAGERS.items():
        people[name].manager = people[manager]
        people[name].save(update_fields=["manager"])
    for code, name in HEADS.items():
        OrgUnit.objects.filter(code=code).update(head=people[name])
    OrgUnit.objects.filter(code__in=["ASD", "PRD", "TEC", "LOG"]).update(executive=people["ex"])


def _rows_made() -> list[Any]:
    from accounts.models import Grant, Membership, OrgUnit, User
    from core.models import AuditEntry

    people = User.objects.filter(username__in=CAST | EXTRAS)
    return [
        list(people),
        list(Membership.objects.filter(user__in=people)),
        list(Grant.objects.filter(user__in=people)),
        list(AuditEntry.objects.filter(object_kind__startswith="accounts.", at=JOINED)),
        list(OrgUnit.objects.all()),
    ]


def _put_rows() -> None:
    from django.db import connection

    *new, units = copy.deepcopy(_CAST_ROWS)
    for rows in new:
        type(rows[0])._default_manager.bulk_create(rows)
    type(units[0]).objects.bulk_update(units, ["head", "executive"])
    tables = [(rows[0]._meta.db_table, rows[0]._meta.pk.column) for rows in new]
    with (
        connection.cursor() as cursor
    ):  # the copies carry their numbers; the next new row must come after them
        cursor.execute(
            "SELECT "
            + ", ".join(
                f"setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max({key}) FROM {table}))"
                for table, key in tables
            )
        )


@pytest.fixture
def personas(db: None) -> Personas:
    return make_personas()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def later() -> datetime:
    """A day after `now`."""
    return NOW + timedelta(days=1)
