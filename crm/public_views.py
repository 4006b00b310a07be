"""The page without sign-in on which a customer confirms a visit or says that nobody came.

Reading records nothing. The page names our person, the day and the kind of contact, never what was written.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import public_tokens
from core.clock import db_now
from core.errors import DomainError, NotFound, RuleBroken
from crm.choices import VisitStatement
from crm.models import VisitConfirmation
from crm.operations import state_visit


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def public_visit(request: HttpRequest, token: str) -> HttpResponse:
    """One question, two answers; an unknown word in the address is 404."""
    rows = VisitConfirmation.objects.visible_to(None).select_related("activity__author")
    row = rows.filter(token_hash=public_tokens.token_hash(token)).first()
    if row is None:
        raise NotFound()
    said, status = "", 200
    if request.method == "POST":
        try:
            row = _answer(row, request.POST)
            said = _("Thank you. Your answer has arrived.")
        except DomainError as refusal:
            said, status = str(refusal.message), refusal.status
    context = {"row": row, "said": said, "is_open": not row.statement and row.expires_at > db_now()}
    response = render(request, "public/visit.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(row: VisitConfirmation, given: Any) -> VisitConfirmation:
    if given.get("statement") not in VisitStatement.values:
        raise RuleBroken()
    words = str(given.get("words", ""))
    return state_visit(now=db_now(), confirmation=row, statement=given["statement"], words=words)
