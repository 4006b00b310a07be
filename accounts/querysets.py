"""Which rows of accounts hold at an instant, and which of them a user sees."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.choices import GrantState
from accounts.scoping import scope_rows
from core.querysets import all_but

if TYPE_CHECKING:
    from accounts.models import User


NOT_SHOWN = (
    "password",
    *(f"{name}{part}" for name in ("email", "phone") for part in ("", "_hash", "_last4", "_masked")),
    "muted_notices",
    "list_columns",
)


def without_private(*paths: str) -> list[str]:
    """What to `defer` of people joined only for their names: sealed columns are opened one by one when read."""
    return [f"{path}__{name}" for path in paths for name in NOT_SHOWN]


def names_of(*paths: str) -> list[str]:
    """What to read (`only`) of people and units that a list joins only to name them."""
    return [f"{path}__{name}" for path in paths for name in _name_columns(path)]


def only_names(*paths: str) -> list[str]:
    """What to `defer` of people and units that a list joins only to name them."""
    from accounts.models import OrgUnit, User

    deferred: list[str] = []
    for path in paths:
        model = OrgUnit if _is_unit(path) else User
        deferred += all_but(model, path, *_name_columns(path))
    return deferred


def _is_unit(path: str) -> bool:
    return path.rpartition("__")[2] in ("branch", "unit", "department")


def _name_columns(path: str) -> tuple[str, ...]:
    return ("code" if _is_unit(path) else "username", "name_zh", "name_en")


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold from `valid_from` up to, not including, `valid_to` (open end = still)."""

    def in_force(self, now: datetime) -> Self:
        """The rows that hold at the instant."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now), valid_from__lte=now)

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """The rows that held at any instant of [start, end]."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start), valid_from__lte=end)


class UserQuerySet(models.QuerySet["User"]):
    """People with an account; the directory is open to every colleague."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "accounts.view_user")

    def active(self) -> Self:
        return self.filter(is_active=True)

    def holding(self, *roles: str, now: datetime) -> Self:
        """Active people who hold one of the roles now, by their own grants."""
        from accounts.models import Grant

        grants = Grant.objects.counting(now).filter(role__in=roles)
        return self.active().filter(pk__in=grants.values("user_id"))

    def with_flag(self, flag: str, now: datetime) -> Self:
        """Active people whose grants carry the capability now."""
        from accounts.models import Grant

        return self.active().filter(
            pk__in=Grant.objects.counting(now).filter(flags__contains=[flag]).values("user_id")
        )

    def members_of(self, *units: int, now: datetime) -> Self:
        """Active people who work in one of the units now."""
        from accounts.models import Membership

        members = Membership.objects.in_force(now).filter(unit_id__in=units)
        return self.active().filter(pk__in=members.values("user_id"))

    def for_list(self) -> Self:
        return self.select_related("unit").fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        return self.select_related("unit__parent", "manager")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds people by user name; there is no way to create an all-powerful one."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=str(username).strip().lower())


class OrgUnitQuerySet(models.QuerySet[Any]):
    """The company tree; every colleague may read it."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "accounts.view_orgunit")

    def active(self) -> Self:
        return self.filter(active=True)

    def for_list(self) -> Self:
        return self.select_related("head", "executive").fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        return self.select_related("head", "executive", "parent")


class GrantQuerySet(DatedQuerySet):
    """Roles with scope and dates."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "accounts.view_grant")

    def counting(self, now: datetime) -> Self:
        """The grants that give rights at the instant: approved and inside their dates."""
        return self.in_force(now).filter(state=GrantState.ACTIVE)

    def for_list(self) -> Self:
        return self.select_related("user", "scope_unit").fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        return self.select_related("user", "scope_unit", "granted_by", "approved_by")


class BranchRegionQuerySet(DatedQuerySet):
    """Which branch serves which province; every colleague may read it."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "accounts.view_branchregion")

    def for_list(self) -> Self:
        return self.select_related("unit").fetch_mode(models.FETCH_RAISE)


class DelegationQuerySet(DatedQuerySet):
    """Who acts for whom."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "accounts.view_delegation")

    def for_list(self) -> Self:
        return self.select_related("from_user", "to_user").fetch_mode(models.FETCH_RAISE)


class ApiTokenQuerySet(models.QuerySet[Any]):
    """Tokens; each person sees only their own."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(user=user) if user is not None else self

    def usable(self, now: datetime) -> Self:
        """Tokens that still open the door at the instant."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True, user__is_active=True
        )


class RecordAccessQuerySet(models.QuerySet[Any]):
    """Access rows; read only by the scope filter."""

    def in_force(self, now: datetime | Now) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gt=now))
