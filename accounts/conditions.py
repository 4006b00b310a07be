"""Conditions of the permission matrix: each a test on a row and, for view rights, the same test as SQL.

The app that owns the row registers its conditions in its `rules.py`; accounts registers those that only look
at a column. A condition nobody registered holds for no row: doors are closed by default.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.choices import Role

Test = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Condition:
    """`test(user, row)` for one row; `q` for lists, needed only where a view right uses the condition."""

    test: Test
    q: Q | None = None


_conditions: dict[str, Condition] = {}


def register_condition(name: str, test: Test, q: Q | None = None) -> None:
    """Give a condition of the matrix its meaning."""
    _conditions[name] = Condition(test, q)


def register_column_condition(name: str, column: str, *values: Any) -> None:
    """A condition that only compares one column of the row with constants."""
    register_condition(
        name, lambda user, row: getattr(row, column, None) in values, Q(**{f"{column}__in": values})
    )


def is_registered(name: str) -> bool:
    """Whether the condition has a meaning yet."""
    return name in _conditions


def condition_holds(name: str, user: Any, row: Any) -> bool:
    """Whether the row meets the condition; no condition is always met, an unknown one never."""
    if not name:
        return True
    condition = _conditions.get(name)
    return condition is not None and bool(condition.test(user, row))


def condition_q(name: str) -> Q | None:
    """The condition as a filter; None means it cannot be met in a list."""
    if not name:
        return Q()
    condition = _conditions.get(name)
    return condition.q if condition else None


STOCK_DEPARTMENTS = ("LOG", "PUR")
SECURITY_SENSITIVE_ROLES = (Role.SV, Role.CO, Role.EX)

register_condition("ownerless", lambda user, row: getattr(row, "owner_id", 0) is None, Q(owner__isnull=True))
register_column_condition("priority_p1", "priority", "p1")
register_column_condition("severity_s1", "severity", "s1")
register_column_condition("not_internal", "internal", False)
register_column_condition("executive_grant", "role", *SECURITY_SENSITIVE_ROLES)
register_condition(
    "ordinary_grant",
    lambda user, row: row.role not in SECURITY_SENSITIVE_ROLES,
    ~Q(role__in=SECURITY_SENSITIVE_ROLES),
)
register_condition(
    "in_stock_department",
    lambda user, row: any(hold.unit_code in STOCK_DEPARTMENTS for hold in user.authority().holds),
)
