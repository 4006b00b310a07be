"""Data whose time is over (§10.6 j): people without business for three years are proposed, and erased by the officer's word."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit, outbox
from core.errors import RuleBroken
from core.notify import notify
from core.params import param
from core.rules import require
from crm.models import Contact
from crm.operations.erasing import erase_contact, why_not_erase
from crm.operations.privacy_requests import privacy_officers

RETIRE_KIND = "crm.retire_contact"


def outlived_contacts(now: datetime) -> Any:
    """Whose data are kept longer than the company set."""
    return Contact.objects.alive().outlived(now, int(param("crm.contact_kept_days", at=now)))


def retire_contact(*, by: Any, now: datetime, contact: Contact) -> Contact:
    """Let the worker erase somebody whose time is over, as a request for deletion would. Refuses everybody else."""
    require(by, "crm.retire_contact", contact)
    if not outlived_contacts(now).filter(pk=contact.pk).exists():
        raise RuleBroken(_("There was contact or business with this person not so long ago."))
    if reason := why_not_erase(contact, now=now):
        raise RuleBroken(reason)
    with transaction.atomic():
        if outbox.enqueue(
            RETIRE_KIND, f"retire:{contact.pk}", {"contact": contact.pk, "by": by.pk}, due_at=now
        ):
            audit.record("crm.retire_contact", contact, by=by, now=now)
    return contact


def carry_out_retirement(*, now: datetime, contact: Contact, by: Any, beat: Any = lambda: None) -> None:
    """What the worker does; somebody who was spoken with meanwhile stays."""
    if outlived_contacts(now).filter(pk=contact.pk).exists():
        erase_contact(by=by, now=now, contact=contact, beat=beat)


def tell_outlived(now: datetime) -> int:
    """Tell the officers once a month that people's time is over."""
    if not outlived_contacts(now).exists():
        return 0
    month = f"{timezone.localdate(now):%Y-%m}"
    return notify(
        privacy_officers(now), "crm.contacts_outlived", None, now=now, dedupe_key=f"outlived:{month}"
    )
