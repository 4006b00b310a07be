"""What people said about their data: consents, objections and the notice they got."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.kinds import RootBy
from core.models import Timestamped
from crm.models.customers import Contact
from crm.privacy_choices import ConsentMethod, Purpose
from crm.privacy_querysets import ConsentQuerySet


class Consent(Timestamped):
    """One word of a person about one purpose: a yes, later perhaps withdrawn, or an objection (withdrawn as it was noted).

    Rows are added and withdrawn, never changed or removed: they are the proof. The last word of the person counts.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="consents", verbose_name=_("contact")
    )
    purpose = models.CharField(_("purpose"), max_length=17, choices=Purpose)
    method = models.CharField(_("how"), max_length=7, choices=ConsentMethod)
    text_version = models.CharField(_("version of the text"), max_length=20, blank=True)
    at = models.DateTimeField(_("given on"))
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    withdrawn_via = models.CharField(
        _("withdrawn by"), max_length=7, choices=ConsentMethod, blank=True, editable=False
    )

    objects = ConsentQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch=None, department=None)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["contact", "purpose", "-at"], name="consent_of_contact")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("at")),
                name="consent_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(method=ConsentMethod.NOTICE) | Q(purpose=Purpose.SERVICE),
                name="notice_is_for_service",
                violation_error_message=_("A notice only informs; this purpose needs a consent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.get_purpose_display()}"

    @property
    def scope_parent(self) -> Any:
        return self.contact.customer

    audit_root = RootBy("contact.customer")

    @property
    def is_objection(self) -> bool:
        """Whether it never was a yes: the person said no."""
        return self.withdrawn_at is not None and self.withdrawn_at == self.at

    def get_absolute_url(self) -> str:
        return self.contact.get_absolute_url()
