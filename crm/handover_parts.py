"""What each app contributes to a handover: a registry of parts, filled by every app for its own rows.

An app above registers, from its `handover.py`, how to find the open work of a customer and how to move it to the
new project manager. The customer floor calls the registry and knows none of those apps.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from core.errors import Sentence


@dataclass(frozen=True)
class Found:
    """A line to list: its kind, the row behind it (None for lines without one) and how many rows it stands for.

    `ready` means the system knows all the newcomer needs; the old project manager has nothing to add.
    """

    kind: str
    subject: models.Model | None = None
    count: int = 1
    ready: bool = False


@dataclass(frozen=True)
class Part:
    """One app's share: `find(handover, customer, now)` lists lines, `take_over(...)` moves what must follow."""

    code: str
    label: Sentence
    find: Callable[[Any, Any, datetime], Iterable[Found]]
    take_over: Callable[..., int] | None = None


_parts: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Register an app's part; registering again replaces it."""
    _parts[part.code] = part


def parts() -> list[Part]:
    """All parts in the order of the floors."""
    return list(_parts.values())
