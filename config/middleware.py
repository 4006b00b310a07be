"""What every request passes before any app: who is really calling, and an honest answer when the database is away."""

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
)


class TrustedProxyMiddleware:
    """Believes forwarding headers only from `TRUSTED_PROXIES`; from anybody else they are dropped.

    Sets REMOTE_ADDR to the nearest address that is not a trusted proxy, so limits count the real peer.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.networks = [ipaddress.ip_network(text, strict=False) for text in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Rewrite the request's peer, then go on."""
        request.META["impeller.forwarded"] = any(name in request.META for name in FORWARDED)
        if self._trusted(request.META.get("REMOTE_ADDR", "")):
            hops = [
                part.strip()
                for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
                if part.strip()
            ]
            for hop in reversed(hops):
                if not self._address(hop):
                    break
                request.META["REMOTE_ADDR"] = hop
                if not self._trusted(hop):
                    break
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response

    def _address(self, text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        try:
            return ipaddress.ip_address(text)
        except ValueError:
            return None

    def _trusted(self, text: str) -> bool:
        address = self._address(text)
        return address is not None and any(address in network for network in self.networks)


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's closed door, which tells htmx to load the sign-in page instead of pasting it into a fragment.

    What a signed-in person was shown is never stored by the browser: the Back button after signing out shows nothing.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark pages of signed-in people as not to be stored."""
        response: Any = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        """Redirect a page to the sign-in page; answer htmx 401, and come back to the page it stood on."""
        htmx = getattr(request, "htmx", None)
        if not htmx:
            return super().handle_no_permission(request, view_func)
        response = HttpResponse(status=401)
        response["HX-Redirect"] = redirect_to_login(htmx.current_url_abs_path or "/")["Location"]
        return response


class UnavailableMiddleware:
    """Turns a lost or overloaded database into 503 with Retry-After: the request may be repeated, nothing is half done."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; errors arrive in process_exception, or here when an inner middleware met them."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            return self._answer(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 for a database that is away, slow or full; leave every other error alone."""
        return self._answer(request, error) if isinstance(error, (OperationalError, InterfaceError)) else None

    def _answer(self, request: HttpRequest, error: Exception) -> HttpResponse:
        logger.error("database unavailable on %s %s: %s", request.method, request.path, error)
        sentence = "系统暂时繁忙，请稍后再试。 Impeller is busy, please try again in a moment."
        if request.path.startswith("/api/"):
            response: HttpResponse = JsonResponse(
                {"code": "unavailable", "detail": sentence, "errors": {}}, status=503
            )
        else:
            response = HttpResponse(
                f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>503</title><p>{sentence}</p></html>',
                status=503,
            )
        response["Retry-After"] = "5"
        response["Cache-Control"] = "no-store"
        return response


class HiddenOriginMiddleware:
    """Lets the forms of our own public pages through: a page that names itself to nobody posts `Origin: null`.

    Public pages carry `Referrer-Policy: no-referrer`, so browsers hide even their own address from us. Where
    `Sec-Fetch-Site`, which no script can set, does not say that another site posts, the origin is taken as ours;
    the CSRF token is asked as ever. Stands before Django's CsrfViewMiddleware.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hidden = request.META.get("HTTP_ORIGIN") == "null"
        if hidden and request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)
