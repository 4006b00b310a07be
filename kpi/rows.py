"""How the rows behind a number read: one line each, with its page, its customer and whether it was a hit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import Sentence
from kpi.metrics import KEPT, Metric


@dataclass(frozen=True)
class RowLine:
    """One row behind a number."""

    at: datetime
    title: Sentence
    detail: Sentence
    party: Any
    url: str
    hit: bool | None
    done_at: datetime | None = None


JOINS = {
    "activity": ("customer", "author"),
    "followup": ("customer", "owner"),
    "ticketclock": ("ticket__customer", "ticket__engineer"),
    "complaintclock": ("complaint__customer", "complaint__lead_department"),
    "gatesubmission": ("project__customer", "decided_by"),
    "projectstage": ("project__customer",),
    "response": ("customer", "ticket", "engineer"),
}


def lines_of(metric: Metric, rows: Any) -> list[RowLine]:
    """The lines of a page of rows; one query."""
    name = rows.model._meta.model_name
    return [_LINES[name](metric, row) for row in rows.select_related(*JOINS[name])]


def _kept(metric: Metric, row: Any) -> bool | None:
    """Whether a promise was kept, for metrics that ask."""
    return (row.stopped_at is not None and row.stopped_at <= row.due_at) if metric.hit == KEPT else None


def _activity(metric: Metric, row: Any) -> RowLine:
    return RowLine(
        row.occurred_at,
        row.summary,
        row.get_type_display(),
        row.customer,
        row.customer.get_absolute_url(),
        None,
    )


def _follow_up(metric: Metric, row: Any) -> RowLine:
    return RowLine(
        row.due_at, row.words, row.owner, row.customer, row.customer.get_absolute_url(), None, row.closed_at
    )


def _ticket_clock(metric: Metric, row: Any) -> RowLine:
    title = f"{row.ticket.code} · {row.get_kind_display()}"
    engineer = row.ticket.engineer or ""
    url = row.ticket.get_absolute_url()
    return RowLine(row.due_at, title, engineer, row.ticket.customer, url, _kept(metric, row), row.stopped_at)


def _complaint_clock(metric: Metric, row: Any) -> RowLine:
    case = row.complaint
    title = f"{case.code} · {row.get_kind_display()}"
    url = case.get_absolute_url()
    return RowLine(
        row.due_at, title, case.lead_department or "", case.customer, url, _kept(metric, row), row.stopped_at
    )


def _gate(metric: Metric, row: Any) -> RowLine:
    hit = row.verdict == "passed" and row.attempt == 1
    title = f"{row.gate_label} · {row.project}"
    url = row.project.get_absolute_url()
    return RowLine(row.decided_at, title, row.get_verdict_display(), row.project.customer, url, hit)


def _answer(metric: Metric, row: Any) -> RowLine:
    title = f"{row.ticket.code} · {row.csat} / 5"
    return RowLine(row.received_at, title, row.engineer or "", row.customer, row.get_absolute_url(), None)


def _stage(metric: Metric, row: Any) -> RowLine:
    title = f"{row.stage.upper()} · {row.project}"
    url = row.project.get_absolute_url()
    return RowLine(row.left_at, title, "", row.project.customer, url, row.left_at <= row.due_at)


_LINES = {
    "response": _answer,
    "projectstage": _stage,
    "activity": _activity,
    "followup": _follow_up,
    "ticketclock": _ticket_clock,
    "complaintclock": _complaint_clock,
    "gatesubmission": _gate,
}
