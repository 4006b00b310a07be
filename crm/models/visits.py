"""What a customer said of a visit, asked by somebody other than its author over a link without sign-in."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.models import Timestamped
from crm.choices import VisitStatement
from crm.models.activities import Activity
from crm.querysets import VisitConfirmationQuerySet


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

    @property
    def audit_root(self) -> Any:
        return self.activity.customer

    @property
    def is_denied(self) -> bool:
        """Whether the customer says that nobody came."""
        return self.statement == VisitStatement.DENIED
