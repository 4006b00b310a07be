"""What ties people to customers and to us: whom a person also serves, where they worked before, who of us knows them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.kinds import RootBy
from core.models import Versioned
from crm.choices import AffiliationKind, TieStrength
from crm.models.customers import Contact, Customer
from crm.querysets import AffiliationQuerySet, ContactTieQuerySet


class Affiliation(Versioned):
    """A person's dated bond to a customer other than their employer of today.

    `serves`: works for that customer without being employed there (an agent's, designer's or contractor's staff);
    `employed`: worked there before. An open end means still.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("contact")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="affiliations", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=AffiliationKind, default=AffiliationKind.SERVES)
    title = models.CharField(_("as what"), max_length=40, blank=True)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch=None, department=None)

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "customer", "kind"],
                condition=Q(ended_on__isnull=True),
                name="one_open_affiliation",
                violation_error_message=_("This person already serves that customer."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=models.F("started_on")),
                name="affiliation_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.customer}"

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    def get_absolute_url(self) -> str:
        return self.contact.get_absolute_url()


class ContactTie(Versioned):
    """That one of our people knows a contact, as they judge it; what the logs prove is counted beside it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="ties")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who of us")
    )
    strength = models.PositiveSmallIntegerField(_("how well"), choices=TieStrength, default=TieStrength.KNOWS)
    note = models.CharField(_("how it came about"), max_length=120, blank=True)

    objects = ContactTieQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch=None, department=None)

    class Meta:
        verbose_name = _("tie")
        verbose_name_plural = _("ties")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "user"],
                name="one_tie_per_pair",
                violation_error_message=_("This tie is on the map already; change it there."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.contact}"

    @property
    def scope_parent(self) -> Customer:
        return self.contact.customer

    audit_root = RootBy("contact.customer")

    def get_absolute_url(self) -> str:
        return self.contact.get_absolute_url()
