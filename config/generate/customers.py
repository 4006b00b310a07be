"""Customers, their people and facts; who owns them, and which of them carry the search words."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from config.generate import words
from config.generate.people import BRANCHES, Staff
from config.generate.profiles import BROAD, BROAD_PERCENT, ONCE, RARE, RARE_HITS, Profile
from crm.choices import PARTY_DEPARTMENTS, CustomerKind
from crm.identifiers import uscc_check_digit
from crm.models import Contact, Customer, CustomerFacts

BUSY = 1  # id of the customer with far more history than any other; the first seller of branch 01 owns it
KINDS = {"end_user": 62, "dealer": 11, "epc": 9, "supplier": 7, "design_institute": 4, "other": 4, "tender_agency": 2, "regulator": 1}  # fmt: skip
TIERS = {"vip": 1.4, "professional": 13.4, "standard": 85.2}
STAGES = {"acquaintance": 46, "reserved": 17, "stable": 25, "wavering": 5, "consolidated": 7}
POOLED = 0.12
BUYERS = ("end_user", "dealer", "epc")


def pick(rng: Random, weights: dict[str, Any]) -> str:
    """A key by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def make_customers(profile: Profile, seed: int, staff: Staff, as_of: datetime) -> list[Customer]:
    """All customers with ids from 1; contact dates and next steps are set by who makes those."""
    rng = Random(f"{seed}|customers")  # noqa: S311 - invented data
    ids = list(range(2, profile.customers + 1))
    rng.shuffle(ids)
    rare, once = set(ids[:RARE_HITS]), ids[RARE_HITS]
    number = profile.customers * BROAD_PERCENT // 100
    broad = set(ids[RARE_HITS + 1 : RARE_HITS + 1 + number])
    loads = {
        code: [rng.lognormvariate(0, 0.5) for _seller in sellers] for code, sellers in staff.sellers.items()
    }
    loads["01"][0] = max(loads["01"]) * 1.2
    customers = []
    for pk in range(1, profile.customers + 1):
        brand = RARE if pk in rare else ONCE if pk == once else ""
        row = _customer(pk, rng, staff, loads, as_of, brand=brand, broad=BROAD if pk in broad else "")
        customers.append(row)
    busy = customers[BUSY - 1]
    busy.kind, busy.tier, busy.stage = CustomerKind.END_USER, "vip", "stable"
    busy.department_id, busy.pool_status, busy.pool_entered_at = None, "", None
    busy.branch, busy.owner = staff.units["01"], staff.sellers["01"][0]
    return customers


def _customer(
    pk: int,
    rng: Random,
    staff: Staff,
    loads: dict[str, list[float]],
    as_of: datetime,
    *,
    brand: str,
    broad: str,
) -> Customer:
    name, short, province, city, industry = words.company(rng, brand=brand, broad=broad)
    branch = pick(rng, BRANCHES)
    kind = pick(rng, KINDS)
    made = as_of - timedelta(days=rng.randint(30, 730), minutes=rng.randint(0, 1439))
    buyer = kind in BUYERS
    department = PARTY_DEPARTMENTS.get(CustomerKind(kind))
    pooled = department is None and rng.random() < POOLED
    seller = rng.choices(staff.sellers[branch], loads[branch])[0]
    tier, stage, no_code = pick(rng, TIERS), pick(rng, STAGES), rng.random() < 0.04
    return Customer(
        id=pk,
        code=f"KH-{branch}-{made.year}-{pk:06d}",
        name=name,
        short_name=short,
        kind=kind,
        industry=industry if buyer else "",
        province_code=province,
        city_code=city,
        uscc="" if no_code else _uscc(pk),
        source="import",
        branch=staff.units[branch],
        owner=None if pooled or department else seller,
        department=staff.units[department] if department else None,
        creator=staff.managers[branch],
        tier=tier if buyer else "na",
        stage=stage if buyer else "",
        stage_since=made,
        pool_status="pool" if pooled else "",
        pool_entered_at=made if pooled else None,
        created_at=made,
        updated_at=made,
        version=1,
    )


def _uscc(number: int) -> str:
    """A code of the region that does not exist, with its check digit."""
    first = f"91990000MA{number:07d}"
    return first + uscc_check_digit(first)


def make_contacts(profile: Profile, seed: int, customers: list[Customer]) -> list[Contact]:
    """One to many people a customer; the first is the primary one."""
    rng = Random(f"{seed}|contacts")  # noqa: S311 - invented data
    weights = [min(rng.lognormvariate(0, 0.9), 60.0) for _customer in customers]
    owners = list(range(len(customers)))
    spare = profile.contacts - len(customers)
    owners += rng.choices(range(len(customers)), weights, k=max(0, spare))
    seen: dict[int, int] = {}
    contacts = []
    for pk, index in enumerate(sorted(owners), start=1):
        customer = customers[index]
        place = seen[index] = seen.get(index, -1) + 1
        slot = (pk * 7 + place) % len(words.TITLES)
        contacts.append(
            Contact(
                id=pk,
                customer=customer,
                name=words.person(rng),
                title=words.TITLES[slot],
                mobile=f"141{pk % 100_000_000:08d}",
                decision_role=words.ROLES[slot],
                attitude=rng.choice(("supporter", "neutral", "unknown")),
                influence=rng.randint(1, 5),
                is_primary=place == 0,
                created_at=customer.created_at,
                updated_at=customer.created_at,
                version=1,
            )
        )
    return contacts


def make_facts(
    customers: list[Customer], tickets: dict[int, tuple[int, int]], as_of: datetime
) -> Iterator[CustomerFacts]:
    """What the apps above know: tickets in all and open ones, by customer id."""
    for customer in customers:
        total, still_open = tickets.get(customer.pk, (0, 0))
        yield CustomerFacts(customer=customer, tickets_total=total, open_tickets=still_open, tickets_at=as_of)
