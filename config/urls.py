"""Every address of the product: health, API, then each app under its own name."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import api, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/", include(api.urlpatterns)),
]

# `core` serves the root (My day, notifications, files), so it comes last and under no prefix.
for app in [*(name for name in settings.OUR_APPS if name != "core"), "core"]:
    if find_spec(f"{app}.public_urls"):
        urlpatterns.append(path("", include(f"{app}.public_urls")))
    if find_spec(f"{app}.urls"):
        urlpatterns.append(path("" if app == "core" else f"{app}/", include(f"{app}.urls")))
