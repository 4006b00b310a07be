"""Asking a customer about a visit from the page of its log."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.clock import db_now
from core.errors import DomainError
from core.querysets import get_visible
from core.rules import require
from crm.models import Activity, VisitConfirmation
from crm.operations import ask_about_visit, visit_token


def visit_link(request: HttpRequest, row: VisitConfirmation) -> str:
    """The whole address for the customer."""
    return request.build_absolute_uri(reverse("public_visit", args=[visit_token(row)]))


@require_POST
def confirm_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link; the card then shows it, to be sent by whatever way the customer reads."""
    activity = get_visible(Activity, request.user, pk)
    require(request.user, "crm.confirm_visit_activity", activity)
    context: dict[str, Any] = {"row": activity, "may_ask": True}
    try:
        made = ask_about_visit(by=request.user, now=db_now(), activity=activity)
    except DomainError as refusal:
        return render(
            request, "crm/visit_ask.html", {**context, "refusal": refusal.message}, status=refusal.status
        )
    return render(
        request, "crm/visit_ask.html", {**context, "asked": made, "link": visit_link(request, made)}
    )
