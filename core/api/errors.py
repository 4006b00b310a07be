"""One error shape for the whole API: `{"code", "detail", "errors"}` with the statuses of the contract."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.errors import DomainError, NotAllowed, NotFound
from core.middleware import as_refusal


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Map refusals of the domain and of the framework; a real fault stays a 500 and is logged."""
    if isinstance(exception, Http404):
        exception = NotFound()
    if isinstance(exception, PermissionDenied):
        exception = NotAllowed()
    refusal = as_refusal(exception)
    if refusal is not None:
        set_rollback()
        return Response(body_of(refusal), status=refusal.status)
    response = exception_handler(exception, context)
    if response is not None and isinstance(exception, exceptions.APIException):
        response.data = {
            "code": _code(exception),
            "detail": _detail(exception),
            "errors": response.data if isinstance(exception, exceptions.ValidationError) else {},
        }
    return response


def body_of(refusal: DomainError) -> dict[str, Any]:
    """The JSON body of a refusal."""
    return {
        "code": refusal.code,
        "detail": str(refusal.message),
        "errors": {
            name: [str(sentence) for sentence in sentences] for name, sentences in refusal.errors.items()
        },
        **({"data": refusal.data} if refusal.data else {}),
    }


def _code(exception: exceptions.APIException) -> str:
    codes = exception.get_codes()
    return codes if isinstance(codes, str) else "invalid"


def _detail(exception: exceptions.APIException) -> str:
    return str(exception.detail) if isinstance(exception.detail, str) else str(exception.default_detail)
