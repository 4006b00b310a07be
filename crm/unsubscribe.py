"""The link in a letter by which a contact says: no more of these. Signed, so that nobody can end the letters of others."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from crm.models import Contact
from crm.privacy_choices import Purpose

SALT = "crm.unsubscribe"


def unsubscribe_word(contact: Contact, purpose: str) -> str:
    """The word in the link; it holds for as long as letters lie in mailboxes and says nothing about the person."""
    return signing.dumps([contact.pk, Purpose(purpose).value], salt=SALT)


def read_word(word: str) -> tuple[Contact, Purpose] | None:
    """Whose letters and which ones; None for a word we did not make."""
    try:
        pk, purpose = signing.loads(word, salt=SALT)
    except signing.BadSignature:
        return None
    contact = Contact.objects.visible_to(None).select_related("customer").filter(pk=pk).first()
    return None if contact is None else (contact, Purpose(purpose))


def unsubscribe_headers(contact: Contact, purpose: str) -> dict[str, Any]:
    """What mail programs need to show their own button (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(contact, purpose)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def unsubscribe_url(contact: Contact, purpose: str) -> str:
    """The whole address for the text of a letter."""
    return f"{settings.BASE_URL}{reverse('public_unsubscribe', args=[unsubscribe_word(contact, purpose)])}"
