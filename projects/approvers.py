"""Whose authority a gate needs, who holds it, and to whom the waiting submission is put.

Levels, lowest first: `own` (the project manager), `bm` (branch manager), `tec_dm` (head of technology),
`sal_dm` (head of sales), `ex` (executives). An executive's authority covers every level.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Grant, OrgUnit, User
from core.errors import Sentence
from core.params import param
from projects import pricing
from projects.words import listed

OWN: Final = "own"
BM: Final = "bm"
TEC_DM: Final = "tec_dm"
SAL_DM: Final = "sal_dm"
EX: Final = "ex"

LABELS: Final[dict[str, Sentence]] = {
    OWN: _("project manager"),
    BM: _("branch manager"),
    TEC_DM: _("head of technology"),
    SAL_DM: _("head of sales"),
    EX: _("executive"),
}
NEEDED: Final[dict[str, Sentence]] = {
    OWN: _("This gate is decided by the project manager."),
    BM: _("This gate is decided by the branch manager."),
    TEC_DM: _("This gate is decided by the head of technology."),
    SAL_DM: _("This gate is decided by the head of sales."),
    EX: _("This gate is decided by an executive."),
}
NEXT_LEVEL: Final = {OWN: BM, BM: SAL_DM, SAL_DM: EX, TEC_DM: EX}


def needed_level(project: Any, figures: Mapping[str, Any], now: datetime) -> str:
    """The level the present gate needs; `figures` are the measured values of its evidence (discount, margin in %).

    G1 and G4 by the branch manager (G1 only from a limit on), G2 by technology, G3 by price authority, G5 by the
    branch manager up to a limit, above it by an executive.
    """
    rules: dict[str, Callable[[], str]] = {
        "g01": lambda: BM if project.amount >= Decimal(param("projects.g01_limit", at=now)) else OWN,
        "g02": lambda: TEC_DM,
        "g03": lambda: _price_level(figures),
        "g04": lambda: BM,
        "g05": lambda: EX if project.amount > Decimal(param("projects.g05_limit", at=now)) else BM,
    }
    return rules[project.gate]()


def reaches(user: Any, level: str, project: Any) -> bool:
    """Whether the user's authority covers a level for this project. Scope was asked before by the matrix."""
    authority = user.authority()
    if authority.has_role(Role.EX):
        return True
    if level == EX:
        return False
    if level == TEC_DM:
        return authority.has_role_in(Role.DM, "TEC")
    if authority.has_role_in(Role.DM, "SAL"):
        return True
    if level == SAL_DM:
        return False
    managed = any(
        hold.role == Role.BM and (hold.everywhere or project.branch_id in hold.branch_ids)
        for hold in authority.holds
    )
    return managed or (level == OWN and project.owner_id in authority.principals)


def people_for(level: str, project: Any, *, without: Any, now: Any) -> list[User]:
    """Who is asked to decide: the holders of the level, the submitter left out; nobody left → the next level."""
    while True:
        people = [user for user in _holders(level, project, now) if user.pk != without.pk and user.is_active]
        if people or level == EX:
            return people
        level = NEXT_LEVEL[level]


def names_for(level: str, project: Any, *, without: Any, now: Any) -> str:
    """Those people by name, for sentences; the level's label when nobody holds it."""
    people = people_for(level, project, without=without, now=now)
    return listed(str(user) for user in people) or str(LABELS[level])


def _holders(level: str, project: Any, now: Any) -> list[User]:
    if level in (TEC_DM, SAL_DM, EX):
        code = {TEC_DM: "TEC", SAL_DM: "SAL", EX: "00"}[level]
        unit = OrgUnit.objects.select_related("head").get(code=code)
        role = Role.EX if level == EX else Role.DM
    else:
        unit = OrgUnit.objects.select_related("head").get(pk=project.branch_id)
        role = Role.BM
    if unit.head is not None:
        return [unit.head]
    grants = Grant.objects.counting(now).filter(role=role, scope_unit=unit).select_related("user")
    return [grant.user for grant in grants.order_by("user__username")]


def _price_level(figures: Mapping[str, Any]) -> str:
    """Price authority of the quotation: by discount off list and margin, both in per cent."""
    return pricing.price_level(figures["discount_percent"], figures["margin_percent"])


def expected_level(project: Any, now: datetime) -> str:
    """Who will probably decide the present gate, before its figures are known."""
    return OWN if project.gate == "g03" else needed_level(project, {}, now)
