"""People and places of a customer: adding them, opening a person's full numbers."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken, TooMany
from core.models import AuditEntry
from core.params import param
from core.rules import require
from crm.models import Contact, Customer, Site
from crm.operations.facts import assess_again
from crm.reveal_bursts import watch_reveals


def count_again(customer: Customer) -> None:
    """Put the customer first in the queue of those whose completeness the next scan counts."""
    Customer.objects.filter(pk=customer.pk).update(completeness_at=None)


def add_contact(*, by: Any, now: datetime, customer: Customer, **columns: Any) -> Contact:
    """Add a person; the first one, or one marked so, becomes the primary contact."""
    with transaction.atomic():
        contact = put_contact(by=by, now=now, customer=customer, **columns)
        count_again(customer)
        assess_again([customer.pk], now=now)
    return contact


def put_contact(*, by: Any, now: datetime, customer: Customer, **columns: Any) -> Contact:
    """The person alone, for a customer that waits to be counted and assessed anyway; inside a transaction."""
    primaries = Contact.objects.alive().filter(customer=customer, is_primary=True)
    if columns.get("is_primary"):
        primaries.update(is_primary=False, version=models.F("version") + 1)
    else:
        columns["is_primary"] = not primaries.exists()
    contact = Contact.objects.create(customer=customer, **columns)
    audit.record("crm.add_contact", contact, by=by, now=now)
    return contact


def add_site(*, by: Any, now: datetime, customer: Customer, **columns: Any) -> Site:
    """Add a place of the customer. Refuses a name the customer already uses."""
    if Site.objects.filter(customer=customer, name=columns["name"]).exists():
        raise RuleBroken(errors={"name": [_("This customer has a site of that name already.")]})
    with transaction.atomic():
        site = Site.objects.create(customer=customer, **columns)
        count_again(customer)
        audit.record("crm.add_site", site, by=by, now=now)
    return site


def reveal_contact(*, by: Any, now: datetime, contact: Contact, reason: str) -> Contact:
    """Open a person's full numbers: asked for with a reason, counted against the daily allowance, kept in the audit.

    A burst of openings is told to those who guard personal data.
    """
    require(by, "crm.reveal_contact", contact)
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        opened = AuditEntry.objects.filter(actor=by, at__gte=today, code="crm.reveal_contact").count()
        if opened >= param("crm.reveals_per_day", at=now):
            raise TooMany(_("Your allowance of full numbers for today is used up; it starts again tomorrow."))
        audit.record("crm.reveal_contact", contact, by=by, now=now, reason=reason)
        watch_reveals(by=by, now=now)
    return contact
