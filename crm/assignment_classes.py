"""How a customer is served — one to one, by region, by the care desk — and how much one project manager carries.

Arithmetic without rows, after domain §2.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ONE_TO_ONE, ONE_TO_MANY, CARE_POOL = "one_to_one", "one_to_many", "care_pool"

AMOUNT_OF_M60 = Decimal(500_000)
"""Signed net CNY of 24 months from which component M of the tier score reaches 60 points (§2.3)."""
AMOUNT_ABOVE_M20 = Decimal(100_000)
"""From here on M is more than 20 points."""

DEFAULT_CAPS: dict[str, Any] = {"vip": 15, "owned": 120, "projects": 25, "warn_percent": 90}
MEASURES = ("vip", "owned", "projects")
MAX_LIFT = 20
"""Per cent by which a branch manager may raise one person's caps for a time."""

OK, WARN, BLOCK = "ok", "warn", "block"


def classify(tier: str, *, signed_24m: Decimal | None, orders_36m: int | None) -> tuple[str, str]:
    """The class of a customer and the code of its reason.

    VIP, and professional from M 60 on, are served one to one. Standard with M at most 20 and at most one order of
    36 months goes to the care desk. Everybody else, prospects included, is served by region.
    """
    amount, orders = signed_24m or Decimal(0), orders_36m or 0
    if tier == "vip":
        return ONE_TO_ONE, "vip"
    if tier == "professional":
        return (ONE_TO_ONE, "large") if amount >= AMOUNT_OF_M60 else (ONE_TO_MANY, "professional")
    if tier == "standard":
        return (
            (CARE_POOL, "small") if amount < AMOUNT_ABOVE_M20 and orders <= 1 else (ONE_TO_MANY, "standard")
        )
    return ONE_TO_MANY, "prospect"


@dataclass(frozen=True)
class Load:
    """What one project manager carries: customers, VIPs among them, their open projects; `lift` is per cent."""

    owned: int = 0
    vip: int = 0
    projects: int = 0
    lift: int = 0

    def cap(self, measure: str, caps: Mapping[str, Any]) -> int:
        """The highest number allowed, with this person's lift, rounded down."""
        return int(caps[measure]) * (100 + self.lift) // 100

    def level(self, measure: str, caps: Mapping[str, Any], *, more: int = 0) -> str:
        """`block` above the cap, `warn` from the warning share of it on, else `ok`; `more` customers come on top."""
        number, cap = getattr(self, measure) + more, self.cap(measure, caps)
        if number > cap:
            return BLOCK
        return WARN if number * 100 >= cap * int(caps["warn_percent"]) else OK

    def with_more(self, *, owned: int, vip: int, projects: int) -> "Load":
        """The load after taking over so many customers with so many projects."""
        return Load(self.owned + owned, self.vip + vip, self.projects + projects, self.lift)

    def worst(self, caps: Mapping[str, Any]) -> str:
        """The worst level over all three measures."""
        levels = {self.level(measure, caps) for measure in MEASURES}
        return BLOCK if BLOCK in levels else WARN if WARN in levels else OK

    def blocked(self, added: "Load", caps: Mapping[str, Any]) -> list[str]:
        """The measures that would pass their cap by what is added; what does not grow does not block."""
        return [
            measure
            for measure in MEASURES
            if getattr(added, measure) and self.level(measure, caps, more=getattr(added, measure)) == BLOCK
        ]
