"""Pages of the exports: asking for a list, its log, approval, password and file."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from core.clock import db_now
from core.errors import DomainError
from core.forms import ReasonForm
from core.querysets import get_visible
from core.views import ScopedCreateView, ScopedDetailView, ScopedListView
from crm.exports.asking import FREE_ROWS, must_be_approved, request_export, row_limit
from crm.exports.choices import ExportResource
from crm.exports.fetching import ENDINGS, download, reveal_password
from crm.exports.tables import filter_words, only_asks, rows_for, table_of
from crm.forms.exports import ExportForm
from crm.imports.choices import FileFormat
from crm.models import Export
from crm.views.imports import named

EXPORT_FORMS: dict[str, Any] = {"refuse": ReasonForm}
EXPORT_LABELS: dict[str, Any] = {
    "approve": gettext_lazy("Approve"),
    "refuse": gettext_lazy("Refuse"),
    "withdraw": pgettext_lazy("export", "Withdraw"),
    "retry": gettext_lazy("Try again"),
    "finish": pgettext_lazy("export", "Finish"),
    "fail": gettext_lazy("Stop"),
    "expire": pgettext_lazy("export", "Expire"),
}
TITLES = {
    ExportResource.CUSTOMERS: gettext_lazy("Export customers"),
    ExportResource.CONTACTS: gettext_lazy("Export contacts"),
    ExportResource.ACTIVITIES: gettext_lazy("Export contact logs"),
}
LISTS = {
    ExportResource.CUSTOMERS: "crm:customer_list",
    ExportResource.CONTACTS: "crm:contact_list",
    ExportResource.ACTIVITIES: "crm:activity_list",
}


class ExportListView(ScopedListView):
    """Who took which list out, and why."""

    model = Export
    orderings: ClassVar = {"-id": ("-id",)}


class ExportCreateView(ScopedCreateView):
    """Ask for the list one has just filtered."""

    model = Export
    form_class = ExportForm
    template_name = "crm/export_form.html"
    submit_label = gettext_lazy("Go on")

    def check(self) -> None:
        super().check()
        self.table = table_of(self.said("resource") or ExportResource.CUSTOMERS)
        self.asks = only_asks(self.table, self.request.user)

    def said(self, name: str) -> str:
        """A word of the form as sent, else of the address."""
        return (self.request.POST if self.request.method == "POST" else self.request.GET).get(name, "")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"initial": self.get_initial()}

    def get_initial(self) -> dict[str, Any]:
        """The filters of the list one came from, or the whole wish of an earlier export."""
        given = self.request.GET
        again = {name: given[name] for name in ("query", "reason", "format") if given.get(name)}
        filters = QueryDict(mutable=True)
        for name in self.table.filterset.base_filters:
            filters.setlist(name, given.getlist(name))
        return {"query": filters.urlencode(), **again, "resource": self.table.resource}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, user = kwargs["form"], self.request.user
        query = form.data.get("query", "") if form.is_bound else form.initial["query"]
        count = rows_for(self.table, query, user, unmasked=False).order_by().count()
        kwargs["title"] = TITLES[ExportResource(self.table.resource)]
        return super().get_context_data(
            row_count=count,
            asks=self.asks,
            waits=must_be_approved(self.table, user, rows=count, unmasked=False),
            free_rows=FREE_ROWS,
            row_limit=row_limit(user),
            filters=filter_words(self.table, query, user),
            list_url=reverse(LISTS[ExportResource(self.table.resource)]),
            **kwargs,
        )

    def perform(self, form: Any) -> Export:
        given = dict(form.cleaned_data)
        file_format = given.pop("format")
        return request_export(by=self.request.user, now=db_now(), file_format=file_format, **given)


class ExportDetailView(ScopedDetailView):
    """One export: waiting for its approval, being written, ready to download, or ended."""

    model = Export
    partial = "body"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | of_export(kwargs["row"], self.request.user)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        row = context["row"]
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


def of_export(row: Export, user: Any) -> dict[str, Any]:
    """What a person must see of an export to judge it: its columns, its filter in words, whether it is theirs."""
    table = table_of(row.resource)
    try:
        filters = filter_words(table, row.query, row.owner)
    except DomainError:  # a filter of then that makes no sense today
        filters = []
    again = {"resource": row.resource, "query": row.query, "format": row.format, "reason": row.reason}
    return {
        "columns": table.chosen(row.columns),
        "filters": filters,
        "is_mine": row.owner_id == user.pk,
        "again_url": f"{reverse('crm:export_create')}?{urlencode(again)}",
    }


@require_POST
def export_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The password of the file, shown once."""
    export = get_visible(Export, request.user, pk)
    password = reveal_password(export, by=request.user, now=db_now())
    response = render(request, "crm/export_password.html", {"row": export, "password": password})
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def export_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself; only its owner, for a day. A POST, because it is logged."""
    return file_of(get_visible(Export, request.user, pk), request.user)


def file_of(export: Export, user: Any) -> HttpResponse:
    """The file as an answer to its owner."""
    parts = download(export, by=user, now=db_now())
    response = StreamingHttpResponse(parts, content_type="application/octet-stream")
    return named(response, f"{export.code}.{ENDINGS[FileFormat(export.format)]}")
