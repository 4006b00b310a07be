"""Request plumbing of accounts: the signed-in person's language wins over cookie and browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation


class UserLanguageMiddleware:
    """Answers in the language of the person's profile; visitors keep what LocaleMiddleware found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or request.user.language
        response: HttpResponse = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Content-Language", request.user.language)
        return response
