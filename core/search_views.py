"""The search box: a page of its own, and the list under the box while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.opened import opened
from core.search_registry import search_everywhere

LIVE_LIMIT, PAGE_LIMIT = 6, 20


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everything the reader may see that matches `q`; `live=1` gives only the list for the open box.

    Before anything is typed: the records the device says were `opened` last, and the reader's own.
    """
    typed = request.GET.get("q", "")
    live = bool(request.GET.get("live"))
    groups = search_everywhere(request.user, typed, limit=LIVE_LIMIT if live else PAGE_LIMIT)
    if not typed.strip():
        groups = [*opened(request.user, request.GET.get("opened", "").split(",")), *groups]
    template = "components/search_results.html" if live else "core/search_results.html"
    return render(request, template, {"groups": groups, "query": typed.strip()})
