"""Who calls the API: an `Authorization: Token …` header first, so that nobody at all is answered 401."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.choices import TokenScope
from accounts.models import ApiToken, User
from accounts.operations import use_token
from core.clock import db_now
from core.errors import NotAllowed

KEYWORD = "Token"


class TokenAuthentication(BaseAuthentication):
    """Tokens act with their owner's rights of this moment; a read token refuses every change with 403."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != KEYWORD.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("The token is not written as “Token <secret>”."))
        token = use_token(words[1].decode("latin-1"), now=db_now())
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or withdrawn."))
        if token.scope == TokenScope.READ and request.method not in SAFE_METHODS:
            raise NotAllowed(_("This token may only read."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes the header."""

    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "Token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <secret>"}
