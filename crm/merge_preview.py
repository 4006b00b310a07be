"""Two customers side by side, as a merge page shows them: lines that differ, people who may be the same, what moves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from accounts.geography import region_name
from core.errors import RuleBroken
from crm.merge_choices import Field, default_choices, differing
from crm.merging import relations
from crm.models import Contact, Customer
from crm.operations.merging import better_survivor, refuse_unmergeable

SHOWN_KINDS = (
    *("crm.contact", "crm.activity", "crm.followup", "projects.project", "service.pump", "service.ticket"),
    *("complaints.complaint", "surveys.response"),
)


@dataclass
class Line:
    """One field of both customers in words, and whose value is kept if nobody says otherwise."""

    field: Field
    ours: str
    theirs: str
    default: str


@dataclass
class Twin:
    """A person of the loser who may be one of the survivor's, and whether that is likely enough to be ticked."""

    gone: Contact
    kept: Contact
    likely: bool

    @property
    def value(self) -> str:
        return f"{self.gone.pk}-{self.kept.pk}"


@dataclass
class Moving:
    """How many rows of a kind move."""

    label: str | Promise
    count: int


@dataclass
class Preview:
    """Everything the merge page shows; `refusal` says why the two cannot be merged."""

    survivor: Customer
    loser: Customer
    proposed: bool
    lines: list[Line]
    twins: list[Twin]
    moving: list[Moving]
    refusal: str


def preview(survivor: Customer, loser: Customer, *, now: datetime) -> Preview:
    """Compare two customers as they stand; nothing is changed."""
    defaults = default_choices(survivor, loser)
    lines = [
        Line(field, in_words(survivor, field), in_words(loser, field), defaults[field.code])
        for field in differing(survivor, loser)
    ]
    refusal = ""
    try:
        refuse_unmergeable(survivor, loser, now)
    except RuleBroken as refused:
        refusal = str(next(iter(refused.errors.values()))[0]) if refused.errors else str(refused.message)
    best, _other = better_survivor(survivor, loser)
    return Preview(
        survivor, loser, best.pk == survivor.pk, lines, twins_of(survivor, loser), moving(loser), refusal
    )


def twins_of(survivor: Customer, loser: Customer) -> list[Twin]:
    """People with the same mobile, or of the same name unless their mobiles say otherwise."""
    rows: list[Any] = list(
        Contact.objects.alive().filter(customer__in=(survivor, loser)).defer("search_terms")
    )
    ours = [row for row in rows if row.customer_id == survivor.pk]
    found = []
    for person in (row for row in rows if row.customer_id == loser.pk):
        same_number = [row for row in ours if person.mobile_hash and row.mobile_hash == person.mobile_hash]
        same_name = [row for row in ours if row.name == person.name]
        near = [*same_number, *(row for row in same_name if row not in same_number)]
        if near:
            kept = near[0]
            told_apart = person.mobile_hash and kept.mobile_hash and person.mobile_hash != kept.mobile_hash
            found.append(Twin(person, kept, likely=kept.name == person.name and not told_apart))
    return found


def moving(loser: Customer) -> list[Moving]:
    """How much of each kind moves, the kinds people know."""
    counts: dict[str, Moving] = {}
    for model, column in relations(Customer):
        kind = model._meta.label_lower
        if kind in SHOWN_KINDS and (number := model._base_manager.filter(**{column: loser.pk}).count()):
            counts[kind] = Moving(model._meta.verbose_name_plural, number)
    return [counts[kind] for kind in SHOWN_KINDS if kind in counts]


def in_words(row: Customer, field: Field) -> str:
    """A field's value as people read it."""
    if field.code == "address":
        return " ".join(
            filter(None, [region_name(row.city_code or row.province_code), row.district, row.address])
        )
    if field.code == "owner":
        return " · ".join(
            filter(None, [str(row.owner or ""), str(row.branch), row.get_pool_status_display()])
        )
    if field.code in ("parent", "sponsor"):
        return str(getattr(row, field.code) or "")
    words = (_word(row, column) for column in field.columns if column != "verified_uscc")
    return " · ".join(filter(None, words))


def _word(row: Model, column: str) -> str:
    display = getattr(row, f"get_{column}_display", None)
    value = display() if display is not None else getattr(row, column)
    return "" if value in (None, False) else str(value)
