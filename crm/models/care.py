"""Days that matter to a customer, and the private calendar feed of a person."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.kinds import RootBy
from core.models import Timestamped, Versioned
from crm.care_querysets import CalendarFeedQuerySet, CareDateQuerySet
from crm.choices import CareDateKind
from crm.models.customers import Customer

LEAP_YEAR = 2024  # so that 29 February is a day


class CareDate(Versioned):
    """A day of the year on which the customer hears from us; a follow-up comes of itself a week before.

    About the organisation only: nothing about a person belongs here.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="care_dates", verbose_name=_("customer")
    )
    kind = models.CharField(_("day"), max_length=13, choices=CareDateKind)
    month = models.PositiveSmallIntegerField(_("month"))
    day = models.PositiveSmallIntegerField(_("day of the month"))
    label = models.CharField(_("what it is"), max_length=60, blank=True)

    objects = CareDateQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch=None, department=None)

    class Meta:
        verbose_name = _("care date")
        verbose_name_plural = _("care dates")
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "month", "day"], name="one_care_date"),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31),
                name="care_date_in_the_year",
                violation_error_message=_("There is no such day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer.called}: {self.label or self.get_kind_display()}"

    def clean(self) -> None:
        """Refuses a day no year has."""
        try:
            date(LEAP_YEAR, self.month, self.day)
        except (TypeError, ValueError):
            raise ValidationError({"day": _("There is no such day.")}) from None

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    def get_absolute_url(self) -> str:
        return self.customer.get_absolute_url()


class CalendarFeed(Timestamped):
    """A person's own calendar address for calendar programs; a new generation makes the old address useless.

    Only the hash of the word in the address is kept. What the feed shows is decided when it is read. `reads` counts
    the readings of the hour `reads_since`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    generation = models.PositiveIntegerField(default=0)
    token_digest = models.CharField(max_length=64, unique=True, null=True)
    last_read_at = models.DateTimeField(null=True)
    reads_since = models.DateTimeField(null=True)
    reads = models.PositiveIntegerField(default=0, db_default=0)

    objects = CalendarFeedQuerySet.as_manager()

    @property
    def is_open(self) -> bool:
        """Whether the address answers."""
        return self.token_digest is not None

    audit_root = RootBy("user")
