"""Making one customer of two: everything that points at the one moves to the other, whatever app it belongs to.

Foreign keys are found through the model's relations, rows that point by kind and id through the names of their
columns, so that an app above needs to do nothing for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from accounts.choices import AccessSource
from accounts.models import RecordAccess
from accounts.scoping import grant_access
from core.fields import PersonalField
from core.kinds import kind_of
from core.models import Task
from crm.merge_choices import chosen_values, latest, merged_facts
from crm.merge_ledger import Ledger, set_columns
from crm.models import Contact, Customer, CustomerFacts, FollowUp, Site
from crm.models.activities import FOLLOW_UP_TASK

STAYS = {
    "core.auditentry": "never changed; the time line reads the entries of both",
    "core.sweepfailure": "about a scan that met the old row",
    "crm.importrow": "says which customer a line of a file made; undoing the import must not reach the survivor",
    "crm.customermerge": "says who was merged into whom",
    "crm.duplicatepair": "a guess about two rows, not a fact about the company",
}
"""Rows that go on pointing at the customer merged away, and why."""

FORMER_OWNER_SEES_FOR = timedelta(days=30)
ASSIGN_TASK = "crm.assign_customer"


def relations(model: type[models.Model]) -> list[tuple[Any, str]]:
    """Every model and column that points at `model` and moves with a row of it."""
    found = [
        (relation.related_model, relation.field.attname)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if not relation.field.primary_key and kind_of(relation.related_model) not in STAYS  # type: ignore[union-attr]
    ]
    return sorted(found, key=lambda pair: (kind_of(pair[0]), pair[1]))


@cache
def pointers() -> list[tuple[Any, str, str]]:
    """Every model with a pair of columns that point at any row: model, column of the kind, column of the id."""
    found = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.local_fields if not field.is_relation}
        for column in sorted(name for name in names if name.endswith("_id")):
            stem = column.removesuffix("_id")
            kind = (
                f"{stem}_kind"
                if f"{stem}_kind" in names
                else "kind"
                if stem == "object" and "kind" in names
                else ""
            )
            if kind and kind_of(model) not in STAYS:
                found.append((model, kind, column))
    return found


def move_all(old: models.Model, new: models.Model, ledger: Ledger) -> int:
    """Let everything that points at `old` point at `new`; returns how many rows moved. Running it again finds strays."""
    moved = 0
    for model, column in relations(type(old)):
        moved += ledger.move(model._base_manager.all(), column, before=old.pk, after=new.pk)
    for model, kind, column in pointers():
        rows = model._base_manager.filter(**{kind: kind_of(old)})
        moved += ledger.move(rows, column, before=old.pk, after=new.pk)
    return moved


def make_one(
    survivor: Customer,
    loser: Customer,
    ledger: Ledger,
    *,
    choices: Mapping[str, str],
    fold: Sequence[tuple[int, int]],
    by: Any,
    now: datetime,
) -> None:
    """Merge two locked customers: people, places, columns, facts, everything that points at the loser, owners' work.

    `choices` says whose value a field keeps, `fold` which of the loser's people (first) are the same as one of the
    survivor's (second).
    """
    owners = [row.owner for row in (survivor, loser) if row.owner is not None]
    values = chosen_values(survivor, loser, choices)
    fold_people(survivor, loser, fold, ledger, now)
    _keep_apart(survivor, loser, ledger)
    with ledger.noting(loser):
        set_columns(loser, {"deleted_at": now, "merged_into_id": survivor.pk})
    if survivor.owner_id or values.get("owner_id"):
        waiting = Task.objects.filter(kind=ASSIGN_TASK, object_kind=kind_of(loser), object_id=loser.pk)
        ledger.move(waiting, "closed_at", before=None, after=now.isoformat())
    move_all(loser, survivor, ledger)
    _join_facts(survivor, loser, ledger)
    with ledger.noting(survivor):
        set_columns(survivor, values | _dates(survivor, loser))
        survivor.refresh_next_follow()
    survivor.refresh_from_db()
    for owner in owners:
        if owner.pk != survivor.owner_id and survivor.owner_id:
            _hand_over(survivor, owner, ledger, by, now)


def fold_people(
    survivor: Customer, loser: Customer, fold: Sequence[tuple[int, int]], ledger: Ledger, now: datetime
) -> None:
    """Make one person of two: what points at the one moves to the other, whose empty columns are filled."""
    theirs = {row.pk: row for row in Contact.objects.alive().filter(customer=loser)}
    ours = {row.pk: row for row in Contact.objects.alive().filter(customer=survivor)}
    for gone, kept in fold:
        person, twin = theirs.pop(gone), ours[kept]
        with ledger.noting(person):
            set_columns(person, {"deleted_at": now, "is_primary": False, "merged_into_id": twin.pk})
        move_all(person, twin, ledger)
        with ledger.noting(twin):
            twin.refresh_from_db()
            values = {name: getattr(person, name) for name in _fillable(twin, person)}
            values["last_contact_at"] = latest(twin.last_contact_at, person.last_contact_at)
            if twin.reports_to_id == twin.pk:
                values["reports_to_id"] = None
            set_columns(twin, values)
        for field in Contact._meta.concrete_fields:
            if (
                isinstance(field, PersonalField)
                and getattr(person, field.name)
                and not getattr(twin, field.name)
            ):
                ledger.fill_personal(twin, person, field.name)


def _fillable(twin: Contact, person: Contact) -> Iterable[str]:
    """Plain columns the one lacks and the other has."""
    for name in ("title", "dept", "reports_to_id"):
        if getattr(person, name) and not getattr(twin, name) and getattr(person, name) != twin.pk:
            yield name
    for name in ("decision_role", "attitude"):
        if getattr(twin, name) == "unknown" and getattr(person, name) != "unknown":
            yield name


def _keep_apart(survivor: Customer, loser: Customer, ledger: Ledger) -> None:
    """One primary contact, and no two sites of one name."""
    if Contact.objects.alive().filter(customer=survivor, is_primary=True).exists():
        for person in Contact.objects.alive().filter(customer=loser, is_primary=True):
            with ledger.noting(person):
                set_columns(person, {"is_primary": False})
    taken = set(Site.objects.filter(customer=survivor).values_list("name", flat=True))
    for site in Site.objects.filter(customer=loser, name__in=taken):
        with ledger.noting(site):
            set_columns(site, {"name": _free_name(site.name, loser.called, taken)})
        taken.add(site.name)


def _free_name(name: str, owner: str, taken: set[str]) -> str:
    """The site's name with whose it was, numbered until it is free."""
    limit = Site._meta.get_field("name").max_length
    ends = (f"（{owner[:20]}）", *(f"（{owner[:20]} {number}）" for number in range(2, len(taken) + 3)))
    names = (f"{name[: limit - len(end)]}{end}" for end in ends)
    return next(one for one in names if one not in taken)


def _dates(survivor: Customer, loser: Customer) -> dict[str, Any]:
    """The later contact dates of the two; whether the data are complete follows from the chosen columns."""
    return {
        name: latest(getattr(survivor, name), getattr(loser, name))
        for name in ("last_contact_at", "last_verified_contact_at")
    }


def _join_facts(survivor: Customer, loser: Customer, ledger: Ledger) -> None:
    names = [field.name for field in CustomerFacts._meta.concrete_fields if not field.primary_key]
    theirs = CustomerFacts.objects.filter(customer=loser).values(*names).first()
    ours = CustomerFacts.objects.filter(customer=survivor).first()
    if theirs is None:
        return
    if ours is None:
        ours = CustomerFacts.objects.create(customer=survivor)
        ledger.made(ours)
    with ledger.noting(ours):
        set_columns(ours, merged_facts({name: getattr(ours, name) for name in names}, theirs))


def _hand_over(survivor: Customer, former: Any, ledger: Ledger, by: Any, now: datetime) -> None:
    """The work planned by the owner who no longer is one goes to the owner who is; the former reads on for a while."""
    planned = FollowUp.objects.open().filter(customer=survivor)
    ids = list(planned.filter(owner=former).values_list("pk", flat=True))
    ledger.move(planned, "owner_id", before=former.pk, after=survivor.owner_id)
    tasks = Task.objects.open().filter(kind=FOLLOW_UP_TASK, object_kind=kind_of(FollowUp), object_id__in=ids)
    ledger.move(tasks, "assignee_id", before=former.pk, after=survivor.owner_id)
    key = {
        "kind": kind_of(survivor),
        "object_id": survivor.pk,
        "user": former,
        "source": AccessSource.FORMER_OWNER,
    }
    if former.is_active and not RecordAccess.objects.filter(**key).exists():
        until = now + FORMER_OWNER_SEES_FOR
        grant_access(survivor, user=former, source=AccessSource.FORMER_OWNER, by=by, now=now, until=until)
        ledger.made(RecordAccess.objects.get(**key))
