"""Filters of people, units and grants, shared by pages and API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import GrantState, Role, UnitKind
from accounts.models import BranchRegion, Grant, OrgUnit, User
from core.clock import db_now
from core.filters import ScopedFilterSet

YES_NO = forms.Select(choices=[("", _("All")), ("true", _("Open accounts")), ("false", _("Closed accounts"))])

IN_USE = forms.Select(choices=[("", _("All")), ("true", _("In use")), ("false", _("No longer in use"))])


def units(request: Any) -> QuerySet[OrgUnit]:
    """The units to filter by."""
    return OrgUnit.objects.visible_to(request.user).order_by("code") if request else OrgUnit.objects.none()


class UserFilter(ScopedFilterSet):
    """By name, user name, unit, role, open or closed."""

    search = django_filters.CharFilter(method="by_search", label=_("Search"))
    unit = django_filters.ModelChoiceFilter(queryset=units, label=_("Unit"), empty_label=_("All units"))
    role = django_filters.ChoiceFilter(
        method="by_role", choices=Role.choices, label=_("Role"), empty_label=_("All roles")
    )
    is_active = django_filters.BooleanFilter(label=_("Account"), widget=YES_NO)

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def by_search(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Any part of a name, or the beginning of the user name."""
        text = value.strip()
        return rows.filter(
            Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(username__istartswith=text)
        )

    def by_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """People whose grant of the role counts now."""
        return rows.filter(pk__in=Grant.objects.counting(db_now()).filter(role=value).values("user_id"))


class OrgUnitFilter(ScopedFilterSet):
    """By kind and whether active."""

    kind = django_filters.ChoiceFilter(choices=UnitKind.choices, label=_("Kind"), empty_label=_("All kinds"))
    active = django_filters.BooleanFilter(label=_("Active"), widget=IN_USE)

    class Meta:
        model = OrgUnit
        fields: tuple[str, ...] = ()


class GrantFilter(ScopedFilterSet):
    """By state, role, unit and person."""

    state = django_filters.ChoiceFilter(
        choices=GrantState.choices, label=_("State"), empty_label=_("All states")
    )
    role = django_filters.ChoiceFilter(choices=Role.choices, label=_("Role"), empty_label=_("All roles"))
    scope_unit = django_filters.ModelChoiceFilter(queryset=units, label=_("Unit"), empty_label=_("All units"))

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()


class BranchRegionFilter(ScopedFilterSet):
    """By branch and province."""

    unit = django_filters.ModelChoiceFilter(queryset=units, label=_("Branch"))
    province_code = django_filters.CharFilter(label=_("Province"))

    class Meta:
        model = BranchRegion
        fields: tuple[str, ...] = ()
