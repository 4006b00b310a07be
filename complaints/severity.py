"""How grave a complaint is, from its facts; pure. Source: domain specification §5.3."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ORDER: Final = ("s1", "s2", "s3", "s4")
MAJOR_CLAIM: Final = Decimal(500_000)
SERIOUS_CLAIM: Final = Decimal(100_000)
PUBLIC_WATER_HOURS: Final = 4
PRODUCTION_STOP_HOURS: Final = 24
REPEATS_IN_90_DAYS: Final = 2


@dataclass(frozen=True)
class CaseFacts:
    """What is known at receipt. Hours are clock hours, `claim` CNY, `same_cause` cases of 90 days incl. this one."""

    injury: bool = False
    public_water_hours: float = 0
    from_regulator: bool = False
    in_media: bool = False
    claim: Decimal = Decimal(0)
    threatens_to_leave: bool = False
    production_stop_hours: float = 0
    same_cause: int = 1
    integrity: bool = False
    minor: bool = False
    tier: str = "standard"


@dataclass(frozen=True)
class Grade:
    """A severity and the codes of the reasons for it."""

    severity: str
    reasons: tuple[str, ...]


def grade(facts: CaseFacts) -> Grade:
    """The severity of a case: the gravest rule that applies; S4 becomes S3 for a VIP.

    A regulator as source is S1 by the table of §5.3 (at least S2 by its note; the graver one counts).
    """
    vip = facts.tier == "vip"
    major = _met(
        ("injury", facts.injury),
        ("public_water", facts.public_water_hours > PUBLIC_WATER_HOURS),
        ("regulator", facts.from_regulator),
        ("media", facts.in_media),
        ("major_claim", facts.claim >= MAJOR_CLAIM),
        ("vip_leaving", vip and facts.threatens_to_leave),
    )
    if major:
        return Grade("s1", major)
    serious = _met(
        ("production_stop", facts.production_stop_hours > PRODUCTION_STOP_HOURS),
        ("serious_claim", facts.claim >= SERIOUS_CLAIM),
        ("same_cause", facts.same_cause >= REPEATS_IN_90_DAYS),
        ("integrity", facts.integrity),
    )
    if serious:
        return Grade("s2", serious)
    if facts.minor and facts.claim == 0:
        return Grade("s3", ("minor", "vip")) if vip else Grade("s4", ("minor",))
    return Grade("s3", ("service_failure",))


def _met(*rules: tuple[str, bool]) -> tuple[str, ...]:
    return tuple(code for code, holds in rules if holds)


def is_graver(one: str, other: str) -> bool:
    """Whether the first severity is graver than the second."""
    return ORDER.index(one) < ORDER.index(other)
