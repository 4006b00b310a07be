"""Every address of the product, read from the URLconf itself, so that no route can be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address: its full name, its path with placeholders, and the view behind it."""

    name: str
    path: str
    pattern: URLPattern

    @property
    def view(self) -> Any:
        """The view class, or the function of a plain view."""
        callback = self.pattern.callback
        return getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback

    @property
    def model(self) -> type[models.Model] | None:
        """The model a scoped view or viewset serves."""
        return getattr(self.view, "model", None)

    @property
    def actions(self) -> dict[str, str]:
        """HTTP method → viewset action, for API routes."""
        return getattr(self.pattern.callback, "actions", None) or {}

    @property
    def needs_row(self) -> bool:
        """Whether the address names a row of its model."""
        return "<pk>" in self.path

    def address(self, pk: int) -> str:
        """The address for one row."""
        return self.path.replace("<pk>", str(pk))


def all_routes() -> list[Route]:
    """Every route, API format suffixes left out."""
    return list(_walk(get_resolver(), "/", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, prefix + _plain(entry.pattern), inner)
        else:
            yield Route(f"{namespace}{entry.name}", prefix + _plain(entry.pattern), entry)


def _plain(pattern: Any) -> str:
    """A route as text with `<name>` placeholders, whether it was written as a path or as a regular expression."""
    text = str(pattern)
    if hasattr(pattern, "_route"):
        parts = []
        for part in text.split("<"):
            inside, closed, rest = part.partition(">")
            parts.append(f"<{inside.split(':')[-1]}>{rest}" if closed else part)
        return "".join(parts)
    import re

    text = re.sub(r"\(\?P<(\w+)>(?:\[[^\]]*\][+*]?|[^()]|\([^)]*\))*?\)", r"<\1>", text)
    return text.replace("^", "").replace("$", "").replace("\\Z", "").replace("/?", "/").replace("\\.", ".")
