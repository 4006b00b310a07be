"""What the outbox of the ground floor carries: mails of notices."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from core.erasure_files import BYTES_KIND, LETTER_KIND, delete_bytes, delete_letter
from core.models import Notification, OutboxMessage
from core.notify import render_notices
from core.outbox import outbox_handler, set_hint
from core.tasks import hint_outbox

set_hint(hint_outbox)


@outbox_handler("mail")
def deliver_mail(payload: Mapping[str, Any], message: OutboxMessage) -> None:
    """Send one notice by mail in the reader's language, with a Message-ID fixed by the dedupe key.

    The scope is that of the moment of sending: a reader who lost sight of the row gets no name of it.
    """
    rows = Notification.objects.select_related("user")
    notice = rows.filter(user=payload["user"], dedupe_key=payload["key"]).first()
    if notice is None or not notice.user.is_active or not notice.user.email:
        return
    language = notice.user.language or settings.LANGUAGE_CODE
    with translation.override(language):
        found = render_notices([notice], notice.user)
        if not found:
            return
        rendered = found[0]
        body = render_to_string(
            "emails/notice.txt", {"notice": rendered, "base_url": settings.BASE_URL, "user": notice.user}
        )
        EmailMessage(
            subject=" ".join(rendered.sentence.split())[:150],
            body=body,
            to=[notice.user.email],
            headers={"Message-ID": f"<outbox-{message.pk}@impeller>", "Auto-Submitted": "auto-generated"},
        ).send()


@outbox_handler(BYTES_KIND)
def carry_bytes_away(payload: Mapping[str, Any], message: OutboxMessage) -> None:
    """Delete the bytes of a file that spoke of an erased person."""
    delete_bytes(payload["stored_name"])


@outbox_handler(LETTER_KIND)
def carry_letter_away(payload: Mapping[str, Any], message: OutboxMessage) -> None:
    """Delete a kept letter that spoke of an erased person."""
    delete_letter(payload["name"])
