"""Brake on guessing passwords and codes: counted in the database per account and address, and per address alone.

Nobody can lock a colleague out: the brake holds the attacking address, and only for a quarter of an hour.
"""

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.utils import timezone

from accounts.operations import failures_from


class SignInHandler(AxesDatabaseHandler):
    """Adds to the library's count per account and address a wider one per address (password spraying)."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        return bool(super().is_locked(request, credentials)) or self._address_is_barred(request)

    def _address_is_barred(self, request: Any) -> bool:
        since = timezone.now() - cool_off()
        return failures_from(request.axes_ip_address, since) >= settings.SIGN_IN_FAILURES_PER_ADDRESS


def user_name_of(request: Any, credentials: dict[str, Any] | None = None) -> str:
    """Whom an attempt was for: what the form was asked, else what the sign-in form sent."""
    known = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(known).strip().lower()


def cool_off() -> timedelta:
    """How long the brake holds."""
    return timedelta(hours=settings.AXES_COOLOFF_TIME)
