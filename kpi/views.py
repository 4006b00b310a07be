"""Pages of numbers: the comparison, the rows behind one number, and a person's own numbers on My day."""

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.clock import db_now
from core.errors import NotFound
from core.keyset import paginate
from core.rules import require
from kpi.boards import VIEW, build_board, rows_behind, subjects
from kpi.metrics import DEPARTMENT, ENGINEER, METRICS, PM
from kpi.periods import month_named, month_of
from kpi.rows import lines_of
from kpi.words import amount, chart_of, share_words

ROWS_PER_PAGE = 100
KINDS = {PM: _("Project managers"), ENGINEER: _("After-sales engineers"), DEPARTMENT: _("Departments")}


@require_GET
def metric_board(request: HttpRequest) -> HttpResponse:
    """People or departments side by side for one month; every number leads to its rows."""
    require(request.user, VIEW)
    now = db_now()
    period = month_named(request.GET.get("month", ""), now) or month_of(now)
    by = request.GET.get("by", "")
    if by not in KINDS:
        by = next((kind for kind in KINDS if subjects(request.user, kind).exists()), PM)
    ordering = request.GET.get("ordering", "")
    board = build_board(request.user, by, period, now, ordering=ordering, may_be_stale=True)
    charted = METRICS.get(request.GET.get("chart", ""), board.columns[0])
    charted = charted if charted in board.columns else board.columns[0]
    context = {
        "board": board,
        "kinds": KINDS,
        "by": by,
        "ordering": ordering,
        "months": [month_of(now, back=back) for back in range(13)],
        "charted": charted,
        "chart": chart_of(board, charted),
        "now": now,
    }
    return render(request, "kpi/metric_board.html", context)


@require_GET
def metric_rows(request: HttpRequest, code: str) -> HttpResponse:
    """The very rows whose count, share or mean one number is, for this viewer."""
    require(request.user, VIEW)
    now = db_now()
    metric, by = METRICS.get(code), request.GET.get("by", PM)
    period = month_named(request.GET.get("month", ""), now) or month_of(now)
    if metric is None or by not in metric.who:
        raise NotFound()
    subject = _subject(request, by)
    rows = rows_behind(metric, request.user, by, period, subject.pk if subject else None)
    total = rows.count()
    hits = rows.filter(metric.hit).count() if metric.is_share else total
    fields = (f"-{metric.moment}", "-pk")
    score = rows.aggregate(score=Sum(metric.score))["score"] if metric.score else None
    page = paginate(rows, fields, ordering=metric.code, cursor=request.GET.get("cursor"), limit=ROWS_PER_PAGE)
    lines = lines_of(metric, rows.filter(pk__in=[row.pk for row in page.rows]).order_by(*fields))
    context = {
        "metric": metric,
        "subject": subject,
        "period": period,
        "rows": lines,
        "page": page,
        "total": total,
        "hits": hits,
        "value": amount(metric, rows=total, hits=hits, total=score),
        "how": share_words(metric, rows=total, hits=hits),
        "by": by,
        "kind": KINDS[by],
        "now": now,
        "back": f"{reverse('kpi:metric_board')}?by={by}&month={period.code}",
    }
    return render(request, "kpi/metric_rows.html", context)


@require_GET
def my_numbers(request: HttpRequest) -> HttpResponse:
    """The reader's own numbers of this month as a fragment for My day."""
    now = db_now()
    roles = request.user.authority().roles  # type: ignore[union-attr]
    by = PM if "PM" in roles else ENGINEER if "AE" in roles else ""
    cells: list[Any] = []
    if by and request.user.has_perm(VIEW):  # type: ignore[union-attr]
        board = build_board(request.user, by, month_of(now), now, may_be_stale=True)
        cells = next((line.cells for line in board.lines if line.subject.pk == request.user.pk), [])
    return render(
        request, "kpi/my_numbers.html", {"cells": cells, "by": by, "period": month_of(now), "now": now}
    )


def _subject(request: HttpRequest, by: str) -> Any:
    """The person or department named in the address, if the reader may see its numbers; None means all."""
    pk = request.GET.get("subject", "")
    if not pk:
        return None
    found = subjects(request.user, by).filter(pk=pk).first() if pk.isdecimal() else None
    if found is None:
        raise NotFound()
    return found
