"""Hello, with the session and the user read from the database (F1), and without (F1-bare)."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """Two statements: the session row, the user row."""
    return HttpResponse(f"hello {request.user.username}")


def bare(request: HttpRequest) -> HttpResponse:
    """No statement at all."""
    return HttpResponse("hello")


urlpatterns = [path("hello", hello), path("bare", bare)]
