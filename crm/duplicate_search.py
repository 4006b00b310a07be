"""Looking for the customers a party may be the same as: keys by index, then the rules D1–D5 on what was found.

One function serves forms while typing, saving, the API, and whole chunks of an import.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from core.crypto import blind_hashes
from core.phones import comparable_phone
from crm.duplicates import BLOCK, BLOCK_CONTACT, LINK, Match, Party, company_domain, compare
from crm.identifiers import head_office_name, normal_uscc
from crm.key_ids import OLDEST, ids_by_key
from crm.match_keys import CORE, DOMAIN, LINE, line_key, match_keys, own_domains
from crm.models import Contact, Customer
from crm.name_keys import name_key

SHARED = (f"m:{LINE}:", f"m:{DOMAIN}:", "l:", "d:")  # keys of lines and domains
HARDEST = (BLOCK, BLOCK_CONTACT, LINK)
SEALED = ("mobile", "phone", "wechat", "email", "search_terms", "customer__search_terms")


@dataclass
class Found:
    """A customer we have and the rules by which the new party may be it, the hardest first."""

    customer: Customer
    matches: list[Match]
    contact: Contact | None = None

    @property
    def effect(self) -> str:
        """What follows from the hardest rule: block, block the contact, link or warn."""
        return next((hard for hard in HARDEST if any(one.effect == hard for one in self.matches)), "warn")

    @property
    def rank(self) -> tuple[int, float, int]:
        """For sorting: hard before soft, like before less like, old before new."""
        order = HARDEST.index(self.effect) if self.effect in HARDEST else len(HARDEST)
        return order, -max(one.likeness for one in self.matches), self.customer.pk


@dataclass(frozen=True)
class Without:
    """Ids of customers and contacts that do not count: those being edited."""

    customers: Collection[int] = ()
    contacts: Collection[int] = ()


@dataclass
class _Keys:
    """What one party is looked up by."""

    party: Party
    usccs: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    mobiles: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    domains: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        party = self.party
        self.usccs = {normal_uscc(party.uscc)} - {""}
        names = [*party.names, head_office_name(party.names[0])]
        self.names = set(map(name_key, names)) - {""}
        self.domains = {company_domain(f"@{domain}") for domain in party.email_domains} - {""}
        marks = match_keys(
            party.names,
            province_code=party.province_code,
            city_code=party.city_code,
            landlines=party.landlines,
            domains=sorted(self.domains),
        )
        self.marks = set(marks)
        self.mobiles = _hashes(number for number, _person in party.mobiles)
        self.lines = _hashes(filter(line_key, party.landlines)) if party.city_code else {}
        self.domains = self.domains if party.city_code else set()

    def all(self) -> set[str]:
        """Every key, marked by its kind as `_keys_of` marks those of a customer or person."""
        party = self.party
        kinds = (
            ("u", self.usccs),
            ("n", self.names),
            ("m", self.marks),
            ("p", self.mobiles),
            ("l", {f"{party.city_code}:{line}" for line in self.lines}),
            ("d", {f"{party.city_code}:{domain}" for domain in self.domains}),
        )
        return {f"{kind}:{word}" for kind, words in kinds for word in words}


def find_duplicates(party: Party, without: Without = Without()) -> list[Found]:
    """The customers one party may be the same as, the hardest rule first."""
    return find_all([party], without)[0]


def find_all(parties: Sequence[Party], without: Without = Without()) -> list[list[Found]]:
    """For each party the customers it may be the same as; three queries however many parties there are."""
    wanted = [_Keys(party) for party in parties]
    askers: dict[str, list[int]] = defaultdict(list)
    for number, keys in enumerate(wanted):
        for key in keys.all():
            askers[key].append(number)
    near: dict[tuple[int, int], list[Contact]] = {}
    known: dict[int, Customer] = {}
    met: Counter[str] = Counter()
    customers, people = _candidates(wanted, without)
    for row in customers:
        known[row.pk] = row
        near |= {
            (number, row.pk): [] for key in _telling(_keys_of(row), met) for number in askers.get(key, ())
        }
    for person in people:
        customer = known.setdefault(person.customer_id, person.customer)
        telling = _telling(_keys_of_person(person, customer), met)
        for number in {number for key in telling for number in askers.get(key, ())}:
            near.setdefault((number, customer.pk), []).append(person)
    found: list[list[Found]] = [[] for _ in parties]
    as_party: dict[tuple[Any, ...], Party] = {}
    for (number, pk), some in near.items():
        seen = (pk, *_what_is_seen(some, wanted[number]))
        if seen not in as_party:
            as_party[seen] = party_of(known[pk], some, wanted[number])
        found[number] += _judge(wanted[number], known[pk], as_party[seen], some)
    return [sorted(hits, key=lambda hit: hit.rank) for hits in found]


def _telling(keys: Iterable[str], met: Counter[str]) -> Iterator[str]:
    """The keys that still tell something: a line or domain that so many share leads to the oldest of them only."""
    for key in keys:
        if not key.startswith(SHARED):
            yield key
        elif met[key] < OLDEST:
            met[key] += 1
            yield key


def lock_identity(names: Iterable[str], uscc: str = "") -> None:
    """Let nobody else take up the same name or code until this transaction ends; the later one then finds it."""
    keys = sorted({name_key(name) for name in names} | {normal_uscc(uscc)} - {""})
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 210))", [key])


def party_of(customer: Customer, people: Iterable[Contact] = (), asked: _Keys | None = None) -> Party:
    """A customer as the rules see it; of its people only what `asked` already knows, since their data is sealed."""
    party = Party(
        names=(customer.name, *customer.former_names),
        uscc=customer.uscc,
        province_code=customer.province_code,
        city_code=customer.city_code,
        landlines=(customer.switchboard,),
        email_domains=tuple(own_domains(customer)),
    )
    rows: list[Any] = list(people)
    if asked is None or not rows:
        return party
    return replace(
        party,
        mobiles=tuple(
            (asked.mobiles[row.mobile_hash], row.name) for row in rows if row.mobile_hash in asked.mobiles
        ),
        landlines=(
            *party.landlines,
            *(asked.lines[row.phone_hash] for row in rows if row.phone_hash in asked.lines),
        ),
        email_domains=(*party.email_domains, *(row.mail_domain for row in rows if row.mail_domain)),
    )


def _judge(keys: _Keys, customer: Customer, party: Party, people: Sequence[Contact]) -> Iterator[Found]:
    matches = compare(keys.party, party)
    if matches:
        same = [row for row in people if row.mobile_hash in keys.mobiles]  # type: ignore[attr-defined]
        yield Found(customer, matches, same[0] if same else None)


def _keys_of(customer: Customer) -> set[str]:
    names = {f"n:{name}" for name in customer.name_keys}
    return {f"u:{customer.uscc}"} | names | {f"m:{mark}" for mark in customer.match_keys}


def _keys_of_person(person: Contact, customer: Customer) -> set[str]:
    row: Any = person
    city = customer.city_code
    return {f"p:{row.mobile_hash}", f"l:{city}:{row.phone_hash}", f"d:{city}:{row.mail_domain}"}


def _what_is_seen(people: Iterable[Contact], asked: _Keys) -> Iterator[tuple[int, bool, bool]]:
    """What `party_of` shows of these people to whoever asks; two who see the same are answered by one party."""
    for person in people:
        row: Any = person
        yield row.pk, row.mobile_hash in asked.mobiles, row.phone_hash in asked.lines


def _candidates(wanted: Sequence[_Keys], without: Without) -> tuple[list[Customer], list[Contact]]:
    """Customers and people that share a key with one of the parties, the oldest customers first."""
    marks = set().union(*(keys.marks for keys in wanted))
    cores = {mark for mark in marks if mark.startswith(f"{CORE}:")}
    found = ids_by_key(
        {
            "usccs": set().union(*(keys.usccs for keys in wanted)),
            "names": set().union(*(keys.names for keys in wanted)),
            "cores": cores,
            "shared": marks - cores,
            "mobiles": set().union(*(keys.mobiles for keys in wanted)),
            "lines": set().union(*(keys.lines for keys in wanted)),
            "domains": set().union(*(keys.domains for keys in wanted)),
        },
        without_customers=without.customers,
        without_contacts=without.contacts,
    )
    rows = Customer.objects.filter(pk__in=found["customer"]).select_related("owner", "branch")
    people = Contact.objects.filter(pk__in=found["person"]).select_related(
        "customer__owner", "customer__branch"
    )
    return (
        list(rows.defer("search_terms").order_by("pk")) if found["customer"] else [],
        list(people.defer(*SEALED).order_by("customer_id", "pk")) if found["person"] else [],
    )


def _hashes(numbers: Iterable[str]) -> dict[str, str]:
    """The keyed hashes of numbers, under every key in use, each with the number it stands for."""
    return {code: number for number in numbers if number for code in blind_hashes(comparable_phone(number))}
