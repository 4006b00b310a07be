"""Noting what people agree to and what they take back: both one step, both at once effective."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken, WrongState
from core.files import store_and_attach
from core.params import param
from core.rules import require
from crm.models import Consent, Contact
from crm.privacy_choices import SEPARATE, ConsentMethod, Purpose

PROOF_KIND = "consent"


def record_consent(
    *,
    by: Any,
    now: datetime,
    contact: Contact,
    purpose: str,
    method: str,
    at: datetime | None = None,
    text_version: str = "",
    proof: str = "",
    proof_file: Any = None,
) -> Consent:
    """Note a person's yes to one purpose, or that our notice was given.

    Refuses an erased person, a day ahead, a notice for anything but service, a separate consent without proof, and a
    yes older than the person's last no.
    """
    require(by, "crm.add_consent", contact)
    given = at or now
    with transaction.atomic():
        person = _locked(contact)
        said_no = Consent.objects.filter(contact=person, purpose=purpose, withdrawn_at__gte=given)
        _check_consent(purpose, method, given, now, bool(proof or proof_file), said_no.exists())
        consent = Consent.objects.create(
            contact=person,
            purpose=purpose,
            method=method,
            at=given,
            text_version=text_version or param("crm.privacy_text_version", at=now),
            proof=proof,
            recorded_by=by,
        )
        if proof_file is not None:
            store_and_attach(proof_file, consent, kind=PROOF_KIND, by=by)
        data = {"purpose": purpose, "method": method, "contact": person.pk, "text": consent.text_version}
        audit.record("crm.add_consent", consent, by=by, now=now, data=data)
    return consent


def _check_consent(
    purpose: str, method: str, given: datetime, now: datetime, proven: bool, said_no: bool
) -> None:
    errors: dict[str, list[Any]] = {}
    if given > now:
        errors["at"] = [_("The day of the consent cannot lie ahead.")]
    elif said_no:
        errors["at"] = [_("The person has withdrawn since then; ask again.")]
    if method == ConsentMethod.NOTICE and purpose != Purpose.SERVICE:
        errors["method"] = [_("A notice only informs; this purpose needs a consent.")]
    elif purpose in SEPARATE and not proven:
        errors["proof"] = [
            _("This purpose needs a separate consent with its proof: a sentence or a file that shows it.")
        ]
    if errors:
        raise RuleBroken(errors=errors)


def withdraw_consent(
    *, by: Any, now: datetime, contact: Contact, purpose: str, method: str = ConsentMethod.SPOKEN
) -> Consent:
    """Note a person's no to one purpose; it counts from this moment. Without a yes before, it is kept as an objection.

    Refuses an erased person and a second no.
    """
    require(by, "crm.withdraw_consent", contact)
    with transaction.atomic():
        person = _locked(contact)
        said = Consent.objects.filter(contact=person, purpose=purpose)
        if not said.standing().exists() and said.exists():
            raise WrongState(_("This was withdrawn already."))
        return _note_no(person, purpose, method, by, now)


def unsubscribe(*, now: datetime, contact: Contact, purpose: str) -> None:
    """The person's own no by the link in a letter; a second one, and one of an erased person, changes nothing more."""
    with transaction.atomic():
        person = Contact.objects.select_for_update(of=("self",)).select_related("customer").get(pk=contact.pk)
        said = Consent.objects.filter(contact=person, purpose=purpose)
        if not person.contact_removed and (said.standing().exists() or not said.exists()):
            _note_no(person, purpose, ConsentMethod.FORM, None, now)


def _note_no(person: Contact, purpose: str, method: str, by: Any, now: datetime) -> Consent:
    """End what stands, or keep an objection where nothing was said before."""
    said = Consent.objects.filter(contact=person, purpose=purpose)
    open_ones = list(said.standing().order_by("at", "pk"))
    ended = {"withdrawn_at": now, "withdrawn_by": by, "withdrawn_via": method}
    if open_ones:
        said.standing().update(**ended)
        consent = open_ones[-1]
    else:
        columns = {"contact": person, "purpose": purpose, "method": method, "recorded_by": by}
        consent = Consent.objects.create(at=now, **columns, **ended)
    data = {"purpose": purpose, "method": method, "contact": person.pk}
    audit.record("crm.withdraw_consent", consent, by=by, now=now, data=data)
    consent.refresh_from_db()
    return consent


def _locked(contact: Contact) -> Contact:
    """The person under lock, so that a yes and a no of the same moment have an order; refuses an erased one."""
    person = Contact.objects.select_for_update(of=("self",)).select_related("customer").get(pk=contact.pk)
    if person.contact_removed:
        raise RuleBroken(_("This person's data was erased at their request."))
    return person
