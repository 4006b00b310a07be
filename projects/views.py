"""Pages of projects: board, list, detail, evidence in place, parties, and the customer's panel."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core.clock import db_now
from core.errors import NotFound
from core.flow import transitions_for
from core.querysets import get_visible
from core.rules import ask, require
from core.views import ScopedCreateView, ScopedDetailView, ScopedFormView, ScopedListView, ScopedUpdateView
from crm.models import Customer
from projects import approvers, evidence, operations
from projects.board import build_board, strip_of
from projects.filters import ProjectFilter
from projects.forms import PartyForm, ProjectForm, ProjectUpdateForm, evidence_form, owners_of
from projects.gates import FIELD, GATES
from projects.models import Project
from projects.records import record_words
from projects.why import WHY

PICK_ROWS = 20

ORDERINGS = {
    "due": ("stage_due_at", "id"),
    "-due": ("-stage_due_at", "-id"),
    "-id": ("-id",),
    "amount": ("amount", "id"),
    "-amount": ("-amount", "-id"),
}

LABELS = {
    "submit_gate": gettext_lazy("Submit gate"),
    "approve_gate": gettext_lazy("Approve gate"),
    "return_gate": gettext_lazy("Return gate"),
    "release_conditionally": gettext_lazy("Release conditionally"),
    "lose": gettext_lazy("Mark as lost"),
    "abandon": gettext_lazy("Abandon"),
    "cancel": gettext_lazy("Cancel the order"),
    "suspend": gettext_lazy("Suspend"),
    "resume": gettext_lazy("Resume"),
}


class ProjectListView(ScopedListView):
    """All visible projects, the most urgent stage first."""

    model = Project
    filterset_class = ProjectFilter
    list_code = "projects.project"
    orderings = ORDERINGS


class ProjectDetailView(ScopedDetailView):
    """One project: where it stands, what its gate still needs and from whom, who takes part, what was said."""

    model = Project

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project, now, user = kwargs["row"], kwargs["now"], self.request.user
        waiting = project.submissions.waiting().select_related("submitted_by").first()
        lines = evidence.checklist(project) if project.is_presale else []
        may_supply = waiting is None and bool(ask(user, "projects.add_gateevidence", project))
        return super().get_context_data(
            strip=strip_of(project, now),
            lines=[self._line(line, may_supply) for line in lines],
            missing=sum(1 for line in lines if line.problem),
            waiting=waiting,
            deciders=self._deciders(project, waiting, now),
            submissions=project.submissions.select_related("submitted_by", "decided_by"),
            parties=project.parties.select_related("customer"),
            stays=project.stages.all(),
            older_evidence=project.evidence.exclude(gate=project.gate)
            .current()
            .select_related("file", "provided_by"),
            may_submit=bool(ask(user, "projects.submit_gate_project", project)),
            may_change=bool(ask(user, "projects.change_project", project)),
            may_log=bool(ask(user, "crm.add_activity", project.customer)),
            why=WHY.get(project.gate),
            log_query=f"customer={project.customer_id}",
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        context["transitions"] = sensible_steps(context["row"], self.request.user)
        return super().render_to_response(context, **kwargs)

    def _line(self, line: evidence.Line, may_supply: bool) -> dict[str, Any]:
        """A checklist line with its form when it can be supplied in place."""
        column = (
            line.item.type == FIELD and line.row is None and evidence.is_column(self.get_row(), line.item)
        )
        typed = line.item.type in ("file", "record", "field")
        form = evidence_form(line.item)(user=self.request.user, prefix=None) if typed and not column else None
        return {"line": line, "form": form if may_supply else None, "column": column, "facts": words_of(line)}

    def get_row(self) -> Any:
        if not hasattr(self, "_row"):
            self._row = self.get_object()
        return self._row

    def _deciders(self, project: Any, waiting: Any, now: Any) -> str:
        if waiting is not None:
            return approvers.names_for(waiting.level, project, without=waiting.submitted_by, now=now)
        if not project.is_presale:
            return ""
        return str(approvers.LABELS[approvers.expected_level(project, now)])


class PicksCustomer:
    """First asks which customer when the address names none: found by name, pinyin or number, one click each."""

    request: HttpRequest
    title: ClassVar[Any]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("customer", "").isdecimal():
            return super().get(request, *args, **kwargs)  # type: ignore[misc]
        self.check()  # type: ignore[attr-defined]
        typed = request.GET.get("search", "").strip()
        rows = Customer.objects.visible_to(request.user)
        rows = rows.matching(typed) if typed else rows.owned_by(request.user)
        rows = rows.for_list().order_by("next_follow_at", "pk")[:PICK_ROWS]
        keep = {name: value for name, value in request.GET.items() if name != "search"}
        context = {"rows": rows, "typed": typed, "title": self.title, "keep": urlencode(keep)}
        template = "projects/customer_pick.html"
        return render(request, f"{template}#pick" if getattr(request, "htmx", None) else template, context)


class ProjectCreateView(PicksCustomer, ScopedCreateView):
    """An inquiry becomes an opportunity; opened from a customer, three fields are enough."""

    model = Project
    form_class = ProjectForm
    title = gettext_lazy("New opportunity")
    submit_label = gettext_lazy("Open opportunity")

    def perform(self, form: Any) -> Any:
        return operations.create_project(by=self.request.user, now=db_now(), **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(party=picked_customer(self.request), **kwargs)


class ProjectUpdateView(ScopedUpdateView):
    """What the project manager may change at any time."""

    model = Project
    form_class = ProjectUpdateForm
    title = gettext_lazy("Edit project")
    submit_label = gettext_lazy("Save")


class EvidenceProvideView(ScopedFormView):
    """Supplying one item of the present gate, in place or on its own page."""

    model = Project
    template_name = "projects/evidence_form.html"
    submit_label = gettext_lazy("Supply")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, "projects.add_gateevidence", self.row)
        try:
            self.item = GATES[self.row.gate].item(self.kwargs["item"])
        except KeyError as error:
            raise NotFound() from error

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return evidence_form(self.item)(data, files, user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["title"] = self.item.label
        return super().get_context_data(row=self.row, item=self.item, **kwargs)

    def perform(self, form: Any) -> Any:
        values = form.cleaned_data
        operations.provide_evidence(
            by=self.request.user,
            now=db_now(),
            project=self.row,
            item=self.item.code,
            upload=values.pop("file", None),
            values={name: str(value) for name, value in values.items() if value is not None},
        )
        messages.success(self.request, _("Supplied: %(item)s") % {"item": self.item.label})
        return self.row


class PartyCreateView(PicksCustomer, ScopedFormView):
    """Naming another company that takes part."""

    model = Project
    form_class = PartyForm
    template_name = "projects/party_form.html"
    title = gettext_lazy("Add a party")
    submit_label = gettext_lazy("Add")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, "projects.change_project", self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, party=picked_customer(self.request), **kwargs)

    def perform(self, form: Any) -> Any:
        operations.name_party(by=self.request.user, now=db_now(), project=self.row, **form.cleaned_data)
        return self.row


def picked_customer(request: HttpRequest) -> Any:
    """The customer a form was opened for, if the user sees it."""
    pk = request.POST.get("customer") or request.GET.get("customer", "")
    return Customer.objects.visible_to(request.user).filter(pk=pk).first() if pk.isdecimal() else None


@require_GET
def project_board(request: HttpRequest) -> HttpResponse:
    """The kanban of opportunities: every column counts and sums what this user sees; `?owner=` narrows it."""
    require(request.user, "projects.view_project")
    now = db_now()
    rows = Project.objects.visible_to(request.user)
    owner = request.GET.get("owner", "")
    if owner.isdecimal():
        rows = rows.filter(owner=int(owner))
    if request.GET.get("overdue"):
        rows = rows.overdue(now)
    columns = build_board(rows, now)
    context = {
        "columns": columns,
        "owners": owners_of(request.user),
        "owner": owner,
        "now": now,
        "open_count": sum(column.count for column in columns[:-1]),
        "open_total": sum(column.total for column in columns[:-1]),
        "weighted": sum(column.weighted for column in columns[:-1]),
        "may_add": bool(ask(request.user, "projects.add_project")),
    }
    return render(request, "projects/project_board.html", context)


@require_GET
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The projects of one customer, as the 360 page shows them."""
    customer = get_visible(Customer, request.user, pk)
    rows = Project.objects.visible_to(request.user).of_customer(pk).for_list().order_by("-id")[:50]
    context = {
        "customer": customer,
        "rows": rows,
        "now": db_now(),
        "may_add": bool(ask(request.user, "projects.add_project")),
        "create_url": f"{reverse('projects:project_create')}?customer={pk}",
    }
    return render(request, "projects/customer_panel.html", context)


def sensible_steps(project: Any, user: Any) -> list[Any]:
    """The steps this user may take that also make sense now: submitting while nothing waits, deciding while it does."""
    waiting = project.is_presale and project.submissions.waiting().exists()
    unfit = {"submit_gate"} if waiting else {"approve_gate", "return_gate"}
    if project.is_presale and not waiting and not evidence.gaps(project):
        unfit.add("release_conditionally")
    steps = [step for step in transitions_for(project, user) if step.verb not in unfit]
    if not project.is_presale:
        return steps
    first = ("approve_gate", "return_gate", "submit_gate")
    return sorted(steps, key=lambda step: first.index(step.verb) if step.verb in first else len(first))


def words_of(line: evidence.Line) -> list[tuple[Any, Any]]:
    """A supplied record as (label, value) pairs in the reader's language."""
    if line.row is None or line.row.kind != "record":
        return []
    return record_words(line.row.item, line.row.values)
