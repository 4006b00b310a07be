"""What a merge asks: which customer survives, and whose value each field keeps. Plain values; no queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.identifiers import USCC_OK, check_uscc

SURVIVOR: Final = "survivor"
LOSER: Final = "loser"
BOTH: Final = "both"


@dataclass(frozen=True)
class Field:
    """One line of the comparison: the columns that go together; `joins` texts can also be kept both."""

    code: str
    label: str | Promise
    columns: tuple[str, ...]
    joins: bool = False


FIELDS: Final = (
    Field("name", _("full name"), ("name",)),
    Field("short_name", _("short name"), ("short_name",)),
    Field("name_en", _("English name"), ("name_en",)),
    Field("kind", _("kind"), ("kind",)),
    Field("uscc", _("social credit code"), ("uscc", "verified_uscc")),
    Field("industry", _("industry"), ("industry", "industry_text")),
    Field("ownership", _("ownership"), ("ownership",)),
    Field("enterprise_size", _("size"), ("enterprise_size",)),
    Field("address", _("address"), ("province_code", "city_code", "district", "address")),
    Field("switchboard", _("switchboard"), ("switchboard",)),
    Field("website", _("website"), ("website",)),
    Field("email_domain", _("e-mail domain"), ("email_domain",)),
    Field("invoice", _("invoice data"), ("invoice_title", "tax_no", "bank_name", "bank_account")),
    Field("source", _("source"), ("source",)),
    Field("parent", _("parent company"), ("parent_id", "is_group")),
    Field("sponsor", _("executive sponsor"), ("sponsor_id",)),
    Field("credit", _("credit limit"), ("credit_limit", "credit_days", "credit_hold")),
    Field("owner", _("owner"), ("owner_id", "branch_id", "department_id", "pool_status", "pool_entered_at")),
    Field("notes", _("notes"), ("notes",), joins=True),
    Field("preferences", _("preferences and taboos"), ("preferences",), joins=True),
    Field("competitors", _("competitors there"), ("competitors",), joins=True),
)


def survivor_rank(row: Any, orders: int) -> tuple[bool, int, float]:
    """The greater one survives: a valid credit code > more signed orders > older [domain §2.10]."""
    return bool(row.uscc) and check_uscc(row.uscc) == USCC_OK, orders, -row.created_at.timestamp()


def default_choices(survivor: Any, loser: Any) -> dict[str, str]:
    """Whose value is kept unless somebody says otherwise: the survivor's where it has one; longer texts are kept both."""
    return {field.code: _default(field, survivor, loser) for field in FIELDS}


def differing(survivor: Any, loser: Any) -> list[Field]:
    """The lines worth showing: both say something, and not the same; or only one does."""
    return [field for field in FIELDS if _values(survivor, field) != _values(loser, field)]


def chosen_values(survivor: Any, loser: Any, choices: Mapping[str, str]) -> dict[str, Any]:
    """The columns the survivor ends with, those that are the loser's or both; the lists of both are joined."""
    settled = default_choices(survivor, loser) | {code: choice for code, choice in choices.items() if choice}
    values: dict[str, Any] = {}
    for field in FIELDS:
        if settled[field.code] == LOSER:
            values |= {column: getattr(loser, column) for column in field.columns}
        elif settled[field.code] == BOTH and field.joins:
            (column,) = field.columns
            values[column] = _joined(getattr(survivor, column), getattr(loser, column))
    return values | _lists(
        survivor, loser, values.get("name", survivor.name), values.get("kind", survivor.kind)
    )


def _lists(survivor: Any, loser: Any, name: str, kind: str) -> dict[str, Any]:
    """Former names, numbers, tags and further kinds of both, so that each still finds the one that is left."""
    names = [survivor.name, *survivor.former_names, loser.name, *loser.former_names]
    return {
        "former_names": [one for one in dict.fromkeys(names) if one != name],
        "former_codes": list(dict.fromkeys([*survivor.former_codes, loser.code, *loser.former_codes])),
        "tags": list(dict.fromkeys([*survivor.tags, *loser.tags])),
        "kinds": [one for one in dict.fromkeys([*survivor.kinds, loser.kind, *loser.kinds, survivor.kind]) if one != kind],
    }  # fmt: skip


def latest(first: Any, second: Any) -> Any:
    """The later of two instants, either of which may be missing."""
    return max((one for one in (first, second) if one is not None), default=None)


def _default(field: Field, survivor: Any, loser: Any) -> str:
    ours, theirs = _values(survivor, field), _values(loser, field)
    if not any(ours) and any(theirs):
        return LOSER
    return BOTH if field.joins and any(theirs) and ours != theirs else SURVIVOR


def _values(row: Any, field: Field) -> tuple[Any, ...]:
    return tuple(getattr(row, column) or "" for column in field.columns)


def _joined(ours: str, theirs: str) -> str:
    return "\n".join(dict.fromkeys(filter(None, (ours.strip(), theirs.strip()))))


ADDED: Final = frozenset(
    {
        *(
            "open_projects",
            "open_project_amount",
            "signed_amount_24m",
            "orders_36m",
            "billed_24m",
            "overdue_24m",
        ),
        *("overdue_amount", "pumps_in_service", "pumps_in_warranty", "tickets_total", "open_tickets"),
        *("complaints_total", "open_complaints", "open_severe_complaints", "complaint_points_12m"),
        *("answers_total", "csat_answers_24m"),
    }
)
LATEST: Final = frozenset({"quoted_at", "last_project_at", "last_order_on", "last_ticket_at"})
EARLIEST: Final = frozenset({"first_acceptance_on"})
NEWEST_ANSWER: Final = frozenset({"last_csat", "last_nps"})
RECOUNTED: Final = frozenset({"tickets_at", "pumps_at", "sla_at"})
"""As-of times that are emptied, upon which the scan of the app above counts the one customer anew."""


def merged_facts(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of two customers as of one: counts and sums add up, last is the later, first the earlier.

    A mean is weighted by the answers behind it; whatever cannot be put together keeps the survivor's value until its
    source speaks again. An as-of time is the older of the two.
    """
    newer = latest(ours["surveys_at"], theirs["surveys_at"])
    later = theirs if newer is not None and newer == theirs["surveys_at"] else ours
    merged: dict[str, Any] = {}
    for name, mine in ours.items():
        both = [one for one in (mine, theirs[name]) if one is not None]
        if name in RECOUNTED:
            merged[name] = None
        elif name in ADDED:
            merged[name] = sum(both) if both else None
        elif name in LATEST:
            merged[name] = max(both, default=None)
        elif name in EARLIEST or name.endswith("_at"):
            merged[name] = min(both, default=None)
        elif name in NEWEST_ANSWER:
            merged[name] = later[name] if later[name] is not None else next(iter(both), None)
        else:
            merged[name] = next(iter(both), None)
    merged["csat_mean_12m"] = _mean(ours, theirs)
    return merged


def _mean(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> float | None:
    """The mean satisfaction of both, each weighted by its answers."""
    known = [
        (row["csat_mean_12m"], row["csat_answers_24m"] or 1)
        for row in (ours, theirs)
        if row["csat_mean_12m"] is not None
    ]
    weight = sum(number for _mean, number in known)
    return sum(mean * number for mean, number in known) / weight if weight else None
