"""Who stands where to whom, now and in the past: the questions of separation of duties, acting and the ladder.

All answers come from dated rows; `now` is passed in, so a rule judges a case by the instant it happens at.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.choices import Flag, Role, UnitKind
from accounts.conditions import SECURITY_SENSITIVE_ROLES
from accounts.models import Delegation, Grant, Membership, OrgUnit, User

HEADQUARTERS_CODE = "00"
SUPERVISION_CODE = "SVD"
LONGEST_LINE = 12  # more steps than any reporting line has; ends a loop made by mistake


def in_reporting_line(user: User, other: User) -> bool:
    """Whether one of the two reports to the other, directly or through managers in between."""
    return other.pk in _managers_of(user) or user.pk in _managers_of(other)


def _managers_of(user: User) -> list[int]:
    found: list[int] = []
    manager_id = user.manager_id
    while manager_id is not None and manager_id not in found and len(found) < LONGEST_LINE:
        found.append(manager_id)
        manager_id = User.objects.filter(pk=manager_id).values_list("manager_id", flat=True).first()
    return found


def was_member_of(user: User, unit: OrgUnit, now: datetime, days: int = 180) -> bool:
    """Whether the person works in the unit (or below it) now, or did within the last days (calendar days)."""
    worked = Membership.objects.filter(user=user).overlapping(now - timedelta(days=days), now)
    if worked.filter(unit_id__in=unit_and_below(unit)).exists():
        return True
    return user.unit_id in unit_and_below(unit)


def unit_and_below(unit: OrgUnit) -> set[int]:
    """The ids of a unit and of everything below it."""
    found = {unit.pk}
    level = {unit.pk}
    while level:
        level = set(OrgUnit.objects.filter(parent_id__in=level).values_list("pk", flat=True)) - found
        found |= level
    return found


def unit_by_code(code: str) -> OrgUnit | None:
    """The unit with this code."""
    return OrgUnit.objects.filter(code=code).select_related("head", "executive").first()


def calendar_code_of(unit: OrgUnit) -> str:
    """The calendar of the unit or of the nearest unit above that has one ("" = the company's)."""
    above: OrgUnit | None = unit
    while above is not None:
        if above.calendar_code:
            return above.calendar_code
        above = above.parent
    return ""


def head_of(unit: OrgUnit) -> User | None:
    """The active head of the unit; for a unit without one, of the nearest unit above that has one."""
    above: OrgUnit | None = unit
    while above is not None:
        if above.head is not None and above.head.is_active:
            return above.head
        above = above.parent
    return None


def executive_of(unit: OrgUnit) -> User | None:
    """The deputy general manager in charge of the unit, else the general manager."""
    if unit.executive is not None and unit.executive.is_active:
        return unit.executive
    return general_manager()


def general_manager() -> User | None:
    """The head of headquarters (unit 00), if active."""
    headquarters = unit_by_code(HEADQUARTERS_CODE)
    return headquarters.head if headquarters and headquarters.head and headquarters.head.is_active else None


def branch_manager(unit: OrgUnit) -> User | None:
    """The head of the branch the unit belongs to; headquarters answers with the head of sales."""
    branch = unit.branch
    if branch.kind == UnitKind.BRANCH:
        return branch.head if branch.head and branch.head.is_active else general_manager()
    sales = unit_by_code("SAL")
    return head_of(sales) if sales else general_manager()


def head_of_supervision() -> User | None:
    """The head of the supervision department; without one, the general manager."""
    supervision = unit_by_code(SUPERVISION_CODE)
    return head_of(supervision) if supervision else general_manager()


def manager_of(user: User) -> User | None:
    """Whom the person reports to: the named manager, else the head of the person's unit."""
    if user.manager is not None and user.manager.is_active:
        return user.manager
    head = head_of(user.unit) if user.unit else None
    return head if head is None or head.pk != user.pk else general_manager()


def holders(role: str, now: datetime, unit: OrgUnit | None = None) -> list[User]:
    """Active people who hold the role now; with a unit, those whose grant is for it or a unit above it."""
    grants = Grant.objects.counting(now).filter(role=role, user__is_active=True).select_related("user")
    if unit is not None:
        above: set[int] = set()
        step: OrgUnit | None = unit
        while step is not None:
            above.add(step.pk)
            step = step.parent
        grants = grants.filter(scope_unit_id__in=above)
    return list({grant.user_id: grant.user for grant in grants.order_by("user__username")}.values())


def grant_approvers(grant: Grant, now: datetime) -> list[User]:
    """Who may approve a proposed grant: executives or holders of `security_admin`, never its two parties."""
    if grant.role in SECURITY_SENSITIVE_ROLES:
        candidates = holders(Role.EX, now)
    else:
        candidates = list(User.objects.with_flag(Flag.SECURITY_ADMIN, now).order_by("username"))
    return [person for person in candidates if person.pk not in (grant.granted_by_id, grant.user_id)]


def on_duty(now: datetime) -> list[User]:
    """Active people with the duty officer capability."""
    return list(User.objects.with_flag(Flag.DUTY_OFFICER, now).order_by("username"))


def acting_for(user: User, now: datetime) -> User:
    """Who does the person's work now: the stand-in while a delegation holds, else the person."""
    delegation = (
        Delegation.objects.in_force(now)
        .filter(from_user=user, to_user__is_active=True)
        .select_related("to_user")
        .order_by("-valid_from")
        .first()
    )
    return delegation.to_user if delegation else user


def supervisors_outside(units: Iterable[OrgUnit], now: datetime) -> list[User]:
    """Supervision officers who may judge a case against these units: not members now nor in the last 180 days."""
    against = list(units)
    return [
        person
        for person in holders(Role.SV, now)
        if not any(was_member_of(person, unit, now) for unit in against)
    ]
