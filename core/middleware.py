"""Turning the domain's refusals into pages, once, for every view."""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.errors import DomainError, NotAllowed, NotFound


class RefusalMiddleware:
    """Pages: a refusal page with the sentence and the way on. htmx: the status with a toast, the page stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = as_refusal(exception)
        if refusal is None or request.path.startswith("/api/"):
            return None
        if getattr(request, "htmx", None):
            toast = json.dumps({"toast": {"text": full_sentence(refusal), "tone": "danger"}})
            return HttpResponse(
                full_sentence(refusal),
                status=refusal.status,
                headers={"HX-Trigger": toast, "HX-Reswap": "none"},
            )
        page = render_to_string(
            [f"errors/{refusal.status}.html", "errors/refusal.html"],
            {"refusal": refusal, "sentence": full_sentence(refusal), "title": _("Not possible")},
            request=request,
        )
        return HttpResponse(page, status=refusal.status)


def as_refusal(exception: Exception) -> DomainError | None:
    """The refusal behind an exception, or None for a real fault."""
    if isinstance(exception, DomainError):
        return exception
    if isinstance(exception, ObjectDoesNotExist):
        return NotFound()
    if isinstance(exception, PermissionDenied):
        return NotAllowed()
    return None


def full_sentence(refusal: DomainError) -> str:
    """The refusal in one line, field sentences included."""
    details: list[Any] = [sentence for sentences in refusal.errors.values() for sentence in sentences]
    return " ".join(str(part) for part in [refusal.message, *details])
