"""The fifty colleagues of the measured company, made by the product's own operations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from accounts.models import OrgUnit, User
from accounts.operations import grant_role, invite_user
from config.generate import words

BRANCHES: Final = {"01": 45, "02": 33, "03": 22}  # share of the customers in per cent
STAFF: Final = (
    ("bm", "01", 1), ("bm", "02", 1), ("bm", "03", 1), ("pm", "01", 13), ("pm", "02", 10), ("pm", "03", 7),
    ("ae", "ASD", 8), ("dp", "ASD", 2), ("am", "ASD", 1), ("ex", "00", 2), ("sv", "SVD", 1), ("co", "CRO", 1),
    ("fi", "FIN", 1), ("ad", "00", 1),
)  # fmt: skip
JOINED = timedelta(days=1100)


@dataclass
class Staff:
    """The colleagues by role, the project managers also by branch."""

    by_role: dict[str, list[User]]
    managers: dict[str, User]
    sellers: dict[str, list[User]]
    units: dict[str, OrgUnit]


def make_staff(seed: int, as_of: datetime) -> Staff:
    """Invite everyone, grant the roles, name the heads; nobody gets a password."""
    rng = Random(f"{seed}|people")  # noqa: S311 - invented data
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    joined = as_of - JOINED
    staff = Staff({}, {}, {code: [] for code in BRANCHES}, units)
    for role, unit, count in STAFF:
        for _one in range(count):
            people = staff.by_role.setdefault(role, [])
            user = invite_user(
                by=None,
                now=joined,
                username=f"{role}{len(people) + 1:02d}",
                name_zh=words.person(rng),
                name_en=f"{role.upper()} {len(people) + 1}",
                unit=units[unit],
                role=role.upper(),
                email=f"{role}{len(people) + 1:02d}@example.com",
                phone=f"+86141{len(staff.by_role):04d}{len(people):04d}",
            )
            grant_role(by=None, now=joined, user=user, role=role.upper(), scope_unit=units[unit])
            people.append(user)
            if role == "bm":
                staff.managers[unit] = user
            if role == "pm":
                staff.sellers[unit].append(user)
    for code, head in staff.managers.items():
        OrgUnit.objects.filter(code=code).update(head=head)
    OrgUnit.objects.filter(code="00").update(head=staff.by_role["ex"][0])
    return staff
