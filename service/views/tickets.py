"""Ticket pages: list, detail, registration with its look-ahead, the engineer's finish, the customer's panel."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.audit import history
from core.clock import db_now
from core.flow import transitions_for
from core.kept import Kept, KeptRows
from core.querysets import get_visible
from core.rules import require
from core.timeline import render_entries
from core.views import ScopedCreateView, ScopedDetailView, ScopedListView, ScopedUpdateView, opening_of
from crm.models import Contact, Customer
from service import explain, operations
from service.faults import SYMPTOMS
from service.filters import GROUP_STATES, TicketFilter, count_groups, group_rows
from service.forms import ServiceReportForm, TicketChangeForm, TicketForm
from service.models import Pump, Ticket

CALLER_HITS = 6


TABLE = KeptRows(lambda user: Ticket.objects.visible_to(user).for_table())


TICKET_ORDERINGS = {
    "queue": ("priority", "tier_rank", "response_due_at", "id"),
    "-received": ("-received_at", "-id"),
    "received": ("received_at", "id"),
    "resolve": ("resolve_due_at", "id"),
    "-id": ("-id",),
}


def _opening(group: str) -> Kept:
    """The first page of one work situation."""
    return opening_of(lambda user: group_rows(TABLE.rows(user).live(), group, user, None), TICKET_ORDERINGS)


OPENINGS = {group: _opening(group) for group in GROUP_STATES}


class TicketListView(ScopedListView):
    """Tickets in queue order, with who has them and what is due next."""

    model = Ticket
    filterset_class = TicketFilter
    list_code = "service.ticket"
    orderings = TICKET_ORDERINGS

    def opening(self) -> Any:
        asked = self.request.GET
        return OPENINGS.get(asked["group"]) if [*asked] == ["group"] else None

    def list_rows(self) -> Any:
        return TABLE.rows(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # Counted when the page asks; a reply that brings only the table never does.
        context["groups"] = partial(self.groups, context["now"])
        context["clocks"] = explain.next_clocks(context["rows"], context["now"])
        return context

    def groups(self, now: datetime) -> list[dict[str, Any]]:
        """The work situations with how many tickets stand in each."""
        labels = dict(self.filterset_class.base_filters["group"].extra["choices"])
        counts = count_groups(self.request.user, now)
        return [{"code": code, "label": labels[code], "count": count} for code, count in counts.items()]


class TicketDetailView(ScopedDetailView):
    """One ticket: promises and how they stand, why this priority, people, waits, reports, thread."""

    model = Ticket

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        ticket, now, user = kwargs["row"], kwargs["now"], cast(Any, self.request.user)
        steps = transitions_for(ticket, user)
        verbs = {step.verb for step in steps}
        return {
            **context,
            "clocks": explain.clock_cards(ticket, now),
            "old_clocks": explain.earlier_clocks(ticket),
            "reasons": explain.priority_reasons(ticket.priority_reasons),
            "pauses": ticket.pauses.select_related("by"),
            "pumps": ticket.pumps.select_related("site"),
            "assignments": ticket.assignments.select_related("engineer", "by").order_by("-offered_at"),
            "reports": ticket.reports.select_related("engineer"),
            "call_backs": ticket.call_backs.select_related("by"),
            "history": render_entries(history(ticket).select_related("actor")[:60], user, root=ticket),
            "events": ticket.events.select_related("agent") if ticket.historical else (),
            "can_finish": "resolve" in verbs,
            "can_report": ticket.lacks_report and ticket.engineer_id in user.authority().principals,
            "tracking_url": self.request.build_absolute_uri(
                reverse("public_ticket", args=[operations.tracking_token(ticket)])
            )
            if not ticket.historical
            else "",
            "symptom": SYMPTOMS.get(ticket.symptom),
            "next_step": next((step for step in steps if step.verb in ("take", "travel", "arrive")), None),
        }


class TicketCreateView(ScopedCreateView):
    """来电登记: a number typed finds customer, contact, pumps and open tickets; promises show before saving."""

    model = Ticket
    form_class = TicketForm
    title = _("Register a call")
    submit_label = _("Register")

    def get_initial(self) -> dict[str, Any]:
        pump = self.request.GET.get("pump", "")
        if pump.isdecimal():
            row = Pump.objects.visible_to(self.request.user).filter(pk=pump).first()
            if row is not None:
                return {"customer": row.customer_id, "pumps": [row.pk]}
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        chosen = form["customer"].value()
        found = caller_context(self.request.user, self.request.GET.get("q", ""), str(chosen or ""))
        picked = form["pumps"].value() or []
        return {**context, **found, "picked_pumps": [int(pk) for pk in picked if str(pk).isdecimal()]}

    def perform(self, form: TicketForm) -> Ticket:
        return operations.register_ticket(by=self.request.user, **form.cleaned_data)


class TicketUpdateView(ScopedUpdateView):
    """Corrections to words, symptom, contact, agreed day and difficulty."""

    model = Ticket
    form_class = TicketChangeForm
    title = _("Correct the ticket")


class TicketFinishView(ScopedCreateView):
    """The engineer's report by taps; on an open ticket it also resolves, with a signature it also confirms."""

    model = Ticket
    role = "finish"
    form_class = ServiceReportForm
    title = _("Service report")
    submit_label = _("Hand in the report")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, "service.add_servicereport", self.row)
        if self.row.is_being_worked_on:
            require(self.request.user, "service.resolve_ticket", self.row)

    def get_initial(self) -> dict[str, Any]:
        return {"symptom": self.row.symptom}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        symptom = SYMPTOMS.get(self.row.symptom)
        resolving = self.row.is_being_worked_on
        return super().get_context_data(row=self.row, symptom=symptom, resolving=resolving, **kwargs)

    def perform(self, form: ServiceReportForm) -> Ticket:
        step = operations.finish_work if self.row.is_being_worked_on else operations.write_report
        step(
            by=self.request.user,
            ticket=self.row,
            photos=form.cleaned_data["photos"],
            signature=form.cleaned_data["signature"],
            columns=form.columns(),
        )
        return self.row


# --- fragments --------------------------------------------------------------------------------------------------------


@require_GET
def ticket_caller(request: HttpRequest) -> HttpResponse:
    """Who is calling: customers, contacts, pumps and open tickets found by a number, a name or a serial."""
    require(request.user, "service.add_ticket")
    context = caller_context(request.user, request.GET.get("q", ""), request.GET.get("customer", ""))
    response = render(request, "service/ticket_form.html#caller", context)
    response["HX-Trigger"] = "caller-found"
    return response


def caller_context(user: Any, typed: str, chosen: str) -> dict[str, Any]:
    """Customers that fit what was typed; the only one, or the chosen one, with people, pumps, open tickets."""
    typed = typed.strip()
    rows = Customer.objects.visible_to(user).select_related("owner", "branch")
    pump_ids: list[int] = []
    if chosen.isdecimal():
        found = list(rows.filter(pk=chosen))
    elif typed:
        found = list(rows.matching(typed).order_by("name")[:CALLER_HITS])
        serials = Pump.objects.visible_to(user).filter(search_terms__matches=typed)[:CALLER_HITS]
        pumps = {pump.pk: pump.customer_id for pump in serials}
        known = {row.pk for row in found}
        found += list(rows.filter(pk__in=set(pumps.values()) - known))
        pump_ids = list(pumps) if len(pumps) == 1 else []
    else:
        found = []
    customer = found[0] if len(found) == 1 else None
    context: dict[str, Any] = {"found": found, "chosen": customer, "typed": typed, "picked_pumps": pump_ids}
    if customer is not None:
        people = Contact.objects.visible_to(user).filter(customer=customer)
        callers = set(people.matching(typed).values_list("pk", flat=True)) if typed else set()
        context["contacts"] = list(people.here().order_by("-is_primary", "pk")[:12])
        context["caller"] = next((one for one in context["contacts"] if one.pk in callers), None) or next(
            iter(context["contacts"]), None
        )
        context["pumps"] = list(
            Pump.objects.visible_to(user)
            .filter(customer=customer)
            .select_related("site")
            .order_by("-id")[:40]
        )
        context["open_tickets"] = list(
            Ticket.objects.visible_to(user).filter(customer=customer).open().in_queue_order()[:8]
        )
    return context


@require_GET
def ticket_preview(request: HttpRequest) -> HttpResponse:
    """Priority and due times with their reasons, before anything is saved."""
    require(request.user, "service.add_ticket")
    form = TicketForm(request.GET, user=request.user)
    if not form.is_valid():
        return render(request, "service/ticket_form.html#preview", {"preview": None})
    given = form.cleaned_data
    preview = operations.preview_ticket(
        now=db_now(),
        customer=given["customer"],
        pumps=given["pumps"],
        type=given["type"],
        impact=given["impact"],
        safety_flag=given["safety_flag"],
        symptom=given["symptom"],
        site=given["site"],
        planned_on=given["planned_on"],
    )
    return render(
        request,
        "service/ticket_form.html#preview",
        {
            "preview": preview,
            "reasons": explain.priority_reasons(preview.decision.reasons),
            "promises": explain.promises(preview.dues),
        },
    )


@require_GET
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer's pumps and tickets as a fragment of the customer's page."""
    customer = get_visible(Customer, request.user, pk)
    now = db_now()
    tickets = Ticket.objects.visible_to(request.user).filter(customer=customer)
    rows = list(tickets.select_related("engineer").order_by("historical", "-id")[:30])
    context = {
        "customer": customer,
        "tickets": rows,
        "active": [row for row in rows if row.is_active],
        "clocks": explain.next_clocks(rows, now),
        "pumps": Pump.objects.visible_to(request.user).filter(customer=customer).select_related("site")[:50],
        "now": now,
    }
    return render(request, "service/customer_panel.html", context)
