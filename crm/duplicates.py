"""Which two parties are the same: the rules D1–D5 over plain values, and trigram likeness. No ORM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from core.phones import comparable_phone
from crm.identifiers import core_name, full_name_key, head_office_name, is_branch_office, normal_uscc

BLOCK: Final = "block"
BLOCK_CONTACT: Final = "block_contact"
WARN: Final = "warn"
LINK: Final = "link"

SIMILAR_FROM: Final = 0.85
SHORT: Final = 17
"""Below this length two different texts are never so alike that D3 holds: one changed end costs too many trigrams."""

FREE_MAIL: Final = frozenset(
    {
        *("qq.com", "vip.qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn"),
        *("sohu.com", "139.com", "189.cn", "wo.cn", "aliyun.com", "tom.com", "21cn.com"),
        *("gmail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com"),
    }
)
"""Mail providers of private people: sharing one says nothing about a company."""


@dataclass(frozen=True)
class Party:
    """What the rules look at. `names` full and former; `mobiles` (number, person's name) of the contacts."""

    names: tuple[str, ...]
    uscc: str = ""
    province_code: str = ""
    city_code: str = ""
    landlines: tuple[str, ...] = ()
    email_domains: tuple[str, ...] = ()
    mobiles: tuple[tuple[str, str], ...] = ()

    # Worked out once a party: in an import each is compared with hundreds.

    @cached_property
    def full_names(self) -> set[str]:
        """The names as rule D2 compares them."""
        return {full_name_key(name) for name in self.names}

    @cached_property
    def cores(self) -> set[str]:
        """The cores of the names as rule D3 compares them."""
        return {core_name(name) for name in self.names} - {""}

    @cached_property
    def long_cores(self) -> list[set[str]]:
        """Those of them that may be like one that is not the same, in trigrams."""
        return [_trigrams(core) for core in self.cores if len(core) >= SHORT]

    @cached_property
    def lines(self) -> set[str]:
        """The landlines as rule D5 compares them."""
        return {comparable_phone(number) for number in self.landlines} - {""}

    @cached_property
    def domains(self) -> set[str]:
        """The company's own domains as rule D5 compares them."""
        return {company_domain(f"@{domain}") for domain in self.email_domains} - {""}

    @cached_property
    def is_branch_office(self) -> bool:
        """Whether it is an office of another company."""
        return is_branch_office(self.names[0])

    @cached_property
    def head_office(self) -> str:
        """The company whose office it is, as names are compared; else empty."""
        return full_name_key(head_office_name(self.names[0]))


@dataclass(frozen=True)
class Match:
    """One rule that holds: its code, what follows from it, and how alike the two are."""

    rule: str
    effect: str
    likeness: float = 1.0


def compare(new: Party, known: Party) -> list[Match]:
    """Every rule by which `new` may be `known`, the hardest first; an empty list means different parties.

    Branch offices share name, telephone and domain with their company and are linked to it instead, so only the code
    and the very same full name count for them.
    """
    found = [match for match in (_same_uscc(new, known), _same_name(new, known)) if match]
    if not found and (link := _head_office(new, known)):
        return [link]
    if new.is_branch_office == known.is_branch_office and not found:
        found += [match for match in (_like_name(new, known), _same_line(new, known)) if match]
    mobile = _same_mobile(new, known)
    return [*found, mobile] if mobile else found


def likeness(first: str, second: str) -> float:
    """Shared trigrams ÷ all trigrams of two texts, 0–1, counted as PostgreSQL's pg_trgm does."""
    return _shared(_trigrams(first), _trigrams(second))


def _shared(ours: set[str], theirs: set[str]) -> float:
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def core_keys(names: Iterable[str]) -> list[str]:
    """Words of which two names share one whenever rule D3 could hold between them, so that an index finds them.

    The core itself while it is short; of a long one its beginning and its end, one of which any single change leaves
    as it was.
    """
    keys: dict[str, None] = {}
    for name in names:
        core = core_name(name)
        parts = (core,) if len(core) < SHORT else (f"{core[: SHORT // 2]}…", f"…{core[-(SHORT // 2) :]}")
        keys |= dict.fromkeys(filter(None, parts))
    return list(keys)


def company_domain(email: str) -> str:
    """The domain of an address if it is a company's own, else empty."""
    domain = email.strip().casefold().rpartition("@")[2].strip(".")
    return "" if domain in FREE_MAIL or "." not in domain else domain


def _same_uscc(new: Party, known: Party) -> Match | None:
    code = normal_uscc(new.uscc)
    return Match("dup_rule_1", BLOCK) if code and code == normal_uscc(known.uscc) else None


def _same_name(new: Party, known: Party) -> Match | None:
    return Match("dup_rule_2", BLOCK) if (new.full_names & known.full_names) - {""} else None


def _head_office(new: Party, known: Party) -> Match | None:
    """A branch office of a company we know: to be linked to it."""
    head = new.head_office
    return Match("head_office", LINK) if head and head in known.full_names else None


def _like_name(new: Party, known: Party) -> Match | None:
    if not new.province_code or new.province_code != known.province_code:
        return None
    if new.cores & known.cores:
        return Match("dup_rule_3", WARN)
    best = max((_shared(first, second) for first in new.long_cores for second in known.long_cores), default=0)
    return Match("dup_rule_3", WARN, best) if best >= SIMILAR_FROM else None


def _same_mobile(new: Party, known: Party) -> Match | None:
    """One mobile on two contacts; the same person's name as well makes it the same contact."""
    if not new.mobiles or not known.mobiles:
        return None
    numbers = {comparable_phone(number): full_name_key(person) for number, person in known.mobiles}
    best: Match | None = None
    for number, person in new.mobiles:
        other = numbers.get(comparable_phone(number))
        if other is None:
            continue
        if other == full_name_key(person):
            return Match("dup_rule_4", BLOCK_CONTACT)
        best = Match("dup_rule_4", WARN)
    return best


def _same_line(new: Party, known: Party) -> Match | None:
    if not new.city_code or new.city_code != known.city_code:
        return None
    shared = new.lines & known.lines | new.domains & known.domains
    return Match("dup_rule_5", WARN) if shared else None


def _trigrams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[index : index + 3] for index in range(len(padded) - 2)} if text else set()
