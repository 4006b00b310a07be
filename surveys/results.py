"""What visible answers add up to: the figures above a list and the overview, each with its uncertainty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from surveys import statistics
from surveys.choices import QuestionCode
from surveys.models import Answer, Invitation, Response
from surveys.scoring import DIMENSIONS
from surveys.statistics import Mean, Share

SMALLEST_GROUP = 3
"""Fewer answers than this are not shown to somebody who may only see sums (§6.5)."""
MONTHS_SHOWN = 13
WORST_SHOWN = 5
WORST_UP_TO = 3


@dataclass(frozen=True)
class Dimension:
    """One question's scores: mean with interval, top and bottom shares."""

    code: str
    label: Any
    mean: Mean
    top: Share
    bottom: Share

    @property
    def percent(self) -> float:
        """The mean on the way from 1 to 5, for a bar."""
        return (self.mean.value - 1) / 4 * 100


@dataclass(frozen=True)
class Summary:
    """The figures of a set of answers; parts are None where nobody answered."""

    answers: int
    csat: Share | None
    overall: Mean | None
    effort: Mean | None
    solved: Share | None
    csi: float | None
    nps: tuple[float, tuple[float, float]] | None
    rate: Share | None
    low: int
    dimensions: list[Dimension]
    alpha: float | None
    alpha_rows: int

    @property
    def is_reliable(self) -> bool:
        """Enough complete answers for Cronbach's alpha to be shown."""
        return self.alpha_rows >= statistics.ALPHA_NEEDS


def summarise(rows: QuerySet[Response], invitations: QuerySet[Invitation] | None = None) -> Summary:
    """Figures of these answers; with the invitations that went out also the response rate."""
    values = list(rows.order_by().values_list("csat", "ces", "nps", "fixed", "low_reasons"))
    overall = [row[0] for row in values if row[0] is not None]
    fixed = [row[3] for row in values if row[3]]
    dimensions, complete = _dimensions(rows)
    asked = invitations.count() if invitations is not None else 0
    answered = invitations.filter(state="answered").count() if invitations is not None else 0
    return Summary(
        answers=len(values),
        csat=statistics.csat(overall),
        overall=statistics.mean(overall),
        effort=statistics.mean([row[1] for row in values if row[1] is not None]),
        solved=statistics.share(sum(value == "yes" for value in fixed), len(fixed)),
        csi=statistics.csi({one.code: one.mean.value for one in dimensions if one.code in DIMENSIONS}),
        nps=statistics.nps([row[2] for row in values if row[2] is not None]),
        rate=statistics.share(answered, asked),
        low=sum(1 for row in values if row[4]),
        dimensions=dimensions,
        alpha=statistics.cronbach_alpha(complete) if len(complete) > 1 else None,
        alpha_rows=len(complete),
    )


def _dimensions(rows: QuerySet[Response]) -> tuple[list[Dimension], list[list[int]]]:
    """Scores per question on a 1–5 scale, and the complete rows of the dimensions for reliability."""
    found = Answer.objects.filter(response__in=rows.order_by().values("pk"), question__kind="scale5")
    by_code: dict[str, list[int]] = defaultdict(list)
    by_response: dict[int, dict[str, int]] = defaultdict(dict)
    for response, code, number in found.values_list("response_id", "code", "number"):
        by_code[code].append(number)
        by_response[response][code] = number
    dimensions = []
    for code in QuestionCode.values:
        scores = by_code.get(code, [])
        average, top, bottom = statistics.mean(scores), statistics.csat(scores), statistics.bottom_two(scores)
        if average is not None and top is not None and bottom is not None:
            dimensions.append(Dimension(code, QuestionCode(code).label, average, top, bottom))
    items = [one.code for one in dimensions if one.code in DIMENSIONS]
    complete = [
        [row[code] for code in items]
        for row in by_response.values()
        if items and all(c in row for c in items)
    ]
    return dimensions, complete


@dataclass(frozen=True)
class Group:
    """The answers of one month or branch; hidden when too few to be shown."""

    label: str
    n: int
    csat: Share | None
    mean: Mean | None
    url: str = ""

    @property
    def is_hidden(self) -> bool:
        return 0 < self.n < SMALLEST_GROUP


def group_scores(label: str, scores: Sequence[int], url: str = "") -> Group:
    """One line of a table of groups."""
    return Group(label, len(scores), statistics.csat(scores), statistics.mean(scores), url)


def by_month(rows: QuerySet[Response], now: datetime) -> list[Group]:
    """The last thirteen months by local time, oldest first, months without answers included."""
    found: dict[str, list[int]] = defaultdict(list)
    for received_at, score in rows.order_by().filter(csat__isnull=False).values_list("received_at", "csat"):
        found[f"{timezone.localtime(received_at):%Y-%m}"].append(score)
    return [group_scores(month, found.get(month, [])) for month in last_months(now)]


def last_months(now: datetime) -> list[str]:
    """The codes (2026-11) of the last thirteen local months, oldest first."""
    local = timezone.localtime(now)
    index = local.year * 12 + local.month - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(index - MONTHS_SHOWN + 1, index + 1)]


def by_branch(rows: QuerySet[Response], url: str) -> list[Group]:
    """One line per branch with answers; `url` opens the list, the branch is added to it."""
    found: dict[Any, list[int]] = defaultdict(list)
    for row in rows.filter(csat__isnull=False).select_related("branch"):
        found[row.branch].append(row.csat)
    return [
        group_scores(str(branch), scores, f"{url}?branch={branch.pk}")
        for branch, scores in sorted(found.items(), key=lambda item: item[0].code)
    ]


def worst_remarks(rows: QuerySet[Response]) -> Iterable[Response]:
    """The lowest answers that say why, newest first among equals."""
    said = rows.filter(csat__lte=WORST_UP_TO, remark__gt="").select_related("ticket", "customer")
    return said.order_by("csat", "-received_at")[:WORST_SHOWN]
