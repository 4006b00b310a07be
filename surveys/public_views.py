"""The survey page without sign-in: reading records nothing, only a POST by the customer's click answers or complains."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import public_tokens
from core.clock import db_now
from core.errors import DomainError, NotFound, RuleBroken
from core.idempotency import FIELD, once
from surveys import operations
from surveys.desk import LinkClosed
from surveys.forms import AnswerForm
from surveys.models import Invitation, Response

WORDS_LIMIT = 2000


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def public_survey(request: HttpRequest, token: str) -> HttpResponse:
    """One page: the questions, then thanks. Unknown and malformed words 404 alike, ended links 410.

    An answer sent again finds the first one unchanged. Whoever tries many words, or answers without end, gets 429
    by the real network address.
    """
    peer, now = request.META.get("REMOTE_ADDR", ""), db_now()
    rows = Invitation.objects.visible_to(None).for_detail()
    invitation = rows.filter(token_digest=public_tokens.token_hash(token)).first()
    if invitation is None:
        operations.count_visit(peer=peer, now=now, wrong=True)
        raise NotFound()
    response = Response.objects.visible_to(None).filter(invitation=invitation).for_detail().first()
    if request.method == "POST":
        operations.count_visit(peer=peer, now=now, wrong=False)
        if response is not None:
            return _after(request, invitation, response)
        return _take(request, invitation)
    if response is not None:
        return _thanks(request, invitation, response, again=True)
    if not invitation.is_open_at(now):
        return _closed(request)
    return _page(
        request,
        "survey.html",
        {**_form_context(invitation, AnswerForm(row=invitation)), "key": uuid.uuid4().hex},
    )


def _take(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Keep the answer, or show the form again with everything typed."""
    form = AnswerForm(request.POST, row=invitation)
    key = request.POST.get(FIELD, "")[:80]
    context = {**_form_context(invitation, form), "key": key}
    if not form.is_valid():
        return _page(request, "survey.html", context, status=400)
    try:
        once(
            key,
            user=None,
            route=request.path,
            body=request.POST.dict(),
            run=lambda: {"pk": _answer(invitation, form)},
        )
    except LinkClosed:
        return _closed(request)
    except RuleBroken as refusal:
        form.add_refusal(refusal)
        return _page(request, "survey.html", context, status=400)
    except DomainError as refusal:
        response = Response.objects.visible_to(None).filter(invitation=invitation).first()
        if response is None:
            return _page(
                request, "survey.html", {**context, "refusal": refusal.message}, status=refusal.status
            )
        return _thanks(request, invitation, response, again=True)
    response = Response.objects.visible_to(None).for_detail().get(invitation=invitation)
    return _thanks(request, invitation, response, again=False)


def _answer(invitation: Invitation, form: Any) -> int:
    given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    return invitation.answer(by=None, now=db_now(), language=get_language() or "", **given).pk


def _after(request: HttpRequest, invitation: Invitation, response: Response) -> HttpResponse:
    """A click after answering: make it a complaint, or the same answer sent once more."""
    if request.POST.get("verb") != "complain":
        return _thanks(request, invitation, response, again=True)
    words = request.POST.get("words", "")[:WORDS_LIMIT]
    if not invitation_may_complain(invitation):
        return _closed(request)
    operations.complain_from_answer(now=db_now(), response=response, words=words)
    return _thanks(request, invitation, response, again=False)


def invitation_may_complain(invitation: Invitation) -> bool:
    """Within the life of the link the customer may still make it a complaint."""
    return db_now() <= invitation.expires_at


def _thanks(request: HttpRequest, invitation: Invitation, response: Response, *, again: bool) -> HttpResponse:
    recovery = getattr(response, "recovery", None)
    context = {
        "invitation": invitation,
        "ticket": invitation.ticket,
        "again": again,
        "recovery": recovery,
        "complaint": recovery.complaint if recovery is not None else None,
        "may_complain": recovery is not None and invitation_may_complain(invitation),
    }
    return _page(request, "survey_done.html", context)


def _closed(request: HttpRequest) -> HttpResponse:
    return _page(request, "survey_closed.html", {}, status=LinkClosed.status)


def _form_context(invitation: Invitation, form: Any) -> dict[str, Any]:
    questions = list(invitation.questionnaire.questions.all())
    return {
        "invitation": invitation,
        "ticket": invitation.ticket,
        "questionnaire": invitation.questionnaire,
        "form": form,
        "first": [(one, form[one.code]) for one in questions[:1]],
        "others": [(one, form[one.code]) for one in questions[1:]],
        "ends": {"scale7": (_("very hard"), _("very easy")), "nps": (_("not at all"), _("certainly"))},
        "words5": [_("very poor"), _("poor"), _("fair"), _("good"), _("very good")],
    }


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A public page: never kept by anybody, never named to other sites or search engines.

    Browsers then post its forms with a null origin; `config.middleware.HiddenOriginMiddleware` knows them as ours.
    """
    response = render(request, f"public/{template}", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
