"""Pages of the frame itself: appearance and language switches, install manifest, service worker, offline page, gallery."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from core.context import THEMES
from core.gallery import gallery_context

YEAR = 365 * 24 * 3600
# What the service worker keeps on the device, so that the log form opens without a network.
SHELL_FILES = (
    "css/tokens.css",
    "css/tokens-dark.css",
    "css/base.css",
    "css/components.css",
    "css/pages/plain.css",
    "css/pages/my_day.css",
    "css/pages/customer.css",
    "js/app.js",
    "js/dialogs.js",
    "js/forms.js",
    "js/keyboard.js",
    "js/outbox.js",
    "js/words.js",
    "django_htmx/htmx-4.min.js",
    "img/mark.svg",
)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page the switch was on; a foreign address leads home."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the appearance of this device in a cookie; an unknown one means the device's own wish."""
    theme = request.POST.get("theme", "")
    response = _back(request)
    response.set_cookie("theme", theme if theme in THEMES else "auto", max_age=YEAR, samesite="Lax")
    return response


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie for visitors and in the profile of a signed-in person; an unknown one changes nothing."""
    language = request.POST.get("language", "")
    response = _back(request)
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
        if request.user.is_authenticated:
            request.user.language = language  # type: ignore[attr-defined]
            request.user.save(update_fields=["language"])
    return response


@login_not_required
@require_GET
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The install manifest, in the reader's language."""
    icons: list[dict[str, Any]] = [
        {
            "src": staticfiles_storage.url(f"img/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in (192, 512)
    ]
    icons.append(
        {**icons[1], "src": staticfiles_storage.url("img/icon-maskable-512.png"), "purpose": "maskable"}
    )
    return JsonResponse(
        {
            "name": _("Impeller"),
            "short_name": _("Impeller"),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#0a4050",
            "theme_color": "#0a4050",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@login_not_required
@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, served at the root so that it may answer for every page."""
    files = [staticfiles_storage.url(name) for name in SHELL_FILES]
    return render(request, "core/sw.js", {"files": files}, content_type="text/javascript")


@login_not_required
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What a page without network shows; kept on the device by the service worker."""
    return render(request, "core/offline.html")


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """Point the phone at a pump's code, or type the number under it."""
    return render(request, "core/scan.html")


@login_not_required
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with sample data; only while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "core/gallery.html", gallery_context())
