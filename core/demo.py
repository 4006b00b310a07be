"""The demo company's world while it is being built: what one app made, the next may use."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass
class DemoWorld:
    """Everything made so far, by the keys people remember. `rng` is seeded, so every load makes equal rows."""

    now: datetime
    seed: int = 20261122
    users: dict[str, Any] = field(default_factory=dict)
    units: dict[str, Any] = field(default_factory=dict)
    customers: dict[str, Any] = field(default_factory=dict)
    contacts: dict[str, list[Any]] = field(default_factory=dict)
    pumps: list[Any] = field(default_factory=list)
    projects: list[Any] = field(default_factory=list)
    tickets: list[Any] = field(default_factory=list)
    complaints: list[Any] = field(default_factory=list)
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311 - invented data, not secrets

    def ago(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """An instant that long before the demo's now."""
        return self.now - timedelta(days=days, hours=hours, minutes=minutes)
