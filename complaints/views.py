"""Complaint pages: the desk, the list, a case, registering one, and the customer's panel."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from complaints import explain, operations
from complaints.emergency import LABELS
from complaints.filters import ComplaintFilter
from complaints.forms import ComplaintForm, ContainForm, InterimForm, StepForm
from complaints.matrix import CELLS, build
from complaints.models import Complaint, EmergencyStep
from core.audit import history
from core.clock import db_now
from core.errors import NotFound
from core.querysets import get_visible
from core.rules import ask, require
from core.timeline import render_entries
from core.views import ScopedCreateView, ScopedDetailView, ScopedFormView, ScopedListView
from crm.models import Customer
from service.models import Ticket

DESK_ROWS = 60
PANEL_ROWS = 20


class ComplaintListView(ScopedListView):
    """Cases, newest first or worst first."""

    model = Complaint
    filterset_class = ComplaintFilter
    orderings = {"-received": ("-received_at", "-id"), "received": ("received_at", "id")}

    def list_rows(self) -> Any:
        return super().list_rows().with_next_due()


class ComplaintDetailView(ScopedDetailView):
    """One case: clocks, ladder, what was found and answered, who may do what next."""

    model = Complaint

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        case, now, user = kwargs["row"], kwargs["now"], self.request.user
        return {
            **context,
            "case": case,
            "clocks": explain.clock_cards(case, now),
            "ladder": explain.ladder_rows(case),
            "reached": explain.rung_number(case.rung),
            "reasons": explain.reasons_of(case),
            "steps_of_plan": plan_rows(case),
            "history": render_entries(history(case).select_related("actor")[:60], user, root=case),
            "may_see_complainant": ask(user, "complaints.view_identity_complaint", case),
            "may_work": ask(user, "complaints.investigate_complaint", case),
        }


def plan_rows(case: Complaint) -> list[dict[str, Any]]:
    """The emergency plan of a case with its words."""
    steps = case.steps.select_related("owner", "done_by")
    return [{"step": step, "label": LABELS[step.code]} for step in steps]


class ComplaintCreateView(ScopedCreateView):
    """登记投诉, prefilled from a customer, a ticket or a project."""

    model = Complaint
    form_class = ComplaintForm
    title = _("Register a complaint")
    submit_label = _("Register")

    def get_initial(self) -> dict[str, Any]:
        ticket = self.request.GET.get("ticket", "")
        if ticket.isdecimal():
            row = Ticket.objects.visible_to(self.request.user).filter(pk=ticket).first()
            if row is not None:
                return {"customer": row.customer_id, "ticket": row.pk, "contact": row.contact_id}
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        chosen = str(context["form"]["customer"].value() or "")
        rows = Customer.objects.visible_to(self.request.user)
        found = rows.filter(pk=chosen).first() if chosen.isdecimal() else None
        query = self.request.GET.get("q", "").strip()
        hits = rows.filter(search_terms__matches=query).order_by("-pk")[:8] if query and found is None else []
        return {**context, "customer": found, "query": query, "hits": hits}

    def perform(self, form: Any) -> Complaint:
        return operations.register_complaint(by=self.request.user, **form.cleaned_data)


class CaseWorkView(ScopedFormView):
    """A note of work on a case that is no change of state; asks the investigator's right."""

    model = Complaint
    template_name = "components/transition_form.html"
    permission = "investigate"

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def detail_rows(self) -> Any:
        return self.rows()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)


class ComplaintContainView(CaseWorkView):
    """围堵: what was done to contain the damage."""

    form_class = ContainForm
    title = _("Record containment")
    submit_label = _("Save")

    def perform(self, form: Any) -> Complaint:
        return operations.record_containment(
            by=self.request.user, now=db_now(), case=self.row, **form.cleaned_data
        )


class ComplaintInformView(CaseWorkView):
    """An interim update to the complainant."""

    form_class = InterimForm
    title = _("Record an interim update")
    submit_label = _("Save")

    def perform(self, form: Any) -> Complaint:
        return operations.record_interim(
            by=self.request.user, now=db_now(), case=self.row, **form.cleaned_data
        )


@require_POST
def step_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick a line of the emergency plan."""
    step = (
        EmergencyStep.objects.visible_to(request.user)
        .select_related("complaint__customer")
        .filter(pk=pk)
        .first()
    )
    if step is None:
        raise NotFound()
    require(request.user, "complaints.investigate_complaint", step.complaint)
    form = StepForm(request.POST, user=request.user)
    form.is_valid()
    operations.finish_step(by=request.user, now=db_now(), step=step, note=form.cleaned_data.get("note", ""))
    return redirect((request.POST.get("back") == "desk" and "complaints:complaint_desk") or step.complaint)


@require_GET
def complaint_desk(request: HttpRequest) -> HttpResponse:
    """投诉监督: departments × clocks, the emergency in hand, and every open case worst first with its ladder."""
    require(request.user, "complaints.view_complaint")
    now = db_now()
    rows = Complaint.objects.visible_to(request.user).open().for_detail()
    filterset = ComplaintFilter(request.GET, queryset=rows, request=request)
    everything = list(rows.worst_first())
    shown = list(filterset.qs.worst_first()[:DESK_ROWS]) if filterset.is_valid() else []
    major = next((case for case in everything if case.severity == "s1"), None)
    lines = build(everything, now)
    context = {
        "now": now,
        "cells": CELLS,
        "lines": lines,
        "totals": {cell.code: sum(len(line.cells[cell.code]) for line in lines) for cell in CELLS},
        "cases": shown,
        "open_count": len(everything),
        "late_count": sum(1 for case in everything if case.next_due_at and case.next_due_at < now),
        "major_count": sum(1 for case in everything if case.severity == "s1"),
        "major": major,
        "plan": plan_rows(major) if major is not None else [],
        "may_tick": major is not None and ask(request.user, "complaints.investigate_complaint", major),
        "filter": filterset,
    }
    htmx = getattr(request, "htmx", None)
    template = "complaints/complaint_desk.html"
    return render(request, f"{template}#table" if htmx and not htmx.boosted else template, context)


@require_GET
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer's cases as the reader may see them."""
    customer = get_visible(Customer, request.user, pk)
    cases = Complaint.objects.visible_to(request.user).filter(customer=customer).for_list()
    context = {"customer": customer, "cases": cases.order_by("-received_at")[:PANEL_ROWS], "now": db_now()}
    return render(request, "complaints/customer_panel.html", context)
