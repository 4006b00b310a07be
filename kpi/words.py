"""Numbers as people read them, and as charts take them."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.boards import Board
from kpi.metrics import COUNT, MEAN, SHARE, Measured, Metric


def value_words(metric: Metric, value: Decimal | None) -> str:
    """42 · 93.5 % · 4.61; a dash when there was nothing to measure."""
    if value is None:
        return "—"
    if metric.unit == COUNT:
        return f"{value:,.0f}"
    return f"{value * 100:.1f} %" if metric.unit == SHARE else f"{value:.2f}"


def amount(metric: Metric, *, rows: int, hits: int, total: Decimal | None = None) -> str:
    """The number over a set of rows."""
    return value_words(metric, Measured(rows, hits, total, metric.unit).value)


def share_words(metric: Metric, *, rows: int, hits: int) -> str:
    """How the number comes about, in figures."""
    if metric.unit == SHARE:
        return _("%(hits)d of %(rows)d") % {"hits": hits, "rows": rows}
    if metric.unit == MEAN:
        return _("mean of %(rows)d") % {"rows": rows}
    return _("%(rows)d rows") % {"rows": rows}


def target_words(metric: Metric) -> str:
    """The target with its direction: ≥ 95 %, ≤ 0."""
    sign = "≥" if metric.better == "higher" else "≤"
    value = f"{metric.target * 100:.0f} %" if metric.unit == SHARE else f"{metric.target:,}"
    return f"{sign} {value}"


def rows_url(metric: Metric, by: str, month: str, subject_id: int) -> str:
    """The page of the rows behind a number; subject 0 means all subjects together."""
    subject = f"&subject={subject_id}" if subject_id else ""
    return f"{reverse('kpi:metric_rows', args=[metric.code])}?by={by}&month={month}{subject}"


def chart_of(board: Board, metric: Metric) -> dict[str, Any]:
    """A bar per subject with the target as a line; each bar leads to its rows."""
    index = board.columns.index(metric)
    percent = metric.unit == SHARE
    lines = [
        (line.subject, line.cells[index]) for line in board.lines if line.cells[index].now.value is not None
    ]
    values = [float(cell.now.value or 0) * (100 if percent else 1) for _subject, cell in lines]
    bars = [
        {"value": round(value, 1), "url": rows_url(metric, board.by, board.period.code, subject.pk)}
        for (subject, _cell), value in zip(lines, values, strict=True)
    ]
    target = float(metric.target * 100 if percent else metric.target)
    return {
        "option": {
            "xAxis": {"type": "category", "data": [str(subject) for subject, _cell in lines]},
            "yAxis": {
                "type": "value",
                "name": "%" if percent else "",
                "max": 100 if percent else max([*values, target]),
                "minInterval": 1,
            },
            "series": [
                {
                    "type": "bar",
                    "name": str(metric.label),
                    "data": bars,
                    "barMaxWidth": 38,
                    "markLine": {
                        "symbol": "none",
                        "data": [{"yAxis": target}],
                        "label": {"formatter": target_words(metric), "position": "insideEndTop"},
                    },
                }
            ],
        },
        "heads": [_("Name"), str(metric.label)],
        "lines": [(str(subject), value_words(metric, cell.now.value)) for subject, cell in lines],
    }
