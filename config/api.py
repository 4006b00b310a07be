"""The API router: collects `ROUTES` of each app's `api/viewsets.py`, and serves the OpenAPI document."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from config.api_reader import api_docs


def build_router() -> SimpleRouter:
    """Return the router for /api/v1/; two apps may not claim the same plural."""
    router = SimpleRouter()
    seen: dict[str, str] = {}
    for app in settings.OUR_APPS:
        # The ground floor's viewsets.py is the base all others build on, so its own resources stand beside it.
        module = f"{app}.api.{'resources' if app == 'core' else 'viewsets'}"
        if not (find_spec(f"{app}.api") and find_spec(module)):
            continue
        for plural, viewset in getattr(import_module(module), "ROUTES", []):
            if plural in seen:
                raise ValueError(f"{app} and {seen[plural]} both register {plural}")
            seen[plural] = app
            router.register(plural, viewset, basename=plural)
    return router


router = build_router()
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include((router.urls, "api"))),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", api_docs, name="api_docs"),
]
