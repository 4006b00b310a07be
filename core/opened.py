"""What somebody opened last: the device knows addresses only, the names are looked up among what the person sees now."""

from collections.abc import Iterable
from typing import Any

from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.querysets import visible_for_naming
from core.search_registry import Found, Hit
from core.views import ScopedDetailView

MOST = 8


def opened(user: Any, addresses: Iterable[str]) -> list[Found]:
    """The records behind these addresses in their order; what is no record, is gone or is not visible is left out."""
    wanted = dict(found for address in list(addresses)[: 2 * MOST] if (found := _record(address)) is not None)
    by_model: dict[Any, list[int]] = {}
    for model, pk in wanted.values():
        by_model.setdefault(model, []).append(pk)
    rows = {
        (model, row.pk): row
        for model, pks in by_model.items()
        for row in visible_for_naming(model, user).filter(pk__in=pks)
    }
    hits = [
        Hit(title=str(row), url=address, subtitle=str(capfirst(row._meta.verbose_name)))
        for address, key in wanted.items()
        if (row := rows.get(key)) is not None
    ]
    return [Found("opened", _("Opened last"), "clock", hits[:MOST])] if hits else []


def _record(address: str) -> tuple[str, tuple[Any, int]] | None:
    try:
        match = resolve(address)
    except Resolver404:
        return None
    view = getattr(match.func, "view_class", None)
    if view is None or not issubclass(view, ScopedDetailView) or "pk" not in match.kwargs:
        return None
    return address, (view.model, int(match.kwargs["pk"]))
