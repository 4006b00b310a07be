"""The answer of the permission matrix for one row; `core.rules` asks it before every predicate."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q
from django.db.models.functions import Now

from accounts.authority import Authority, Hold
from accounts.choices import WRITING_SOURCES, AccessSource
from accounts.conditions import condition_holds
from accounts.matrix import rights_for
from accounts.scoping import columns_of
from core.kinds import kind_of
from core.rules import set_grant_check

if TYPE_CHECKING:
    from accounts.models import User

READING_VERBS = ("view_", "reveal_", "export_")


def matrix_allows(user: "User", code: str, row: Any = None) -> bool:
    """Whether some grant of the user allows the permission — on the row, or (row=None) on any row at all.

    Also notes on the user whether the right came from standing in for someone, so that the audit entry of
    the step that follows names both people.
    """
    user.on_behalf_of_id = None  # type: ignore[attr-defined]
    if not user.is_active or not getattr(user, "is_authenticated", False):
        return False
    authority = user.authority()
    stood_in: Hold | None = None
    for right in rights_for(code):
        for hold in authority.holds_as(right.subject):
            if row is not None and not (
                condition_holds(right.condition, user, row)
                and _reaches(authority, hold, right.scope, code, row)
            ):
                continue
            if hold.holder_id == user.pk:
                return True
            stood_in = stood_in or hold
    if stood_in is not None:
        user.on_behalf_of_id = stood_in.holder_id  # type: ignore[attr-defined]
    return stood_in is not None


def _reaches(authority: Authority, hold: Hold, scope: str, code: str, row: Any) -> bool:
    """Whether the row, or the row it hangs on (`scope_parent`), lies in the scope of the grant."""
    if scope == "all" or (scope == "branch" and hold.everywhere):
        return True
    seen: Any = row
    while seen is not None:
        if _row_in_scope(authority, hold, scope, code, seen):
            return True
        seen = getattr(seen, "scope_parent", None)
    return False


def _row_in_scope(authority: Authority, hold: Hold, scope: str, code: str, row: Any) -> bool:
    columns = columns_of(type(row))
    if scope == "branch" and _value(row, columns.branch) in hold.branch_ids:
        return True
    if scope == "dept" and _value(row, columns.department) in authority.departments_of(hold):
        return True
    if scope == "own" and _value(row, columns.owner) == hold.holder_id:
        return True
    return _has_access(authority, hold, scope, code, row)


def _value(row: Any, path: str | None) -> int | None:
    """The id at the end of a column path such as `customer__branch`; None when there is no such column."""
    if path is None:
        return None
    *steps, last = path.split("__")
    for step in steps:
        row = getattr(row, step, None)
    return getattr(row, "pk" if last in ("id", "pk") else f"{last}_id", None)


def _has_access(authority: Authority, hold: Hold, scope: str, code: str, row: Any) -> bool:
    """Whether an access row lets the holder (or, for department scope, the department) do this kind of thing."""
    kind = kind_of(row)
    if row.pk is None or not authority.may_see_by_access(kind):
        return False
    sources = authority.remembered(kind, row.pk, _access_of)
    verb = code.partition(".")[2]
    departments = authority.departments_of(hold) if scope == "dept" else frozenset()
    return any(
        (user_id == hold.holder_id or unit_id in departments) and _source_covers(source, verb)
        for user_id, unit_id, source in sources
    )


def _access_of(kind: str, object_id: int) -> list[tuple[int | None, int | None, str]]:
    rows = apps.get_model("accounts", "RecordAccess").objects
    return list(
        rows.filter(Q(until__isnull=True) | Q(until__gt=Now()), kind=kind, object_id=object_id).values_list(
            "user_id", "unit_id", "source"
        )
    )


def _source_covers(source: str, verb: str) -> bool:
    """Former owners may only read; access through a related record also allows adding notes to it."""
    if source in WRITING_SOURCES or verb.startswith(READING_VERBS):
        return True
    return source == AccessSource.RELATED and verb.startswith("add_")


set_grant_check(matrix_allows)
