"""How strong a relation is: of one person over 180 days, and of the customer (domain §2.7). Arithmetic only, no rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crm.bands import Part

CHAIN = ("decision_maker", "technical", "purchaser", "user")


@dataclass(frozen=True)
class StrengthRules:
    """Weights in force; the dated parameter `crm.strength_rules` overrides them."""

    days: int = 180
    half_life: float = 60
    full_frequency: float = 6
    full_inbound: float = 0.4
    full_months: float = 24
    weights: Mapping[str, float] = field(
        default_factory=lambda: {"frequency": 0.45, "reciprocity": 0.20, "attitude": 0.25, "continuity": 0.10}
    )
    interactions: Mapping[str, float] = field(
        default_factory=lambda: {
            "factory_tour": 4,
            "technical": 4,
            "site_visit": 3,
            "meeting": 3,
            "fair": 3,
            "call": 1.5,
            "video": 1.5,
            "wechat": 1,
            "email": 1,
            "other": 1,
        }
    )
    attitudes: Mapping[str, float] = field(
        default_factory=lambda: {"supporter": 1.0, "neutral": 0.5, "opponent": 0.0, "unknown": 0.3}
    )
    roles: Mapping[str, float] = field(
        default_factory=lambda: {
            "decision_maker": 3,
            "influencer": 2,
            "technical": 2,
            "purchaser": 1.5,
            "user": 1.5,
            "gatekeeper": 1,
            "unknown": 1,
        }
    )
    uncovered: float = 0.6


@dataclass(frozen=True)
class Interaction:
    """One verified contact: its type, its age in days, and whether it came from them."""

    type: str
    age: float
    inbound: bool = False


@dataclass(frozen=True)
class Person:
    """A contact who still is there; `months` since we know them, influence 1–5."""

    role: str
    attitude: str
    influence: int
    months: float
    interactions: Sequence[Interaction] = ()
    key: int = 0


def frequency(interactions: Iterable[Interaction], rules: StrengthRules) -> float:
    """Sum of type weight times one half per `half_life` days, over the window, as a share of a full relation."""
    total = sum(
        rules.interactions.get(one.type, 1.0) * 0.5 ** (one.age / rules.half_life)
        for one in interactions
        if 0 <= one.age <= rules.days
    )
    return min(1.0, total / rules.full_frequency)


def contact_strength(person: Person, rules: StrengthRules) -> float:
    """RSc of one person, 0–100."""
    recent = [one for one in person.interactions if 0 <= one.age <= rules.days]
    inbound = sum(one.inbound for one in recent) / len(recent) if recent else 0.0
    terms = {
        "frequency": frequency(recent, rules),
        "reciprocity": min(1.0, inbound / rules.full_inbound),
        "attitude": rules.attitudes.get(person.attitude, rules.attitudes["unknown"]),
        "continuity": min(1.0, person.months / rules.full_months),
    }
    return 100 * sum(rules.weights[code] * term for code, term in terms.items())


def coverage(roles: Iterable[str]) -> float:
    """Share of the four roles of the decision chain that somebody fills, 0–1."""
    return len(set(roles) & set(CHAIN)) / len(CHAIN)


def customer_strength(people: Sequence[Person], rules: StrengthRules) -> tuple[float, tuple[Part, ...]]:
    """RS of a customer, 0–100, with a part per person: weighted mean of the people, cut by the gaps in the chain."""
    weights = [person.influence * rules.roles.get(person.role, 1.0) for person in people]
    whole = sum(weights)
    if not whole:
        return 0.0, ()
    factor = rules.uncovered + (1 - rules.uncovered) * coverage(person.role for person in people)
    parts = tuple(
        Part(
            str(person.key),
            round(contact_strength(person, rules), 2),
            weight / whole * contact_strength(person, rules) * factor,
            100 * weight / whole,
            person.role,
        )
        for person, weight in zip(people, weights, strict=True)
    )
    return sum(part.points for part in parts), parts
