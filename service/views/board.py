"""派工台: the queue in law order beside the engineers' day; assign by dragging, by number key or by button."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from core.clock import db_now
from core.errors import NotFound
from core.querysets import get_visible
from core.rules import require
from service import board, desk, explain
from service.faults import SYMPTOMS
from service.forms import DispatchForm
from service.models import IntakeReport, Ticket


@require_GET
def dispatch_board(request: HttpRequest) -> HttpResponse:
    """The whole board; htmx refreshes `#board` every half minute."""
    require(request.user, "service.dispatch_ticket")
    context = board_context(request)
    template = "service/dispatch_board.html"
    return render(request, f"{template}#board" if getattr(request, "htmx", None) else template, context)


@require_GET
def dispatch_pick(request: HttpRequest, pk: int) -> HttpResponse:
    """The suggestions for one ticket of the queue."""
    require(request.user, "service.dispatch_ticket")
    context = board_context(request, chosen=pk)
    if context["chosen"] is None:
        raise NotFound()
    return render(request, "service/dispatch_board.html#pick", context)


@require_http_methods(["POST"])
def dispatch_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a ticket to an engineer from the board; answers with the fresh board."""
    ticket = get_visible(Ticket, request.user, pk)
    require(request.user, "service.dispatch_ticket", ticket)
    form = DispatchForm(request.POST, user=request.user, row=ticket)
    if form.is_valid():
        arguments = dict(form.cleaned_data)
        ticket.dispatch(by=request.user, version=arguments.pop("version", None), **arguments)
    context = board_context(request)
    template = "service/dispatch_board.html"
    return render(request, f"{template}#board" if getattr(request, "htmx", None) else template, context)


def board_context(request: HttpRequest, chosen: int | None = None) -> dict[str, Any]:
    """Everything the board shows of one day."""
    now = db_now()
    today = timezone.localtime(now).date()
    day = parse_date(request.GET.get("day", "")) or today
    rows = Ticket.objects.visible_to(request.user).live()
    waiting = board.queue(rows, now)
    people: list[User] = desk.engineers(now)
    day_lanes = board.lanes(people, rows, day, now)
    wanted = chosen or _number(request.GET.get("ticket"))
    picked = next((one for one in waiting if one.ticket.pk == wanted), waiting[0] if waiting else None)
    if chosen is not None and (picked is None or picked.ticket.pk != chosen):
        picked = None
    return {
        "now": now,
        "day": day,
        "is_today": day == today,
        "yesterday": day - timedelta(days=1),
        "tomorrow": day + timedelta(days=1),
        "queue": [_queue_line(one, now) for one in waiting],
        "lanes": day_lanes,
        "hours": range(board.FIRST_HOUR, board.LAST_HOUR),
        "now_quarter": _quarter(now, day),
        "figures": board.figures(rows, now),
        "intake": IntakeReport.objects.visible_to(request.user).waiting().count(),
        "chosen": picked,
        "chosen_ticket": Ticket.objects.visible_to(request.user)
        .for_detail()
        .filter(pk=picked.ticket.pk)
        .first()
        if picked
        else None,
        "picks": _picks(picked, day_lanes),
        "symptom": SYMPTOMS.get(picked.ticket.symptom) if picked else None,
        "board_url": reverse("service:dispatch_board"),
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _quarter(now: datetime, day: date) -> int | None:
    """Which quarter of the shown day it is now; None outside it."""
    opens, closes = board.day_bounds(day)
    return int((now - opens) / board.QUARTER) if opens <= now < closes else None


def _queue_line(waiting: board.Waiting, now: datetime) -> dict[str, Any]:
    words, tone = explain.clock_words(waiting.clock, now) if waiting.clock else ("", "")
    clock = waiting.clock.get_kind_display() if waiting.clock else ""
    pump = waiting.pumps[0] if waiting.pumps else None
    return {
        "waiting": waiting,
        "ticket": waiting.ticket,
        "pump": pump,
        "clock": clock,
        "words": words,
        "tone": tone,
    }


def _picks(picked: board.Waiting | None, day_lanes: list[board.Lane]) -> list[dict[str, Any]]:
    if picked is None:
        return []
    return [
        {
            "lane": lane,
            "score": one.score,
            "reasons": explain.suggestion_reasons(one.reasons),
            "key": number if number <= 7 else None,
        }
        for number, (lane, one) in enumerate(board.suggestions(picked.ticket, day_lanes), start=1)
    ]
