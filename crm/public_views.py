"""What is answered without sign-in: the page on which a customer confirms a visit, and a person's calendar file.

Reading the page records nothing. It names our person, the day and the kind of contact, never what was written.
"""

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import public_tokens
from core.clock import db_now
from core.errors import DomainError, NotFound, RuleBroken
from crm.calendar_file import calendar_file
from crm.choices import VisitStatement
from crm.consents import may_contact
from crm.models import CalendarFeed, VisitConfirmation
from crm.operations import count_calendar_read, state_visit
from crm.operations.consents import unsubscribe
from crm.unsubscribe import read_word


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


@csrf_exempt  # mail programs post by themselves (RFC 8058); the signed word is what proves the request
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def public_unsubscribe(request: HttpRequest, word: str) -> HttpResponse:
    """One question, one tap: no more letters of this kind. Reading changes nothing; an unknown word is 404."""
    found = read_word(word)
    if found is None:
        raise NotFound()
    contact, purpose = found
    if request.method == "POST":
        unsubscribe(now=db_now(), contact=contact, purpose=purpose)
    context = {"purpose": purpose, "is_open": bool(may_contact(contact, purpose, now=db_now()))}
    response = render(request, "public/unsubscribe.html", context)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD"])
def public_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A person's calendar for calendar programs, in the person's language and in what they may see at this moment.

    404 for an unknown or withdrawn word and for a closed account, 429 above the hourly limit, 304 when nothing changed.
    """
    rows = CalendarFeed.objects.visible_to(None).answering().select_related("user")
    feed = rows.filter(token_digest=public_tokens.token_hash(token)).first()
    if feed is None:
        raise NotFound()
    now = db_now()
    count_calendar_read(feed, now=now)
    with translation.override(feed.user.language):
        body = calendar_file(feed.user, now=now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Content-Disposition"] = 'inline; filename="impeller.ics"'
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    answer: Any = get_conditional_response(request, etag=response["ETag"], response=response)
    answer["Cache-Control"] = "private, no-cache"
    return answer  # type: ignore[no-any-return]
