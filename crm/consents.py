"""May this person be contacted for this? Whoever writes, calls by a list or asks a survey asks here first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.consent_rule import Known, Verdict, decide
from crm.models import Consent, Contact
from crm.privacy_choices import ConsentMethod, Purpose


@dataclass(frozen=True)
class Standing:
    """One purpose on a person's page: the verdict, and the row with the person's last word."""

    purpose: Purpose
    verdict: Verdict
    last: Consent | None

    @property
    def is_refused(self) -> bool:
        """Whether the person's own last word is no."""
        return self.last is not None and self.last.withdrawn_at is not None


def may_contact(contact: Contact, purpose: str, *, now: datetime) -> Verdict:
    """Whether the person may be contacted for a purpose now; asked anew each time, so a withdrawal counts at once."""
    return decide(_known(contact, _last_words(contact, now)), purpose)


def standings(contact: Contact, *, now: datetime) -> list[Standing]:
    """The verdict on every purpose, for the person's page and the API."""
    last = _last_words(contact, now)
    known = _known(contact, last)
    return [Standing(one, decide(known, one), last.get(one)) for one in Purpose]


def notice_of(contact: Contact) -> Consent | None:
    """When and how the person last got our privacy notice; None: not yet."""
    rows = Consent.objects.filter(contact=contact, method=ConsentMethod.NOTICE).order_by("-at", "-pk")
    return rows.first()


def _last_words(contact: Contact, now: datetime) -> dict[str, Consent]:
    rows: Iterable[Any] = Consent.objects.filter(contact=contact).until(now).spoken_first()
    return {row.purpose: row for row in rows}


def _known(contact: Contact, last: dict[str, Consent]) -> Known:
    return Known(
        removed=contact.contact_removed or contact.deleted_at is not None,
        left=contact.left_at is not None,
        do_not_contact=contact.do_not_contact,
        words={purpose: row.withdrawn_at is None for purpose, row in last.items()},
    )
