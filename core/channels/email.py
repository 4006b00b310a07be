"""Mail without a mail server: every message kept as an .eml file an administrator can open."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmlBackend(BaseEmailBackend):
    """Writes each mail to `MAIL_DIR` under a name made from its Message-ID, so a repeat overwrites itself."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            message: Any = email.message()
            name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
            (folder / f"{name}.eml").write_bytes(message.as_bytes())
        return len(email_messages)
