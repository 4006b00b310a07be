"""How completely a customer is described: Σ weight of what is filled, 0–100; pure, no rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from crm.choices import DECISION_CHAIN, CustomerKind

STALE_AFTER = timedelta(days=365)
"""A contact nobody has verified for longer counts half."""

TARGETS = {"vip": 90, "professional": 80, "standard": 60, "na": 60}
"""What a customer of a tier should reach."""

WEIGHTS = {
    "uscc": 12,
    "address": 8,
    "industry": 6,
    "kind": 4,
    "size": 4,
    "invoice": 8,
    "primary": 14,
    "chain": 14,
    "installed": 10,
    "source": 3,
    "competitors": 5,
    "follow_up": 8,
    "needs": 4,
}
"""Points of each part; together 100."""


class Known(NamedTuple):
    """A contact as far as completeness looks: role, whether primary and reachable, when last verified or entered."""

    role: str
    is_primary: bool
    has_phone: bool
    checked_at: datetime

    def worth(self, now: datetime) -> float:
        """1, or a half once nobody has checked the person for a year."""
        return 0.5 if now - self.checked_at > STALE_AFTER else 1.0


@dataclass(frozen=True)
class Profile:
    """What is known of a customer. `contacts` are those who still work there."""

    uscc: bool = False
    place: bool = False
    address: bool = False
    industry: bool = False
    kind: bool = False
    size: bool = False
    ownership: bool = False
    invoice: tuple[bool, ...] = (False, False, False, False)
    contacts: Sequence[Known] = ()
    site: bool = False
    pumps: bool = False
    source: bool = False
    competitors: bool = False
    follow_up: bool = False
    needs: bool = False


class Part(NamedTuple):
    """One part of the score: what it may bring and what it brings."""

    code: str
    weight: int
    points: float

    @property
    def missing(self) -> float:
        """Points that filling it would add."""
        return self.weight - self.points


def parts_of(profile: Profile, now: datetime) -> list[Part]:
    """Each part with its points; parts of several columns give points for each column that is filled."""
    primary = max(
        (person.worth(now) for person in profile.contacts if person.is_primary and person.has_phone),
        default=0.0,
    )
    chain = [
        max((person.worth(now) for person in profile.contacts if person.role == role), default=0.0)
        for role in DECISION_CHAIN
    ]
    filled = {
        "uscc": float(profile.uscc),
        "address": float(profile.place and profile.address),
        "industry": float(profile.industry),
        "kind": float(profile.kind),
        "size": (profile.size + profile.ownership) / 2,
        "invoice": sum(profile.invoice) / len(profile.invoice),
        "primary": primary,
        "chain": sum(chain) / len(chain),
        "installed": (profile.site + profile.pumps) / 2,
        "source": float(profile.source),
        "competitors": float(profile.competitors),
        "follow_up": float(profile.follow_up),
        "needs": float(profile.needs),
    }
    return [Part(code, weight, weight * filled[code]) for code, weight in WEIGHTS.items()]


def completeness(profile: Profile, now: datetime) -> int:
    """The score 0–100, rounded half up."""
    return int(sum(part.points for part in parts_of(profile, now)) + 0.5)


def gaps_of(parts: Sequence[Part]) -> list[str]:
    """Codes of the parts not fully filled, the heaviest loss first."""
    return [part.code for part in sorted(parts, key=lambda part: -part.missing) if part.missing]


def target_of(tier: str) -> int:
    """What the tier asks for; a party without a tier is held to the least."""
    return TARGETS.get(tier, TARGETS["na"])


def is_measured(kind: str) -> bool:
    """Our own departments are mirrored, not described."""
    return kind != CustomerKind.INTERNAL_DEPT
