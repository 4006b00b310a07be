"""Survey pages: answers, figures, invitations with their links, recoveries, questionnaires, panels of other pages."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.audit import history
from core.clock import db_now
from core.errors import NotFound
from core.querysets import get_visible
from core.rules import ask, require
from core.timeline import render_entries
from core.views import ScopedDetailView, ScopedFormView, ScopedListView
from crm.models import Customer
from service.models import Ticket
from surveys import operations, results
from surveys.filters import InvitationFilter, RecoveryFilter, ResponseFilter
from surveys.forms import ComplainForm, QuestionnaireForm
from surveys.models import Invitation, Questionnaire, Recovery, Response

PANEL_ROWS = 20
HISTORY_ROWS = 40


class ResponseListView(ScopedListView):
    """满意度: answers, newest first, with what they add up to above."""

    model = Response
    filterset_class = ResponseFilter
    orderings = {
        "-received": ("-received_at", "-id"),
        "received": ("received_at", "id"),
        "csat": ("csat", "-id"),
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        filterset, user = context["filter"], self.request.user
        rows = filterset.qs if filterset.is_valid() else self.rows().none()
        context["summary"] = results.summarise(rows, Invitation.objects.visible_to(user).went_out())
        context["open_recoveries"] = Recovery.objects.visible_to(user).open().count()
        context["to_hand_over"] = Invitation.objects.visible_to(user).to_hand_over().count()
        context["chips"] = [
            (code, label, context["filter"].form.data.get("group", "") == code)
            for code, label in [("", _("All answers")), *filterset.filters["group"].extra["choices"]]
        ]
        return context


class ResponseDetailView(ScopedDetailView):
    """One customer's answer, and what followed from it."""

    model = Response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row, user = kwargs["row"], self.request.user
        answers = row.answers.select_related("question")
        recovery = Recovery.objects.visible_to(user).filter(response=row).first()
        return {**context, "answers": answers, "recovery": recovery}


@require_GET
def result_overview(request: HttpRequest) -> HttpResponse:
    """满意度汇总: figures with their uncertainty, trend, branches, dimensions; names only to whoever may see them."""
    require(request.user, "surveys.view_aggregate")
    now = db_now()
    rows = Response.objects.visible_to(None).counted_for(request.user)
    named = Response.objects.visible_to(request.user)
    asked = Invitation.objects.visible_to(request.user).went_out()
    months = results.by_month(rows, now)
    context = {
        "now": now,
        "summary": results.summarise(rows, asked if ask(request.user, "surveys.view_invitation") else None),
        "months": months,
        "trend": [
            round(one.mean.value, 3) if one.mean and not one.is_hidden else None for one in months if one.n
        ],
        "branches": results.by_branch(rows, reverse("surveys:response_list")),
        "worst": results.worst_remarks(named),
        "smallest": results.SMALLEST_GROUP,
    }
    return render(request, "surveys/result_overview.html", context)


class InvitationListView(ScopedListView):
    """Who was asked, when, by which way, and who is not asked and why."""

    model = Invitation
    filterset_class = InvitationFilter


class InvitationDetailView(ScopedDetailView):
    """One asking with its link, for whoever may hand it over."""

    model = Invitation

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row, user = kwargs["row"], self.request.user
        may_hand_over = bool(row.is_live and ask(user, "surveys.send_invitation", row))
        entries = history(row).select_related("actor")[:HISTORY_ROWS]
        return {
            **context,
            "link": public_url(row) if may_hand_over else "",
            "response": Response.objects.visible_to(user).filter(invitation=row).first(),
            "history": render_entries(entries, user, root=row),
        }


def public_url(invitation: Invitation) -> str:
    """The customer's link in full."""
    return settings.BASE_URL + reverse("public_survey", args=[invitation.token])


@require_GET
def invitation_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """The link as a QR code, for paper or the screen held out to the customer."""
    row = Invitation.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None or not row.is_live:
        raise NotFound()
    require(request.user, "surveys.send_invitation", row)
    picture = io.BytesIO()
    segno.make(public_url(row), error="m").save(picture, kind="svg", scale=5, border=2, dark="#0b3a46")
    return HttpResponse(
        picture.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"}
    )


class RecoveryListView(ScopedListView):
    """低分补救: who must be called, most urgent first on demand."""

    model = Recovery
    filterset_class = RecoveryFilter
    orderings = {"due": ("due_at", "id"), "-id": ("-id",)}


class RecoveryDetailView(ScopedDetailView):
    """One low answer being made good."""

    model = Recovery

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row, user = kwargs["row"], self.request.user
        entries = history(row).select_related("actor")[:HISTORY_ROWS]
        second = Response.objects.visible_to(user).filter(invitation__recovery=row).first()
        return {
            **context,
            "answers": row.response.answers.select_related("question"),
            "second": second,
            "may_complain": row.complaint_id is None and ask(user, "surveys.complain_recovery", row),
            "history": render_entries(entries, user, root=row),
        }


class RecoveryComplainView(ScopedFormView):
    """转为投诉: a complaint made of a low answer, with the words of the customer filled in."""

    model = Recovery
    template_name = "components/transition_form.html"
    permission = "complain"
    form_class = ComplainForm
    title = gettext_lazy("Treat as a complaint")
    submit_label = gettext_lazy("Register the complaint")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_initial(self) -> dict[str, Any]:
        response = self.row.response
        words = (self.row.call_note, response.remark, operations.scores_in_words(response))
        return {"facts": "\n".join(part for part in words if part)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        return operations.treat_as_complaint(
            by=self.request.user, now=db_now(), recovery=self.row, **form.cleaned_data
        )

    def get_success_url(self, row: Any) -> str:
        """Back to the recovery: whoever manages it may not see the case."""
        return self.row.get_absolute_url()


class QuestionnaireListView(ScopedListView):
    """Editions of the questionnaires."""

    model = Questionnaire
    orderings = {"template": ("template", "-edition", "id")}


class QuestionnaireDetailView(ScopedDetailView):
    """One edition as the customer reads it, in both languages."""

    model = Questionnaire

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row, user = kwargs["row"], self.request.user
        return {
            **context,
            "questions": row.questions.all(),
            "answers": row.responses.count(),
            "may_word": not row.is_frozen and ask(user, "surveys.change_questionnaire", row),
            "may_revise": ask(user, "surveys.add_questionnaire"),
        }


class QuestionnaireUpdateView(ScopedFormView):
    """The words of an edition nobody has answered yet."""

    model = Questionnaire
    permission = "change"
    form_class = QuestionnaireForm
    title = gettext_lazy("Words of the questionnaire")
    submit_label = gettext_lazy("Save")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row}

    def perform(self, form: Any) -> Questionnaire:
        return operations.word_questionnaire(
            by=self.request.user, now=db_now(), questionnaire=self.row, words=form.words()
        )


@require_POST
def questionnaire_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new edition."""
    row = get_visible(Questionnaire, request.user, pk)
    require(request.user, "surveys.add_questionnaire", row)
    return redirect(operations.revise_questionnaire(by=request.user, now=db_now(), questionnaire=row))


@require_GET
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer's answers and open askings, as the reader may see them."""
    customer = get_visible(Customer, request.user, pk)
    rows = Response.objects.visible_to(request.user).filter(customer=customer)
    waiting = Invitation.objects.visible_to(request.user).filter(customer=customer, state="sent")
    context = {
        "customer": customer,
        "rows": rows.for_list().order_by("-received_at")[:PANEL_ROWS],
        "summary": results.summarise(rows),
        "waiting": waiting.for_list()[:PANEL_ROWS],
        "now": db_now(),
    }
    return render(request, "surveys/customer_panel.html", context)


@require_GET
def ticket_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """How the customer was asked about a ticket and what the answer was."""
    ticket = get_visible(Ticket, request.user, pk)
    context = {
        "ticket": ticket,
        "rows": Response.objects.visible_to(request.user).filter(ticket=ticket).for_list(),
        "invitations": Invitation.objects.visible_to(request.user).filter(ticket=ticket).for_list(),
        "now": db_now(),
    }
    return render(request, "surveys/ticket_panel.html", context)
