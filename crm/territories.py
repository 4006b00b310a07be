"""Which branch and which project manager a new customer belongs to, by where it is and what it does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import BranchRegion, OrgUnit
from crm.models import Territory


@dataclass(frozen=True)
class Placing:
    """Where a customer goes; without an owner it waits in the branch's queue for assignment."""

    branch: OrgUnit
    owner: Any = None


class TerritoryMap:
    """The territories and regions in force at an instant, read once, so that an import of thousands asks in memory."""

    def __init__(self, now: datetime) -> None:
        running = Q(valid_to__isnull=True) | Q(valid_to__gt=now)
        self.rules = {
            (row.province_code, row.city_code, row.industry): Placing(row.branch, row.owner)
            for row in Territory.objects.filter(running, valid_from__lte=now).select_related(
                "branch", "owner"
            )
            if row.owner is None or row.owner.is_active
        }
        regions = BranchRegion.objects.in_force(now).select_related("unit")
        self.branches = {row.province_code: row.unit for row in regions}

    def place(self, province_code: str, city_code: str = "", industry: str = "") -> Placing | None:
        """The most exact territory wins: city and industry, city, industry, province, then the province's branch.

        None when nobody serves the province (or none is given).
        """
        if not province_code:
            return None
        for city, trade in ((city_code, industry), (city_code, ""), ("", industry), ("", "")):
            found = self.rules.get((province_code, city, trade))
            if found is not None:
                return found
        branch = self.branches.get(province_code)
        return Placing(branch) if branch is not None else None


def place(province_code: str, city_code: str, industry: str, *, now: datetime) -> Placing | None:
    """Place one customer; see `TerritoryMap.place`."""
    return TerritoryMap(now).place(province_code, city_code, industry)
