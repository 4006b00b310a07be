"""Every number opens exactly the rows it counts, for each viewer; trends and totals come from the same filters."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from kpi.boards import build_board, rows_behind
from kpi.metrics import COLUMNS, METRICS, Measured
from kpi.periods import month_named, month_of, trend_to

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
VIEWERS = (
    "pm",
    "bm",
    "ae",
    "dp",
    "am",
    "dh",
    "dm",
    "sv",
    "co",
    "fi",
    "ex",
    "au",
    "outsider_pm",
    "outsider_bm",
    "dm_prd",
)


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("by", list(COLUMNS))
def test_every_number_is_its_rows_for_every_viewer(month: Any, by: str) -> None:
    checked = 0
    for name in VIEWERS:
        viewer = month.fresh(name)
        board = build_board(viewer, by, month_of(LATER), LATER)
        for line in board.lines:
            for cell in line.cells:
                rows = rows_behind(cell.metric, viewer, by, board.period, line.subject.pk)
                pks = [row.pk for row in rows]
                assert len(pks) == len(set(pks)) == cell.now.rows, (name, line.subject, cell.metric.code)
                if cell.metric.is_share:
                    assert rows.filter(cell.metric.hit).count() == cell.now.hits
                if cell.metric.score:
                    scores = [getattr(row, cell.metric.score) for row in rows]
                    assert sum(scores) == (cell.now.total or 0)
                checked += cell.now.rows
        for cell in board.totals:
            assert rows_behind(cell.metric, viewer, by, board.period, None).count() == cell.now.rows
    assert checked > 0


def test_the_golden_month_of_the_project_manager(month: Any) -> None:
    board = build_board(month.fresh("bm"), "pm", month_of(LATER), LATER)
    names = [line.subject.username for line in board.lines]
    assert names == ["pm", "pm_other"]
    own = {cell.metric.code: cell.now for cell in board.lines[0].cells}
    assert own["verified_contacts"].value == 2
    assert own["overdue_follow_ups"].value == 1
    assert own["gates_first_time"].value == Decimal(1)
    assert own["sla_attainment"].rows >= own["sla_attainment"].hits > 0
    assert own["complaint_breaches"].value >= 1
    assert (own["csat"].value, own["csat"].rows) == (Decimal(5), 1)


def test_a_viewer_sees_only_subjects_of_their_scope(month: Any) -> None:
    def seen(name: str, by: str) -> set[str]:
        board = build_board(month.fresh(name), by, month_of(LATER), LATER)
        return {getattr(line.subject, "username", None) or line.subject.code for line in board.lines}

    assert seen("pm", "pm") == {"pm"}
    assert seen("outsider_bm", "pm") == {"outsider_pm"}
    assert seen("ex", "pm") == {"pm", "pm_other", "outsider_pm"}
    assert seen("ae", "engineer") == {"ae"}
    assert seen("dm_prd", "department") == {"PRD"}
    assert len(seen("sv", "department")) == 11


def test_history_counts_nowhere(month: Any) -> None:
    from service.models import Ticket

    before = build_board(month.ex, "pm", month_of(LATER), LATER).totals[3].now.rows
    Ticket.objects.update(historical=True)
    after = build_board(month.ex, "pm", month_of(LATER), LATER).totals[3].now.rows
    assert before > 0
    assert after == 0


def test_the_board_costs_few_queries(month: Any, django_assert_max_num_queries: Any) -> None:
    viewer = month.fresh("ex")
    viewer.authority()
    with django_assert_max_num_queries(10):
        build_board(viewer, "pm", month_of(LATER), LATER)


def test_pages_show_the_same_number_and_rows(month: Any) -> None:
    client = browser(month.bm)
    page = client.get(reverse("kpi:metric_board"), {"by": "pm", "month": "2026-11"})
    assert page.status_code == 200
    for line in page.context["board"].lines:
        for cell in line.cells:
            url = reverse("kpi:metric_rows", args=[cell.metric.code])
            query = {"by": "pm", "month": "2026-11", "subject": line.subject.pk}
            behind = client.get(url, query)
            assert behind.status_code == 200
            assert behind.context["total"] == cell.now.rows == len(behind.context["rows"])


def test_pages_and_api_refuse_what_is_out_of_scope(month: Any) -> None:
    rows = reverse("kpi:metric_rows", args=["verified_contacts"])
    assert browser(month.ad).get(reverse("kpi:metric_board")).status_code == 403
    assert browser(month.ad).get(rows).status_code == 403
    assert browser(month.pm).get(rows, {"by": "pm", "subject": month.pm_other.pk}).status_code == 404
    assert browser(month.pm).get(rows, {"by": "nobody"}).status_code == 404
    assert browser(month.pm).get(reverse("kpi:metric_rows", args=["nothing"])).status_code == 404
    client = APIClient()
    client.force_authenticate(month.bm)
    answer = client.get("/api/v1/metrics/", {"by": "pm", "month": "2026-11"})
    assert answer.status_code == 200
    contacts = next(one for one in answer.json()["results"] if one["code"] == "verified_contacts")
    assert {value["value"] for value in contacts["values"]} == {"2"}
    query = {"by": "pm", "month": "2026-11", "subject": month.pm.pk}
    behind = client.get("/api/v1/metrics/verified_contacts/rows/", query).json()
    assert behind["count"] == len(behind["results"]) == 2
    assert client.get("/api/v1/metrics/", {"by": "x"}).status_code == 400
    assert client.get("/api/v1/metrics/", {"month": "2099-01"}).status_code == 400
    assert client.get("/api/v1/metrics/nothing/").status_code == 404
    client.force_authenticate(month.ad)
    assert client.get("/api/v1/metrics/").status_code == 403


def test_my_day_shows_own_numbers(month: Any) -> None:
    own = browser(month.pm).get(reverse("kpi:my_numbers"))
    assert own.status_code == 200
    assert "/kpi/metrics/verified_contacts/rows/" in own.content.decode()
    assert "/kpi/metrics/" not in browser(month.ad).get(reverse("kpi:my_numbers")).content.decode()


@pytest.mark.parametrize(
    ("rows", "hits", "total", "unit", "value"),
    [
        (0, 0, None, "count", Decimal(0)),
        (3, 3, None, "count", Decimal(3)),
        (0, 0, None, "share", None),
        (4, 3, None, "share", Decimal("0.75")),
        (0, 0, None, "mean", None),
        (4, 4, Decimal(18), "mean", Decimal("4.5")),
    ],
)
def test_values_by_unit(
    rows: int, hits: int, total: Decimal | None, unit: str, value: Decimal | None
) -> None:
    assert Measured(rows, hits, total, unit).value == value


def test_months_are_local_and_half_open() -> None:
    late = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    assert month_of(late).code == "2026-11"
    assert month_of(late + timedelta(minutes=1)).code == "2026-12"
    assert month_named("2026-10", LATER).end == month_named("2026-11", LATER).start
    assert month_named("2026-12", LATER) is None
    assert month_named("november", LATER) is None
    trend = trend_to(month_of(LATER), LATER)
    assert (len(trend), trend[0].code, trend[-1].code) == (13, "2025-11", "2026-11")
    assert month_named("2026-10", LATER).at == month_named("2026-10", LATER).end
    assert month_of(LATER).at == LATER


def test_every_metric_stands_in_a_table() -> None:
    assert {code for codes in COLUMNS.values() for code in codes} == set(METRICS)
    for by, codes in COLUMNS.items():
        assert all(by in METRICS[code].who for code in codes)
