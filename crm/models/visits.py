"""Visits: where somebody checked in, and what the customer said of it over a link without sign-in."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.kinds import RootBy
from core.models import Row, Timestamped
from crm.choices import VisitStatement
from crm.distance import Point
from crm.models.activities import Activity
from crm.models.customers import Customer
from crm.querysets import CheckInQuerySet, VisitConfirmationQuerySet


class VisitConfirmation(Timestamped):
    """The question whether a contact took place. The link is derived from a key; only its hash is kept.

    `statement` is empty until the customer answers, once; the log is then scored again (H15).
    """

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="confirmation")
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    asked_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    statement = models.CharField(
        _("what the customer said"), max_length=9, choices=VisitStatement, blank=True, editable=False
    )
    words = models.CharField(_("in the customer's words"), max_length=200, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = VisitConfirmationQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(
        owner="activity__author", branch="activity__customer__branch", department=None
    )

    class Meta:
        verbose_name = _("confirmation of a visit")
        verbose_name_plural = _("confirmations of visits")

    def __str__(self) -> str:
        return str(self.get_statement_display()) if self.statement else ""

    @property
    def scope_parent(self) -> Any:
        return self.activity

    audit_root = RootBy("activity.customer")

    @property
    def is_denied(self) -> bool:
        """Whether the customer says that nobody came."""
        return self.statement == VisitStatement.DENIED


class CheckIn(Row):
    """Where a colleague was when they tapped "check in" at a customer's; their own visit log of that day takes it over.

    Degrees as the device gave them, `accuracy` in metres, `at` the server's time. After 180 days the place is kept
    to about 100 m only (`blurred`).
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="check_ins")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("when"))
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    accuracy = models.PositiveIntegerField(_("accuracy (m)"))
    activity = models.OneToOneField(Activity, null=True, on_delete=models.CASCADE, related_name="check_in")
    blurred = models.BooleanField(default=False)

    objects = CheckInQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner="user", branch="customer__branch", department=None)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "customer", "-at"], name="check_in_of"),
            models.Index(fields=["at"], name="check_in_exact", condition=models.Q(blurred=False)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="check_in_on_earth",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @property
    def point(self) -> Point:
        """The place as it is kept."""
        return Point(float(self.latitude), float(self.longitude))

    @property
    def scope_parent(self) -> Any:
        return self.customer

    audit_root = RootBy("customer")
