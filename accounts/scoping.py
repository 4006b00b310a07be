"""Which rows a user sees: the scope of the matrix as SQL, and the access rows that widen it.

Plain branch equality where nothing else is visible; never OR over a join, so that PostgreSQL can use the
(branch, …) and (owner, …) indexes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.authority import Authority
from accounts.choices import AccessSource
from accounts.conditions import condition_q
from accounts.matrix import rights_for
from core import audit
from core.kinds import kind_of

if TYPE_CHECKING:
    from accounts.models import OrgUnit, User

# One statement, because steps grant by the dozen.
GRANT = """
    INSERT INTO accounts_recordaccess (kind, object_id, user_id, unit_id, source, until) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (kind, object_id, user_id, unit_id, source) DO UPDATE SET until = excluded.until
"""


@dataclass(frozen=True)
class ScopeColumns:
    """The columns (paths) of a model that carry its scope; a model states other ones as `scope_columns`."""

    owner: str | None = "owner"
    branch: str | None = "branch"
    department: str | None = "department"


def columns_of(model: type[models.Model]) -> ScopeColumns:
    """The scope columns of a model."""
    return getattr(model, "scope_columns", ScopeColumns())


@dataclass
class _Reach:
    """What the grants of one permission add up to, before it becomes SQL."""

    everything: bool = False
    branch_ids: set[int] = field(default_factory=set)
    owner_ids: set[int] = field(default_factory=set)
    department_ids: set[int] = field(default_factory=set)
    access_users: set[int] = field(default_factory=set)
    access_units: set[int] = field(default_factory=set)

    def add(self, authority: Authority, hold: Any, scope: str) -> None:
        if scope == "all" or (scope == "branch" and hold.everywhere):
            self.everything = True
            return
        self.access_users.add(hold.holder_id)
        if scope == "branch":
            self.branch_ids |= hold.branch_ids
        elif scope == "dept":
            self.department_ids |= authority.departments_of(hold)
            self.access_units |= authority.departments_of(hold)
        else:
            self.owner_ids.add(hold.holder_id)


def _reaches(authority: Authority, code: str) -> dict[str, _Reach]:
    """One reach per condition of the permission ("" = unconditional); the unconditional one comes first."""
    found: dict[str, _Reach] = {"": _Reach()}
    for right in rights_for(code):
        for hold in authority.holds_as(right.subject):
            found.setdefault(right.condition, _Reach()).add(authority, hold, right.scope)
    return found


def scope_rows[Rows: QuerySet[Any]](
    rows: Rows,
    user: Any,
    view_code: str,
    *,
    owner: str | None = "",
    branch: str | None = "",
    department: str | None = "",
    via: str = "",
) -> Rows:
    """The rows the user may see under a view permission. `user=None` is the system and sees all.

    Column names default to the model's `scope_columns`. `via="customer"` scopes rows by the columns and the
    access rows of the parent they hang on.
    """
    if user is None:
        return rows
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return rows.none()
    parent = rows.model._meta.get_field(via).related_model if via else rows.model
    columns = columns_of(parent)
    names = ScopeColumns(
        owner=columns.owner if owner == "" else owner,
        branch=columns.branch if branch == "" else branch,
        department=columns.department if department == "" else department,
    )
    authority = user.authority()
    reaches = _reaches(authority, view_code)
    if reaches[""].everything:
        return rows
    return _filtered(rows, *_arms(reaches, authority, names, parent, via))


def few_ids(rows: QuerySet[Any], user: Any, view_code: str) -> QuerySet[Any] | None:
    """The ids of the rows somebody sees only as their owner, by department or one by one: few of a big table, each arm by its
    own index. None for who sees a branch or everything, or nothing: `scope_rows` serves them."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    authority = user.authority()
    reaches = _reaches(authority, view_code)
    wide, narrow = _arms(reaches, authority, columns_of(rows.model), rows.model, "")
    if reaches[""].everything or wide or not narrow:
        return None
    first, *others = [rows.order_by().filter(arm).values("pk") for arm in narrow]
    return first.union(*others, all=True) if others else first


def _arms(
    reaches: dict[str, _Reach],
    authority: Authority,
    names: ScopeColumns,
    parent: type[models.Model],
    via: str,
) -> tuple[list[Q], list[Q]]:
    """What makes a row visible: by columns that reach many rows, and by those that reach few or one by one."""
    wide: list[Q] = []
    narrow: list[Q] = []
    for condition, reach in reaches.items():
        met = condition_q(condition)
        if met is not None:
            for arm, is_wide in _columns_reached(reach, names, parent, via):
                (wide if is_wide else narrow).append(met & arm)
            narrow += [
                met & Q(**{f"{via or 'pk'}__in": ids}) for ids in _access_ids(reach, authority, parent)
            ]
    return wide, narrow


def _filtered[Rows: QuerySet[Any]](rows: Rows, wide: list[Q], narrow: list[Q]) -> Rows:
    """The rows any arm reaches, in the shape PostgreSQL answers fastest (measured; decision record 0012).

    Where a branch's many rows are visible, the few others are added by OR with a list of ids: the list's own
    index is walked and both tests are cheap per row. Where only few rows are visible, their ids are collected
    by UNION ALL, each arm by its own index; the arms keep the filters of `rows` so that partial indexes serve.
    """
    arms = wide + narrow
    if not arms:
        return rows.none()
    if wide or len(arms) == 1:
        return rows.filter(reduce(or_, arms))
    first, *others = [_ids_of(rows.order_by(), arm) for arm in arms]
    return rows.filter(pk__in=first.union(*others, all=True))


def _ids_of(rows: QuerySet[Any], arm: Q) -> QuerySet[Any]:
    """The ids an arm reaches; an arm that already is a list of ids is taken as it stands."""
    if len(arm.children) == 1 and isinstance(arm.children[0], tuple):
        column, value = arm.children[0]
        if column == "pk__in" and isinstance(value, QuerySet):
            return value
    return rows.filter(arm).values("pk")


def _columns_reached(
    reach: _Reach, names: ScopeColumns, parent: type[models.Model], via: str
) -> Iterable[tuple[Q, bool]]:
    """The scope columns that make a row visible, and whether a column reaches many rows (a branch, all)."""
    if reach.everything:
        yield Q(), True
        return
    prefix = f"{via}__" if via else ""
    fields = {field.name for field in parent._meta.get_fields()} | {"pk"}
    for name, ids in (
        (names.branch, reach.branch_ids),
        (names.owner, reach.owner_ids),
        (names.department, reach.department_ids),
    ):
        if name and ids and name.split("__")[0] in fields:
            yield Q(**{f"{prefix}{name}__in": sorted(ids)}), name == names.branch


def _access_ids(reach: _Reach, authority: Authority, parent: type[models.Model]) -> Iterable[QuerySet[Any]]:
    """The ids of rows made visible one by one; nothing where no such access exists."""
    kind = parent._meta.label_lower
    users = {user for user, access in authority.user_access if access == kind} & reach.access_users
    units = {unit for unit, access in authority.unit_access if access == kind} & reach.access_units
    for column, ids in (("user_id__in", users), ("unit_id__in", units)):
        if ids:
            granted = apps.get_model("accounts", "RecordAccess").objects.in_force(Now())
            yield granted.filter(kind=kind, **{column: sorted(ids)}).values("object_id")


def grant_access(
    subject: models.Model,
    *,
    user: "User | None" = None,
    unit: "OrgUnit | None" = None,
    source: str,
    by: Any,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Let a person or a unit see the row, for the reason `source`, until an instant (None: until withdrawn).

    Granting again for the same reason only moves the end. Adding a collaborator is audited here; other access
    follows from a step that is audited itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            GRANT, [kind_of(subject), subject.pk, user and user.pk, unit and unit.pk, str(source), until]
        )
    if user is not None:
        user.forget_authority()
    if source == AccessSource.COLLABORATOR:
        audit.record(
            "accounts.grant_access",
            subject,
            by=by,
            now=now,
            data={"user": user and user.pk, "unit": unit and unit.pk},
        )


def withdraw_access(
    subject: models.Model,
    *,
    user: "User | None" = None,
    unit: "OrgUnit | None" = None,
    source: str | None = None,
    by: Any,
    now: datetime,
) -> int:
    """Take access rows of the row back: those of a person or unit, of one reason or all. Returns how many."""
    rows = apps.get_model("accounts", "RecordAccess").objects.filter(
        kind=kind_of(subject), object_id=subject.pk
    )
    if user is not None:
        rows = rows.filter(user=user)
        user.forget_authority()
    if unit is not None:
        rows = rows.filter(unit=unit)
    if source is not None:
        rows = rows.filter(source=source)
    removed, _ = rows.delete()
    if removed and source == AccessSource.COLLABORATOR:
        audit.record("accounts.withdraw_access", subject, by=by, now=now, data={"user": user and user.pk})
    return removed
