"""Lists as things with a name: their columns, who may keep views of them, and what can be done with many rows at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bulk import BulkAction
from core.errors import NotFound, RuleBroken, Sentence
from core.models import SavedView

Query = Mapping[str, str]

DROPPED = ("cursor", "columns", "ids", "count")
"""Words of an address that belong to one moment, not to a view."""

MOST_VIEWS = 40


@dataclass(frozen=True)
class Column:
    """A column of a list by its place in the table, counted from 1 without the one for picking rows."""

    code: str
    label: Sentence
    place: int


@dataclass(frozen=True)
class ListSpec:
    """One list: the model behind it, its page, who may open it, its filters, columns that may be left out, bulk actions."""

    code: str
    label: Sentence
    model: type[models.Model]
    url_name: str
    permission: str
    filterset: Any
    columns: tuple[Column, ...] = ()
    bulk: tuple[BulkAction, ...] = ()
    links: tuple[tuple[Sentence, str, str], ...] = field(default=())
    """Further things to do with a filter: label, page (gets `query`), permission."""


_specs: dict[str, ListSpec] = {}


def register_list(spec: ListSpec) -> None:
    """Make a list known, from the app's `lists.py`."""
    _specs[spec.code] = spec


def list_of(code: str) -> ListSpec:
    """The list of a code. Raises NotFound for an unknown one."""
    if code not in _specs:
        raise NotFound()
    return _specs[code]


def lists() -> list[ListSpec]:
    """Every registered list."""
    return list(_specs.values())


def columns_from(labels: Iterable[tuple[str, Sentence]], *, first: int = 2) -> tuple[Column, ...]:
    """Columns standing side by side from the place `first`; the one before always stays."""
    return tuple(Column(code, label, place) for place, (code, label) in enumerate(labels, start=first))


def shown_columns(spec: ListSpec, user: Any, asked: str | None = None) -> list[str]:
    """Codes of the columns to show: those of the address, else those the user chose before, else all."""
    known = [column.code for column in spec.columns]
    chosen = asked.split(",") if asked else (getattr(user, "list_columns", None) or {}).get(spec.code)
    return known if chosen is None else [code for code in known if code in chosen]


def hiding_classes(spec: ListSpec, shown: Iterable[str], *, picks: bool) -> str:
    """Classes for the table that hide what is not shown; a column for picking rows moves the others by one."""
    wanted = set(shown)
    hidden = (column.place + picks for column in spec.columns if column.code not in wanted)
    return "".join(f" hide-{place}" for place in hidden)


@dataclass(frozen=True)
class Look:
    """How a list looks to one user: classes that hide columns, and what may be done with picked rows."""

    code: str
    hidden: str
    actions: tuple[BulkAction, ...]


def look_of(code: str, user: Any, asked: str | None = None) -> Look:
    """The look of a list for this user, without a question to the database; `asked` are the address's columns."""
    spec = list_of(code)
    actions = tuple(action for action in spec.bulk if user.has_perm(action.permission))
    hidden = hiding_classes(spec, shown_columns(spec, user, asked), picks=bool(actions))
    return Look(code, hidden, actions)


def remember_columns(user: Any, code: str, columns: Iterable[str]) -> None:
    """Keep a user's choice of columns of a list, on every device; all of them means no choice. Refuses unknown columns."""
    spec = list_of(code)
    known = [column.code for column in spec.columns]
    wanted = list(columns)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise RuleBroken(errors={"columns": [", ".join(unknown)]})
    kept = dict(user.list_columns)
    if len(wanted) == len(known):
        kept.pop(code, None)
    else:
        kept[code] = [one for one in known if one in wanted]
    user.list_columns = kept
    type(user)._default_manager.filter(pk=user.pk).update(list_columns=kept)


def save_view(
    *, by: Any, list_code: str, name: str, query: str, columns: Iterable[str] = (), shared: bool = False
) -> SavedView:
    """Keep a filter of a list under a name; the same name again replaces one's own view.

    A shared view is seen by everybody in the owner's unit, each with their own rows. Refuses more than 40 views.
    """
    spec = list_of(list_code)
    mine = SavedView.objects.filter(owner=by, list_code=list_code)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise RuleBroken(_("You keep 40 views of this list already; remove one first."))
    known = [column.code for column in spec.columns]
    view, _new = SavedView.objects.update_or_create(
        owner=by,
        list_code=list_code,
        name=name,
        defaults={
            "query": query,
            "columns": [code for code in columns if code in known],
            "shared_unit_id": by.unit_id if shared else None,
        },
    )
    return view


def remove_view(view: SavedView, *, by: Any) -> None:
    """Forget a view; only its owner may."""
    if view.owner_id != by.pk:
        raise RuleBroken(_("Only %(name)s can remove this view.") % {"name": view.owner})
    view.delete()
