"""What a person may act as at one instant: grants, units, stand-ins and access rows, loaded in one query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, Now

from accounts.choices import Flag, Role, UnitKind
from core.kept import Kept

if TYPE_CHECKING:
    from accounts.models import User

Access = tuple[int | None, int | None, str]  # user, unit, source

NOT_DELEGABLE_ROLES = frozenset({Role.AD, Role.AU})
NOT_DELEGABLE_FLAGS = frozenset({Flag.SECURITY_ADMIN, Flag.PRIVACY_OFFICER})
SALES_DEPARTMENT = "SAL"


@dataclass(frozen=True)
class Hold:
    """One grant as it counts now. `holder_id` is whose it is: the person, or whom the person stands in for."""

    role: str
    holder_id: int
    unit_id: int
    unit_code: str
    branch_ids: frozenset[int]
    flags: frozenset[str] = frozenset()
    everywhere: bool = False


@dataclass(frozen=True)
class Authority:
    """A person's rights at one instant; a value, so it can be passed to pure code and tests.

    `unit_ids` maps each principal (the person and those stood in for) to the units they work in.
    """

    user_id: int
    holds: tuple[Hold, ...] = ()
    unit_ids: Mapping[int, frozenset[int]] = field(default_factory=dict)
    user_access: frozenset[tuple[int, str]] = frozenset()
    unit_access: frozenset[tuple[int, str]] = frozenset()
    _seen: dict[tuple[str, int], list[Access]] = field(default_factory=dict, compare=False, repr=False)

    def remembered(self, kind: str, object_id: int, read: Callable[[str, int], list[Access]]) -> list[Access]:
        """The access rows of one row, read once per request however many buttons ask."""
        key = (kind, object_id)
        if key not in self._seen:
            self._seen[key] = read(kind, object_id)
        return self._seen[key]

    def __hash__(self) -> int:
        return hash((self.user_id, self.holds))

    @property
    def roles(self) -> frozenset[str]:
        """The roles held, one's own and stood in for."""
        return frozenset(hold.role for hold in self.holds)

    @property
    def flags(self) -> frozenset[str]:
        return frozenset(flag for hold in self.holds for flag in hold.flags)

    @property
    def principals(self) -> frozenset[int]:
        """The person and everyone the person stands in for."""
        return frozenset({self.user_id, *(hold.holder_id for hold in self.holds)})

    @property
    def branch_ids(self) -> frozenset[int]:
        """All branches (with their sub-units) any grant reaches."""
        return frozenset(unit for hold in self.holds for unit in hold.branch_ids)

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def has_role_in(self, role: str, unit_code: str) -> bool:
        """Whether the role is held for the unit with this code."""
        return any(hold.role == role and hold.unit_code == unit_code for hold in self.holds)

    def has_flag(self, *flags: str) -> bool:
        return not self.flags.isdisjoint(flags)

    def holds_as(self, subject: str) -> list[Hold]:
        """The grants that carry a role code (upper case) or a capability flag (lower case)."""
        if subject.isupper():
            return [hold for hold in self.holds if hold.role == subject]
        return [hold for hold in self.holds if subject in hold.flags]

    def departments_of(self, hold: Hold) -> frozenset[int]:
        """The units whose requests and tasks count as the hold's own department."""
        return self.unit_ids.get(hold.holder_id, frozenset()) | {hold.unit_id}

    def may_see_by_access(self, kind: str) -> bool:
        """Whether any access row of this type names a principal or one of the principals' units."""
        return any(k == kind for _, k in self.user_access) or any(k == kind for _, k in self.unit_access)


def _one(word: Any) -> Func:
    """A text as an array of itself, so that it fits into the column of flags."""
    return Func(word, template="ARRAY[%(expressions)s]", output_field=ArrayField(CharField()))


def _rows(user_id: int, now: Any) -> QuerySet[Any, Any]:
    """(what, whose, role or type, unit, flags) of everything that counts now, in one statement.

    The tree of units comes along as ("unit", its id, its code, its parent, [its kind]).
    """
    grant, membership, delegation, access, unit = (
        apps.get_model("accounts", name)
        for name in ("Grant", "Membership", "Delegation", "RecordAccess", "OrgUnit")
    )
    stood_in = delegation.objects.in_force(now).filter(to_user=user_id, from_user__is_active=True)
    mine = Q(user_id=user_id) | Q(user_id__in=stood_in.values("from_user_id"))
    no_flags = Cast(Value([], output_field=ArrayField(CharField())), ArrayField(CharField()))
    flags = Cast(F("flags"), ArrayField(CharField()))
    text = CharField()
    units = membership.objects.in_force(now).filter(mine).values("unit_id")
    grants = grant.objects.counting(now).filter(mine)
    parts = [
        grants.values_list(Value("grant", text), "user_id", Cast("role", text), "scope_unit_id", flags),
        membership.objects.in_force(now)
        .filter(mine)
        .values_list(Value("works", text), "user_id", Cast("role", text), "unit_id", no_flags),
        access.objects.in_force(now)
        .filter(mine)
        .values_list(Value("user_access", text), "user_id", Cast("kind", text), "unit_id", no_flags)
        .distinct(),
        access.objects.in_force(now)
        .filter(Q(unit_id__in=units) | Q(unit_id__in=grants.values("scope_unit_id")))
        .values_list(Value("unit_access", text), "user_id", Cast("kind", text), "unit_id", no_flags)
        .distinct(),
        unit.objects.values_list(
            Value("unit", text), "pk", Cast("code", text), "parent_id", _one(Cast("kind", text))
        ),
    ]
    cleared = [part.order_by() for part in parts]
    return cleared[0].union(*cleared[1:], all=True).order_by()


RIGHTS = Kept(lambda _, user: _rows(user, Now()), int, planned=True)  # every request asks for somebody's


def subtree(unit_id: int, parents: Mapping[int, int | None]) -> frozenset[int]:
    """A unit and everything below it."""
    found = {unit_id}
    grown = True
    while grown:
        below = {child for child, parent in parents.items() if parent in found} - found
        found |= below
        grown = bool(below)
    return frozenset(found)


def load_authority(user: "User") -> Authority:
    """Read the person's rights and the tree of units from the database in one statement."""
    if not user.is_active or user.pk is None:
        return Authority(user_id=user.pk or 0)
    rows = RIGHTS.rows(None, user.pk)
    units = [row[1:] for row in rows if row[0] == "unit"]
    parents = {pk: parent for pk, _, parent, _ in units}
    codes = {pk: code for pk, code, _, _ in units}
    kinds = {pk: kind[0] for pk, _, _, kind in units}
    holds: list[Hold] = []
    works: dict[int, set[int]] = {user.pk: {user.unit_id} if user.unit_id else set()}
    user_access, unit_access = set(), set()
    for what, whose, word, unit, flags in rows:
        if what == "unit":
            continue
        if what == "works":
            works.setdefault(whose, set()).add(unit or 0)
        elif what == "user_access":
            user_access.add((whose, word))
        elif what == "unit_access":
            unit_access.add((unit or 0, word))
        elif unit is not None and (whose == user.pk or word not in NOT_DELEGABLE_ROLES):
            carried = frozenset(flags) if whose == user.pk else frozenset(flags) - NOT_DELEGABLE_FLAGS
            branch_ids = subtree(unit, parents) if kinds[unit] != UnitKind.DEPARTMENT else frozenset({unit})
            hold = Hold(word, whose, unit, codes[unit], branch_ids, carried)
            holds.append(hold)
            if hold.role == Role.DM and hold.unit_code == SALES_DEPARTMENT:
                holds.append(Hold(Role.BM, whose, unit, hold.unit_code, branch_ids, everywhere=True))
    return Authority(
        user_id=user.pk,
        holds=tuple(holds),
        unit_ids={whose: frozenset(ids) for whose, ids in works.items()},
        user_access=frozenset(user_access),
        unit_access=frozenset(unit_access),
    )
