"""Pages of the import: upload, columns, check, progress, result, template."""

from typing import Any, ClassVar
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.clock import db_now
from core.errors import RuleBroken
from core.forms import ReasonForm
from core.keyset import paginate
from core.querysets import get_visible
from core.rules import ask, require
from core.views import ScopedCreateView, ScopedDetailView, ScopedListView, TransitionView
from crm.forms.imports import ColumnsForm, DecideForm, UploadForm, field_choices
from crm.imports.choices import Decision, FileFormat, ImportKind, RowOutcome
from crm.imports.decide import decide_rows
from crm.imports.files import rejected_file, template_file
from crm.imports.intake import same_file_before, take_upload
from crm.imports.report import report_rows
from crm.imports.words import unknown_words
from crm.models import ImportBatch, ImportRow

MEDIA = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SAMPLE_LINES, WORD_LINES = 4, 2000
REPORT_LINES = 50

TRANSITION_FORMS: dict[str, Any] = {"map_columns": ColumnsForm, "send_back": ReasonForm}
TRANSITION_LABELS: dict[str, Any] = {
    "map_columns": gettext_lazy("Assign columns"),
    "dry_run": gettext_lazy("Check the rows"),
    "submit": gettext_lazy("Submit for approval"),
    "approve": gettext_lazy("Approve and import"),
    "send_back": gettext_lazy("Send back"),
    "start": gettext_lazy("Import now"),
    "resume": gettext_lazy("Go on"),
    "cancel": gettext_lazy("Give up this import"),
    "undo": gettext_lazy("Undo the import"),
    "finish_check": gettext_lazy("Finish the check"),
    "finish": pgettext_lazy("import", "Finish"),
    "fail": gettext_lazy("Stop"),
}
# Offered first, and only once: what a person most likely wants in each state.
BUTTON_ORDER = (
    "start",
    "approve",
    "submit",
    "dry_run",
    "resume",
    "map_columns",
    "send_back",
    "undo",
    "cancel",
)


class ImportListView(ScopedListView):
    """Imports one may see, the newest first."""

    model = ImportBatch
    orderings: ClassVar = {"-id": ("-id",)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_add = ask(self.request.user, "crm.add_importbatch")
        return super().get_context_data(can_add=bool(may_add), **kwargs)


class ImportCreateView(ScopedCreateView):
    """Upload a file; the next page assigns its columns."""

    model = ImportBatch
    form_class = UploadForm
    template_name = "crm/import_upload.html"
    title = gettext_lazy("Import a file")
    submit_label = gettext_lazy("Read the file")

    def perform(self, form: Any) -> ImportBatch:
        upload = form.cleaned_data["file"]
        return take_upload(
            by=self.request.user,
            now=db_now(),
            file_name=upload.name,
            content=upload.read(),
            kind=form.cleaned_data["kind"],
        )

    def get_success_url(self, row: ImportBatch) -> str:
        return reverse("crm:importbatch_map_columns", args=[row.pk])


class ImportColumnsView(TransitionView):
    """Say what each column is, with samples of it, then let the worker check every row."""

    model = ImportBatch
    verb = "map_columns"
    form_class = ColumnsForm
    template_name = "crm/import_columns.html"
    title = TRANSITION_LABELS["map_columns"]
    submit_label = TRANSITION_LABELS["dry_run"]

    def get_initial(self) -> dict[str, Any]:
        return {"profile": self.request.GET.get("profile", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = ImportRow.objects.visible_to(self.request.user).filter(batch=self.row).order_by("number")
        samples = [line.cells for line in lines[:WORD_LINES]]
        form = kwargs["form"]
        return super().get_context_data(
            columns=self.columns(samples[:SAMPLE_LINES], form.shown_mapping),
            words=unknown_words(self.row, samples, form.shown_mapping, form.offer, now=db_now()),
            field_choices=field_choices(self.row.kind),
            before=same_file_before(self.row),
            **kwargs,
        )

    def columns(self, samples: list[list[str]], mapping: dict[str, int]) -> list[dict[str, Any]]:
        """Each column of the file: header, samples, and what it is taken for."""
        meant = {column: code for code, column in mapping.items()}
        typed = self.request.POST.getlist("columns")
        width = max([len(self.row.headers), *map(len, samples)], default=0)
        return [
            {
                "number": index + 1,
                "header": self.row.headers[index] if index < len(self.row.headers) else "",
                "samples": [cells[index] for cells in samples if index < len(cells) and cells[index]][:3],
                "chosen": typed[index] if index < len(typed) else meant.get(index, "-"),
            }
            for index in range(width)
        ]

    def perform(self, form: Any) -> ImportBatch:
        mapped = super().perform(form)
        return mapped.dry_run(by=self.request.user)


class ImportDetailView(ScopedDetailView):
    """One import: progress while the worker is at it, then its rows, errors first."""

    model = ImportBatch
    partial = "body"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row: ImportBatch = context["row"]
        outcome = self.outcome(row)
        lines = ImportRow.objects.visible_to(self.request.user).filter(batch=row, outcome=outcome)
        page = paginate(
            lines, ("number",), ordering="number", cursor=self.request.GET.get("cursor"), limit=REPORT_LINES
        )
        context |= {
            "outcome": outcome,
            "can_decide": outcome == RowOutcome.WAITING and self.may_decide(row),
            "decisions": Decision.choices,
            "outcomes": self.outcomes(row),
            "page": page,
            "rows": report_rows(row, page.rows, self.request.user) if row.done else [],
            "list_url": f"{reverse('crm:customer_list')}?import_batch={row.pk}",
        }
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        row, steps = context["row"], {step.verb for step in context["transitions"]}
        context["buttons"] = [
            {
                "verb": verb,
                "label": TRANSITION_LABELS[verb],
                "url": reverse(f"crm:importbatch_{verb}", args=[row.pk]),
            }
            for verb in BUTTON_ORDER
            if verb in steps and not (verb in ("submit", "dry_run") and steps & {"start", "submit"} - {verb})
        ]
        return super().render_to_response(context, **kwargs)

    def may_decide(self, row: ImportBatch) -> bool:
        """Whether this reader may decide about its waiting rows now."""
        return bool(row.finished_at) and bool(ask(self.request.user, "crm.decide_importbatch", row))

    def outcomes(self, row: ImportBatch) -> list[dict[str, Any]]:
        """The chips over the rows: outcome and how many."""
        counts = {
            RowOutcome.REJECTED: row.rejected_rows,
            RowOutcome.WAITING: row.waiting_rows,
            RowOutcome.SKIPPED: row.skipped_rows,
            RowOutcome.UPDATED: row.updated_rows,
            RowOutcome.CREATED: row.created_rows,
        }
        return [
            {"code": code.value, "label": code.label, "count": count}
            for code, count in counts.items()
            if count
        ]

    def outcome(self, row: ImportBatch) -> str:
        """The chosen chip, else the worst there is."""
        chosen = self.request.GET.get("outcome", "")
        known = [one["code"] for one in self.outcomes(row)]
        if chosen and chosen not in RowOutcome.values:
            raise RuleBroken(errors={"outcome": [_("Unknown filter.")]})
        return chosen or next(iter(known), RowOutcome.REJECTED)


@require_GET
def import_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that did not come in, with line number, reason and hint before their own cells."""
    batch = get_visible(ImportBatch, request.user, pk)
    require(request.user, "crm.view_importbatch", batch)
    lines = ImportRow.objects.visible_to(request.user).filter(
        batch=batch, outcome__in=["rejected", "skipped", "waiting"]
    )
    file = rejected_file(batch, lines.order_by("number"), request.user)
    return attachment(file, FileFormat.XLSX, _("%(code)s rows not imported") % {"code": batch.code})


@require_POST
def import_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision for the rows ticked, or for the next thousand."""
    batch = get_visible(ImportBatch, request.user, pk)
    form = DecideForm(request.POST, user=request.user)
    if not form.is_valid():
        raise RuleBroken(errors={name: [str(one) for one in found] for name, found in form.errors.items()})
    tally = decide_rows(by=request.user, now=db_now(), batch=batch, **form.cleaned_data)
    settled = sum(count for name, count in tally.items() if name not in ("waiting_rows", "pooled_rows"))
    messages.success(request, _("%(count)s rows decided.") % {"count": settled})
    return redirect(batch.get_absolute_url())


TEMPLATE_NAMES = {
    ImportKind.CUSTOMERS: gettext_lazy("Customer import template v1"),
    ImportKind.CONTACTS: gettext_lazy("Contact import template v1"),
    ImportKind.ACTIVITIES: gettext_lazy("Contact history import template v1"),
}


@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in, for `?kind=` of file."""
    require(request.user, "crm.add_importbatch")
    kind = request.GET.get("kind") or ImportKind.CUSTOMERS
    if kind not in ImportKind.values:
        raise RuleBroken(errors={"kind": [", ".join(ImportKind.values)]})
    return attachment(template_file(kind), FileFormat.XLSX, str(TEMPLATE_NAMES[ImportKind(kind)]))


def attachment(parts: Any, kind: str, name: str) -> HttpResponse:
    response = StreamingHttpResponse(parts, content_type=MEDIA[FileFormat(kind)])
    return named(response, f"{name}.{kind}")


def named(response: Any, name: str) -> Any:
    """The answer as a file of that name, kept by no cache."""
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
