"""What the outbox carries for the customer floor: reminder mails, work on requests about data, the list of erasures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, ngettext

import crm.care_registry
import crm.exports.registry
import crm.imports.registry  # noqa: F401 - registers the import's worker, notices and tasks
from accounts.models import User
from core.clock import db_now
from core.outbox import outbox_handler, renew
from crm.digests import MAIL_KIND as DIGEST_KIND
from crm.digests import digest_of
from crm.erasure_list import keep_list
from crm.models import Contact, DigestDay, FollowUp, FollowUpReminder, PrivacyRequest
from crm.operations import carry_out_request
from crm.operations.erasing import LIST_KIND
from crm.operations.privacy_requests import WORK_KIND
from crm.operations.retention import RETIRE_KIND, carry_out_retirement
from crm.reminders import MAIL_KIND


@outbox_handler(MAIL_KIND)
def mail_reminders(payload: Mapping[str, Any], message: Any) -> None:
    """One mail with everything that still waits to be mailed to this person.

    Each reminder has its own outbox message; the first to be delivered takes all waiting ones along, the others
    then find nothing to do. Rows are marked in the transaction that sends, so a crash before the commit sends
    again under the same Message-ID rather than never.
    """
    recipient = User.objects.filter(pk=payload["recipient"], is_active=True).exclude(email="").first()
    if recipient is None:
        return
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=recipient.pk)
        waiting = FollowUpReminder.objects.filter(
            recipient=recipient, mail_wanted=True, mailed_at__isnull=True
        ).order_by("pk")
        marked = list(waiting.values_list("follow_up_id", flat=True))
        if not marked:
            return
        waiting.update(mailed_at=db_now())
        visible = FollowUp.objects.visible_to(recipient).open().filter(pk__in=marked).for_list()
        _send(recipient, list(visible), message)


def _send(recipient: Any, rows: list[FollowUp], message: Any) -> None:
    if not rows:
        return
    with translation.override(recipient.language or settings.LANGUAGE_CODE):
        subject = ngettext("%(n)d follow-up is due", "%(n)d follow-ups are due", len(rows)) % {"n": len(rows)}
        if len(rows) == 1:
            subject = f"{rows[0].customer.called}: {rows[0].words}"
        body = render_to_string(
            "emails/follow_ups.txt",
            {"rows": rows, "user": recipient, "base_url": settings.BASE_URL, "now": db_now()},
        )
        EmailMessage(
            subject=" ".join(subject.split())[:150],
            body=body,
            to=[recipient.email],
            headers={"Message-ID": f"<outbox-{message.pk}@impeller>", "Auto-Submitted": "auto-generated"},
        ).send()


@outbox_handler(WORK_KIND)
def work_on_request(payload: Mapping[str, Any], message: Any) -> None:
    """Make the copy, or erase the person, that somebody's request asks for."""
    row = PrivacyRequest.objects.filter(pk=payload["request"]).first()
    by = User.objects.filter(pk=payload["by"]).first()
    if row is not None and by is not None:
        carry_out_request(now=db_now(), request=row, by=by, beat=lambda: renew(message))


@outbox_handler(LIST_KIND)
def list_erasure(payload: Mapping[str, Any], message: Any) -> None:
    """Keep the list of erasures outside the database, for a restored copy to replay."""
    keep_list(Path(settings.ERASURE_LIST))


@outbox_handler(DIGEST_KIND)
def mail_digest(payload: Mapping[str, Any], message: Any) -> None:
    """One person's summary, as things stand when it goes out, in their language; none when meanwhile all is done.

    Marked in the transaction that sends: after a crash the same mail goes out again under its Message-ID, never a second one.
    """
    with transaction.atomic():
        rows = DigestDay.objects.select_for_update(of=("self",)).select_related("user")
        row = rows.get(pk=payload["digest"])
        reader = row.user
        if row.sent_at is not None or not (reader.is_active and reader.daily_digest and reader.email):
            return
        now = db_now()
        found = digest_of(reader, now, weekly=row.weekly)
        if found.is_empty:
            return
        DigestDay.objects.filter(pk=row.pk).update(sent_at=now)
        with translation.override(reader.language or settings.LANGUAGE_CODE):
            subject = gettext("Your branch this morning")
            if found.own:
                words = ngettext("%(n)d thing to do today", "%(n)d things to do today", found.own)
                subject = words % {"n": found.own}
            context = {"digest": found, "user": reader, "base_url": settings.BASE_URL}
            EmailMessage(
                subject=f"{subject} · {row.day}",
                body=render_to_string("emails/digest.txt", context),
                to=[reader.email],
                headers={"Message-ID": f"<outbox-{message.pk}@impeller>", "Auto-Submitted": "auto-generated"},
            ).send()


@outbox_handler(RETIRE_KIND)
def retire(payload: Mapping[str, Any], message: Any) -> None:
    """Erase somebody whose time is over, as the officer said."""
    contact = Contact.objects.filter(pk=payload["contact"]).first()
    by = User.objects.filter(pk=payload["by"]).first()
    if contact is not None and by is not None:
        carry_out_retirement(now=db_now(), contact=contact, by=by, beat=lambda: renew(message))
