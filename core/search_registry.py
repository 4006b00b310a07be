"""The registry behind the one search box: each app registers a finder in `<app>/finders.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Sentence
from core.search import MAX_QUERY, query_terms


@dataclass(frozen=True)
class Badge:
    """A word beside a hit, in a tone of the look."""

    label: Sentence
    tone: str = ""


@dataclass(frozen=True)
class Hit:
    """One found row: its name, a second line that tells it from others, and its page."""

    title: str
    url: str
    subtitle: str = ""
    badges: Sequence[Badge] = ()
    tier: str = ""
    meta: str = ""
    icon: str = ""


Finder = Callable[[Any, str, int], Sequence[Hit]]
ListUrl = Callable[[str], str]


@dataclass(frozen=True)
class Kind:
    """A kind of thing that can be found; `list_url` gives the page with all hits of a query."""

    code: str
    label: Sentence
    icon: str
    finder: Finder = field(compare=False)
    permission: str = ""
    list_url: ListUrl | None = field(default=None, compare=False)
    order: int = 100


@dataclass(frozen=True)
class Found:
    """The hits of one kind, ready to show."""

    code: str
    label: Sentence
    icon: str
    items: Sequence[Hit]
    more_url: str = ""


_kinds: dict[str, Kind] = {}


def register_search(
    code: str,
    label: Sentence,
    icon: str,
    finder: Finder,
    *,
    permission: str = "",
    list_url: ListUrl | None = None,
    order: int = 100,
) -> None:
    """Register a finder `(user, typed, limit) -> hits`: scoped by `visible_to`, one query, best hits first.

    An empty text asks for what the user needs most likely (own and recent rows); a finder may return nothing.
    `permission` leaves the kind out for users who hold it for no row.
    """
    _kinds[code] = Kind(code, label, icon, finder, permission, list_url, order)


def kinds() -> dict[str, Kind]:
    """The registered kinds by code."""
    return dict(_kinds)


def search_everywhere(user: Any, typed: str, *, limit: int = 6) -> list[Found]:
    """The best hits of every kind the user may look for; kinds without a hit are left out."""
    typed = typed.replace("\0", "").strip()[:MAX_QUERY]
    if typed and not query_terms(typed).tsquery:
        return []
    groups = []
    for kind in sorted(_kinds.values(), key=lambda one: one.order):
        if kind.permission and not user.has_perm(kind.permission):
            continue
        hits = kind.finder(user, typed, limit + 1)
        if hits:
            more = kind.list_url(typed) if kind.list_url and typed and len(hits) > limit else ""
            groups.append(Found(kind.code, kind.label, kind.icon, list(hits)[:limit], more))
    return groups
