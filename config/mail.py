"""Mail without a mail server: every message becomes one .eml file that a mail program opens."""

from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class KeptMailBackend(BaseEmailBackend):
    """Writes each message to `EMAIL_FILE_PATH` under its time and Message-ID; nothing leaves the machine."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:  # type: ignore[override]
        """Keep the messages; return how many. The file is complete or absent (written aside, then renamed)."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            content = message.message()
            name = "".join(c for c in str(content["Message-ID"]) if c.isalnum() or c in "-_.")[:80]
            path = folder / f"{timezone.now():%Y%m%d-%H%M%S}-{name}.eml"
            draft = path.with_suffix(".part")
            draft.write_bytes(content.as_bytes())
            draft.rename(path)
        return len(email_messages)
