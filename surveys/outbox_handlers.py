"""What the outbox carries for surveys: the letter with the link, and its reminders."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from core.clock import db_now
from core.outbox import outbox_handler
from crm.privacy_choices import Purpose
from crm.unsubscribe import unsubscribe_headers, unsubscribe_url
from surveys.desk import MAIL_KIND, why_not_write
from surveys.models import Invitation


@outbox_handler(MAIL_KIND)
def mail_invitation(payload: Mapping[str, Any], message: Any) -> None:
    """Write to the contact, in both languages, unless the link was answered, ended or withdrawn meanwhile."""
    rows = Invitation.objects.select_related("contact", "ticket", "questionnaire")
    invitation = rows.filter(pk=payload["invitation"]).first()
    now = db_now()
    if invitation is None or not invitation.is_open_at(now) or why_not_write(invitation, now=now):
        return
    url = settings.BASE_URL + reverse("public_survey", args=[invitation.token])
    context = {
        "invitation": invitation, "ticket": invitation.ticket, "url": url, "number": payload["number"],
        "stop": unsubscribe_url(invitation.contact, Purpose.SURVEY),
    }  # fmt: skip
    EmailMessage(
        subject=render_to_string("emails/survey_subject.txt", context).strip(),
        body=render_to_string("emails/survey.txt", context),
        to=[invitation.contact.email],
        headers={
            "Message-ID": f"<outbox-{message.pk}@impeller>",
            "Auto-Submitted": "auto-generated",
            **unsubscribe_headers(invitation.contact, Purpose.SURVEY),
        },
    ).send()
