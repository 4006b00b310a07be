"""Pages without sign-in: report a fault under a pump's code, follow a ticket and say whether it works.

Reading records nothing; only a POST acts. No page names a customer, a phone number or another ticket.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import public_tokens
from core.clock import db_now
from core.errors import DomainError, NotFound, RuleBroken
from core.idempotency import FIELD, once
from service import explain, operations
from service.choices import ConfirmMethod
from service.forms import PublicReportForm
from service.models import IntakeReport, Pump, Ticket


def answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A public page: never kept by anybody, never named to other sites or search engines.

    The address stays within our own site; with no referrer at all browsers send a null origin, and forms are refused.
    """
    response = render(request, f"public/{template}", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def public_pump(request: HttpRequest, token: str) -> HttpResponse:
    """The pump's nameplate and the fault form; an unknown or revoked code is 404."""
    pump = Pump.objects.visible_to(None).filter(public_digest=public_tokens.token_hash(token)).first()
    if pump is None:
        raise NotFound()
    if request.method != "POST":
        form = PublicReportForm()
        return answer(request, "pump.html", {"pump": pump, "form": form, "key": uuid.uuid4().hex})
    form = PublicReportForm(request.POST)
    key = request.POST.get(FIELD, "")
    if not form.is_valid():
        return answer(request, "pump.html", {"pump": pump, "form": form, "key": key}, status=400)
    try:
        receipt, _repeat = once(
            key,
            user=None,
            route=request.path,
            body=request.POST.dict(),
            run=lambda: {"token": _receive(request, pump, form)},
        )
    except DomainError as refusal:
        context = {"pump": pump, "form": form, "key": key, "refusal": refusal.message}
        return answer(request, "pump.html", context, status=refusal.status)
    return HttpResponseRedirect(reverse("public_ticket", args=[receipt["token"]]))


def _receive(request: HttpRequest, pump: Pump, form: PublicReportForm) -> str:
    peer = request.META.get("REMOTE_ADDR", "")
    report = operations.receive_report(now=db_now(), pump=pump, peer=peer, **form.cleaned_data)
    return operations.intake_token(report)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def public_ticket(request: HttpRequest, token: str) -> HttpResponse:
    """How far a report or ticket is; when it is resolved the customer confirms, or says the fault is back."""
    digest = public_tokens.token_hash(token)
    report = IntakeReport.objects.visible_to(None).filter(tracking_digest=digest).first()
    ticket = Ticket.objects.visible_to(None).filter(tracking_digest=digest).first()
    ticket = ticket or (report.ticket if report else None)
    if ticket is None and report is None:
        raise NotFound()
    said, status = "", 200
    if request.method == "POST" and ticket is not None:
        try:
            said = _act(ticket, request.POST)
            ticket = Ticket.objects.visible_to(None).get(pk=ticket.pk)
        except DomainError as refusal:
            said, status = str(refusal.message), refusal.status
    return answer(request, "ticket.html", _tracking(ticket, report, said), status=status)


def _act(ticket: Ticket, given: Any) -> str:
    """Carry out the customer's click; a click repeated after success changes nothing."""
    now = db_now()
    if given.get("verb") == "confirm":
        if ticket.is_confirmed:
            return _("We have your confirmation already. Thank you.")
        ticket.confirm(by=None, now=now, method=ConfirmMethod.LINK)
        return _("Thank you. Your confirmation has arrived.")
    if given.get("verb") == "reopen":
        reason = str(given.get("reason", "")).strip()[:1000]
        if not reason:
            raise RuleBroken(_("Please say what is still wrong."))
        ticket.reopen(by=None, now=now, reason=reason)
        return _("Thank you. We have taken the ticket up again.")
    raise RuleBroken()


def _tracking(ticket: Ticket | None, report: IntakeReport | None, said: str) -> dict[str, Any]:
    now = db_now()
    if ticket is None:
        refused = report is not None and report.is_refused
        return {"report": report, "refused": refused, "reached": 0, "said": said, "now": now}
    return {
        "ticket": ticket,
        "pump": ticket.pumps.first(),
        "reached": ticket.stretch,
        "cancelled": ticket.is_cancelled,
        "clocks": [card for card in explain.clock_cards(ticket, now) if card.running or card.stopped_at],
        "pauses": ticket.pauses.filter(run=ticket.run),
        "may_confirm": ticket.awaits_confirmation,
        "may_reopen": ticket.may_come_back,
        "said": said,
        "now": now,
    }
