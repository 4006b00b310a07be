"""What the sign-in library must know of us: no self-registration, no chatter, our QR codes, sealed secrets."""

import base64
import hashlib
import hmac
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; signing in and out needs no congratulation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: every page shows by itself what it did."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Draws the QR code with our own library and seals the shared secrets, so that a stolen table opens nothing."""

    def build_totp_svg(self, url: str) -> str:
        out = BytesIO()
        segno.make(url, error="m").save(
            out, kind="svg", scale=5, border=2, light="white", xmldecl=False, svgns=True
        )
        return out.getvalue().decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    @cached_property
    def _seal(self) -> Fernet:
        key = hmac.new(settings.SECRET_KEY.encode(), b"second factor secrets", hashlib.sha256).digest()
        return Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, text: str) -> str:
        return self._seal.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._seal.decrypt(encrypted_text.encode()).decode()
