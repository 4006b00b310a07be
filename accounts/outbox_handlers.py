"""What accounts sends out of the house: the mail with a link to choose a password."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import password_link_parts
from core.models import OutboxMessage
from core.outbox import outbox_handler


@outbox_handler("password_mail")
def deliver_password_mail(payload: Mapping[str, Any], message: OutboxMessage) -> None:
    """Mail the link. It is made only now, so its half hour counts from the sending and it never rests in a table."""
    user = User.objects.active().filter(pk=payload["user"]).first()
    if user is None or not user.email:
        return
    with translation.override(user.language):
        uid, token = password_link_parts(user)
        path = reverse("password_reset_confirm", args=[uid, token])
        context = {"user": user, "link": settings.BASE_URL + path, "invitation": payload.get("invitation")}
        subject = (
            _("Your new account in Impeller")
            if payload.get("invitation")
            else _("A new password for Impeller")
        )
        EmailMessage(
            subject=subject,
            body=render_to_string("emails/password.txt", context),
            to=[user.email],
            headers={"Message-ID": f"<outbox-{message.pk}@impeller>", "Auto-Submitted": "auto-generated"},
        ).send()
