"""Pages of the exports: asking for a list, its log, approval, the file itself."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.clock import db_now
from core.errors import RuleBroken
from core.forms import ReasonForm
from core.querysets import get_visible
from core.rules import require
from core.views import ScopedCreateView, ScopedDetailView, ScopedListView
from crm.exports.run import FREE_ROWS, download, exportable, request_export, row_limit
from crm.filters import CustomerFilter
from crm.forms.exports import ExportForm
from crm.models import Customer
from crm.models.imports import Export
from crm.views.imports import attachment

EXPORT_FORMS: dict[str, Any] = {"refuse": ReasonForm}
EXPORT_LABELS: dict[str, Any] = {"approve": gettext_lazy("Approve"), "refuse": gettext_lazy("Refuse")}


class ExportListView(ScopedListView):
    """Who took which list out, and why."""

    model = Export
    orderings: ClassVar = {"-id": ("-id",)}


class ExportCreateView(ScopedCreateView):
    """Ask for the list one has just filtered."""

    model = Export
    form_class = ExportForm
    template_name = "crm/export_form.html"
    title = gettext_lazy("Export customers")
    submit_label = gettext_lazy("Go on")

    def check(self) -> None:
        require(self.request.user, "crm.export_customer")

    def get_initial(self) -> dict[str, Any]:
        query = self.request.GET.copy()
        for word in ("cursor", "ordering", "query", "reason", "format"):
            query.pop(word, None)
        return {"query": query.urlencode()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        query = form.data.get("query", "") if form.is_bound else form.initial.get("query", "")
        rows = exportable(filtered(self.request, query), self.request.user)
        return super().get_context_data(
            row_count=rows.order_by().count(),
            free_rows=FREE_ROWS,
            row_limit=row_limit(self.request.user),
            **kwargs,
        )

    def perform(self, form: Any) -> Export:
        given = form.cleaned_data
        rows = filtered(self.request, given["query"])
        return request_export(
            by=self.request.user,
            now=db_now(),
            rows=rows,
            query=given["query"],
            file_format=given["format"],
            reason=given["reason"],
        )


class ExportDetailView(ScopedDetailView):
    """One export: ready to download, or waiting for its approval."""

    model = Export

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        row = context["row"]
        context["is_mine"] = row.owner_id == self.request.user.pk
        context["is_open"] = row.is_open_at(context["now"])
        context["buttons"] = [
            {
                "verb": step.verb,
                "label": EXPORT_LABELS[step.verb],
                "url": reverse(f"crm:export_{step.verb}", args=[row.pk]),
            }
            for step in context["transitions"]
        ]
        return super().render_to_response(context, **kwargs)


@require_POST
def export_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, written while it is read; only its owner, for a day. A POST, because it is logged."""
    export = get_visible(Export, request.user, pk)
    require(request.user, "crm.view_export", export)
    parts = download(export, by=request.user, rows=filtered(request, export.query), now=db_now())
    return attachment(parts, export.format, f"{export.code}")


def filtered(request: HttpRequest, query: str) -> Any:
    """The customers of a list address, as its page would show them to this reader now."""
    rows = Customer.objects.visible_to(request.user)
    filterset = CustomerFilter(QueryDict(query), queryset=rows, request=request)
    if not filterset.is_valid():
        raise RuleBroken(errors={name: list(found) for name, found in filterset.errors.items()})
    return filterset.qs
