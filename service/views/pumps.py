"""Pages of installed pumps (thin): list, detail with its tickets and label, new and changed ones."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.querysets import get_visible
from core.views import ScopedCreateView, ScopedDetailView, ScopedListView, ScopedUpdateView
from service import operations
from service.filters import PumpFilter
from service.forms import PumpChangeForm, PumpForm
from service.models import Pump


class PumpListView(ScopedListView):
    """Pumps with where they stand and until when we answer for them."""

    model = Pump
    filterset_class = PumpFilter
    orderings = {
        "-id": ("-id",),
        "serial": ("serial", "id"),
        "model": ("model", "id"),
        "warranty": ("warranty_until", "id"),
    }


class PumpDetailView(ScopedDetailView):
    """One pump: nameplate, place, warranty, tickets, label."""

    model = Pump

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pump = kwargs["row"]
        label = self.request.build_absolute_uri(reverse("public_pump", args=[operations.label_token(pump)]))
        return super().get_context_data(
            tickets=pump.tickets.visible_to(self.request.user).select_related("engineer")[:30],
            warranty=pump.in_warranty_at(kwargs["now"]),
            label_url=label,
            **kwargs,
        )


class PumpCreateView(ScopedCreateView):
    """A pump that was delivered."""

    model = Pump
    form_class = PumpForm
    title = _("New pump")

    def perform(self, form: PumpForm) -> Pump:
        return operations.add_pump(by=self.request.user, **form.cleaned_data)


class PumpUpdateView(ScopedUpdateView):
    """What changes in a pump's life."""

    model = Pump
    form_class = PumpChangeForm
    title = _("Change the pump")


def pump_label(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code of the pump's public page as a picture to print."""
    pump = get_visible(Pump, request.user, pk)
    url = request.build_absolute_uri(reverse("public_pump", args=[operations.label_token(pump)]))
    return HttpResponse(
        segno.make(url, error="m").svg_inline(scale=4, border=2), content_type="image/svg+xml"
    )


@require_http_methods(["POST"])
def pump_revoke_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the printed label worthless."""
    pump = get_visible(Pump, request.user, pk)
    operations.revoke_label(by=request.user, pump=pump)
    return HttpResponseRedirect(pump.get_absolute_url())
