"""Which branch and which project manager a new customer belongs to, by who it is, where it is and what it does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import BranchRegion, OrgUnit
from crm.choices import CustomerKind
from crm.models import AccountRule, Customer, Territory
from crm.name_keys import name_key
from crm.pool_choices import AccountList, PlacingRule

CHANNEL_KINDS = (CustomerKind.DESIGN_INSTITUTE, CustomerKind.DEALER, CustomerKind.TENDER_AGENCY)
"""Kinds of parties that the list of design institutes and agents speaks of."""


@dataclass(frozen=True)
class Placing:
    """Where a customer goes and by which rule; without an owner it waits in the branch's queue for assignment."""

    branch: OrgUnit
    owner: Any = None
    rule: str = PlacingRule.BRANCH


class TerritoryMap:
    """The lists, territories and regions in force at an instant, read once, so that an import of thousands asks in memory."""

    def __init__(self, now: datetime) -> None:
        rows = Territory.objects.in_force(now).select_related("branch", "owner")
        self.rules = {
            (row.province_code, row.city_code, row.industry): Placing(row.branch, row.owner, _rule_of(row))
            for row in rows
            if row.owner is None or row.owner.is_active
        }
        regions = BranchRegion.objects.in_force(now).select_related("unit")
        self.branches = {row.province_code: row.unit for row in regions}
        self.by_name: dict[tuple[str, str], Placing] = {}
        self.by_uscc: dict[tuple[str, str], Placing] = {}
        accounts = AccountRule.objects.in_force(now).filter(owner__is_active=True)
        for row in accounts.select_related("branch", "owner"):
            placing = Placing(row.branch, row.owner, PlacingRule(row.list))
            self.by_name[row.list, row.name_key] = placing
            if row.uscc:
                self.by_uscc[row.list, row.uscc] = placing

    def resolve(
        self,
        *,
        name: str = "",
        uscc: str = "",
        kind: str = "",
        parent: Customer | None = None,
        province_code: str = "",
        city_code: str = "",
        industry: str = "",
    ) -> Placing | None:
        """The first rule that speaks, in the order of domain §2.4.

        Named account, owner of the parent company, list of design institutes and agents (for their kinds), then the
        territories from the most exact to the province, and at last the queue of the province's branch. None when
        nobody serves the place.
        """
        found = self._listed(AccountList.NAMED, name, uscc)
        if found is None and parent is not None and parent.owner is not None and parent.owner.is_active:
            found = Placing(parent.branch, parent.owner, PlacingRule.PARENT)
        if found is None and kind in CHANNEL_KINDS:
            found = self._listed(AccountList.CHANNEL, name, uscc)
        return found or self.place(province_code, city_code, industry)

    def _listed(self, which: str, name: str, uscc: str) -> Placing | None:
        if uscc and (which, uscc) in self.by_uscc:
            return self.by_uscc[which, uscc]
        return self.by_name.get((which, name_key(name))) if name and self.by_name else None

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


def _rule_of(territory: Territory) -> str:
    if territory.city_code:
        return PlacingRule.CITY_INDUSTRY if territory.industry else PlacingRule.CITY
    return PlacingRule.INDUSTRY if territory.industry else PlacingRule.PROVINCE


def resolve(*, now: datetime, **about: Any) -> Placing | None:
    """Place one customer; see `TerritoryMap.resolve`."""
    return TerritoryMap(now).resolve(**about)


def territory_filter(province_code: str, city_code: str, industry: str) -> Q:
    """The customers a territory speaks of by place and industry alone, as a filter."""
    found = Q(province_code=province_code)
    if city_code:
        found &= Q(city_code=city_code)
    return found & Q(industry=industry) if industry else found
