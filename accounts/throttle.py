"""Brake on guessing passwords and codes: counted in the database per account and address, and per address alone.

Nobody can lock a colleague out: the brake holds the attacking address, and only for a quarter of an hour.
"""

import math
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


class SignInHandler(AxesDatabaseHandler):
    """Adds to the library's count per account and address a wider one per address (password spraying)."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        return bool(super().is_locked(request, credentials)) or self._address_is_barred(request)

    def _address_is_barred(self, request: Any) -> bool:
        since = timezone.now() - cool_off()
        attempts = AccessAttempt.objects.filter(ip_address=request.axes_ip_address, attempt_time__gte=since)
        failures = attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0
        return failures >= settings.SIGN_IN_FAILURES_PER_ADDRESS


def user_name_of(request: Any, credentials: dict[str, Any] | None = None) -> str:
    """Whom an attempt was for: what the form was asked, else what the sign-in form sent."""
    known = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(known).strip().lower()


def cool_off() -> timedelta:
    """How long the brake holds."""
    return timedelta(hours=settings.AXES_COOLOFF_TIME)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """The page of a braked sign-in: 429, with the time to wait in words and as a header."""
    minutes = math.ceil(cool_off().total_seconds() / 60)
    page = render(request, "accounts/sign_in_locked.html", {"minutes": minutes}, status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    page.headers["Cache-Control"] = "no-store"
    return page
