"""Filters of the pool, its log of moves and the territories, one definition for page and API."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import db_now
from core.filters import ScopedFilterSet
from crm.choices import CustomerKind, Industry, PoolStatus
from crm.filters import branches, owners, province_choices
from crm.models import AccountRule, Customer, PoolEvent, Territory
from crm.pool_choices import AccountList, PoolMove, PoolReason

POOL_VIEWS = (
    ("pool", _("To claim")),
    ("queue", _("Waiting for assignment")),
    ("care", _("Care desk")),
    ("headquarters", _("Headquarters' pool")),
    ("all", _("All")),
)


class PoolFilter(ScopedFilterSet):
    """Customers without an owner by name, place, trade and why they are there; never by their people."""

    search = django_filters.CharFilter(method="by_name", label=_("Search"))
    view = django_filters.ChoiceFilter(
        method="by_view", choices=POOL_VIEWS, label=_("Show"), widget=forms.HiddenInput
    )
    kind = django_filters.ChoiceFilter(
        choices=CustomerKind.choices, label=_("Kind"), empty_label=_("All kinds")
    )
    industry = django_filters.ChoiceFilter(
        choices=Industry.choices, label=_("Industry"), empty_label=_("All industries")
    )
    province_code = django_filters.ChoiceFilter(
        choices=province_choices, label=_("Province"), empty_label=_("All provinces")
    )
    pool_reason = django_filters.ChoiceFilter(
        choices=PoolReason.choices, label=_("Because"), empty_label=_("Whatever reason")
    )
    pool_status = django_filters.ChoiceFilter(choices=PoolStatus.choices, widget=forms.HiddenInput)
    branch = django_filters.ModelChoiceFilter(queryset=branches, label=_("Branch"), widget=forms.HiddenInput)

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()

    def by_name(self, rows: Any, name: str, value: str) -> Any:
        """Name, pinyin, initials or number of the customer itself."""
        return rows.matching_names(value)

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        if value in PoolStatus.values:
            return rows.filter(pool_status=value)
        return rows.filter(branch__kind="hq") if value == "headquarters" else rows


class PoolEventFilter(ScopedFilterSet):
    """Moves of one customer, branch or kind."""

    move = django_filters.ChoiceFilter(
        choices=PoolMove.choices, label=pgettext_lazy("pool", "Move"), empty_label=_("All moves")
    )
    reason = django_filters.ChoiceFilter(
        choices=PoolReason.choices, label=_("Because"), empty_label=_("Whatever reason")
    )
    branch = django_filters.ModelChoiceFilter(
        queryset=branches, label=_("Branch"), empty_label=_("All branches")
    )
    customer = django_filters.NumberFilter(widget=forms.HiddenInput)

    class Meta:
        model = PoolEvent
        fields: tuple[str, ...] = ()


class DatedFilter(ScopedFilterSet):
    """What holds now, is planned, or is over."""

    when = django_filters.ChoiceFilter(
        method="by_time",
        choices=(("current", _("Now and planned")), ("past", _("Ended"))),
        label=_("When"),
        empty_label=_("Whenever"),
    )

    def by_time(self, rows: Any, name: str, value: str) -> Any:
        """Ended rows, or the others."""
        now = db_now()
        return rows.filter(valid_to__lte=now) if value == "past" else rows.exclude(valid_to__lte=now)


class TerritoryFilter(DatedFilter):
    """Territories by place, trade, branch and person."""

    province_code = django_filters.ChoiceFilter(
        choices=province_choices, label=_("Province"), empty_label=_("All provinces")
    )
    industry = django_filters.ChoiceFilter(
        choices=Industry.choices, label=_("Industry"), empty_label=_("All industries")
    )
    branch = django_filters.ModelChoiceFilter(
        queryset=branches, label=_("Branch"), empty_label=_("All branches")
    )
    owner = django_filters.ModelChoiceFilter(queryset=owners, label=_("Owner"), empty_label=_("All owners"))

    class Meta:
        model = Territory
        fields: tuple[str, ...] = ()


class AccountRuleFilter(DatedFilter):
    """Named accounts and channels by name and list."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Search"))
    list = django_filters.ChoiceFilter(
        choices=AccountList.choices, label=_("List"), empty_label=_("Both lists")
    )

    class Meta:
        model = AccountRule
        fields: tuple[str, ...] = ()
