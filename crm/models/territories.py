"""Who serves whom before anybody decides: territories, named accounts and channels, and how much a person may carry."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.geography import region_name
from accounts.models import Dated, ends_after_start
from accounts.scoping import ScopeColumns
from core.kinds import RootBy
from core.models import Timestamped, Versioned
from crm.assignment_classes import MAX_LIFT
from crm.choices import Industry
from crm.pool_choices import AccountList
from crm.territory_querysets import AccountRuleQuerySet, LoadLiftQuerySet, TerritoryQuerySet


def while_valid() -> Func:
    """The time a dated row holds, as a range; open where it has no end."""
    return Func(F("valid_from"), F("valid_to"), function="TSTZRANGE", output_field=DateTimeRangeField())


class Territory(Dated, Versioned):
    """Which branch, and which project manager, serves a province, a city there, or one industry in it."""

    province_code = models.CharField(_("province"), max_length=2)
    city_code = models.CharField(_("city"), max_length=6, blank=True)
    industry = models.CharField(_("industry"), max_length=16, choices=Industry, blank=True)
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project manager"),
    )

    objects = TerritoryQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(department=None)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            ends_after_start("territory_ends_after_start"),
            ExclusionConstraint(
                name="one_territory_per_key",
                expressions=[
                    ("province_code", RangeOperators.EQUAL),
                    ("city_code", RangeOperators.EQUAL),
                    ("industry", RangeOperators.EQUAL),
                    (while_valid(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another territory already covers this in that time."),
            ),
        ]

    def __str__(self) -> str:
        words = [region_name(self.province_code)]
        if self.city_code:
            words.append(region_name(self.city_code))
        if self.industry:
            words.append(str(self.get_industry_display()))
        return " · ".join(dict.fromkeys(words))

    audit_root = RootBy("branch")

    def get_absolute_url(self) -> str:
        return reverse("crm:territory_list")


class AccountRule(Dated, Versioned):
    """A customer named in a list before anybody meets it: a named account, or a design institute or agent."""

    list = models.CharField(_("list"), max_length=8, choices=AccountList)
    name = models.CharField(_("name"), max_length=100)
    name_key = models.CharField(max_length=100, editable=False)
    uscc = models.CharField(_("social credit code"), max_length=18, blank=True)
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project manager"),
    )

    objects = AccountRuleQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(department=None)

    class Meta:
        verbose_name = _("named account")
        verbose_name_plural = _("named accounts")
        constraints = [
            ends_after_start("account_rule_ends_after_start"),
            ExclusionConstraint(
                name="one_account_rule_per_name",
                expressions=[("name_key", RangeOperators.EQUAL), (while_valid(), RangeOperators.OVERLAPS)],
                violation_error_message=_("This name stands in the lists already for that time."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    audit_root = RootBy("branch")

    def get_absolute_url(self) -> str:
        return reverse("crm:accountrule_list")


class LoadLift(Dated, Timestamped):
    """A branch manager lets one project manager carry more than the caps for a time, by at most 20 per cent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="load_lifts")
    percent = models.PositiveSmallIntegerField(
        _("per cent"), validators=[MinValueValidator(1), MaxValueValidator(MAX_LIFT)]
    )
    reason = models.CharField(_("reason"), max_length=200)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LoadLiftQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner="user", branch="user__unit", department=None)

    class Meta:
        verbose_name = _("raised load")
        verbose_name_plural = _("raised loads")
        constraints = [
            ends_after_start("load_lift_ends_after_start"),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="load_lift_ends"),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=MAX_LIFT), name="load_lift_at_most_20"
            ),
            ExclusionConstraint(
                name="one_load_lift_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), (while_valid(), RangeOperators.OVERLAPS)],
                violation_error_message=_("This person's load is raised already in that time."),
            ),
        ]

    audit_root = RootBy("user")
