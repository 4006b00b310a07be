"""What is measured: each screen's address, its goal, and what its answer must contain to count at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from config.generate.customers import BUSY
from config.generate.profiles import ABSENT, BROAD, RARE


@dataclass(frozen=True)
class Screen:
    """One page. `goal` is the most it may take, in times F1; `queries` the most statements; `peer` the best rival's
    ratio as measured once on 2026-11-22 at 100,000 customers (design notes), None where nobody was measured.
    `words` stand in every right answer; `rows` counts list rows in it.
    """

    code: str
    label: str
    url: str
    goal: float
    queries: int
    peer: str
    words: tuple[str, ...] = ()
    rows: bool = False


def screens() -> list[Screen]:
    """The screens of the first speed line, and the search's broad and empty cases."""
    listing = "/crm/customers/"
    return [
        Screen("list", "客户列表 customer list", listing, 5, 8, "Odoo ×8.5–10", ('id="rows"',), True),
        Screen("search", f"搜索 search {RARE}", f"{listing}?search={quote(RARE)}", 6, 8, "Odoo ×34", (RARE,), True),
        Screen("broad", f"宽词 broad word {BROAD}", f"{listing}?search={quote(BROAD)}", 7, 8, "–", (BROAD,), True),
        Screen("absent", f"无此词 absent {ABSENT}", f"{listing}?search={quote(ABSENT)}", 6, 8, "–", ('id="rows"',)),
        Screen("detail", "客户 360 first reply", f"{listing}{BUSY}/", 6, 12, "Odoo ×21–30", ('id="main"',)),
        Screen("tickets", "工单队列 ticket queue", "/service/tickets/?group=open", 6, 8, "EspoCRM ×16", ('id="rows"',), True),
        Screen("my_day", "工作台 My day", "/", 8, 10, "Odoo home ×16", ('id="main"',)),
        Screen("board", "指标看板 dashboard", "/kpi/metrics/?by=pm", 8, 10, "Odoo home ×16", ("<table",)),
    ]  # fmt: skip


PEOPLE = {"pm": "pm01", "bm": "bm01", "ex": "ex01"}
"""The normal user, the branch manager and the executive who sees everything."""


def expected_rows(screen: Screen, user: Any) -> int | None:
    """How many list rows the answer must hold, counted by plain SQL conditions without the product's search."""
    from core.views import ScopedListView
    from crm.models import Customer
    from service.models import Ticket

    if not screen.rows:
        return None
    if screen.code == "tickets":
        return min(ScopedListView.page_size, Ticket.objects.visible_to(user).open().count())
    rows = Customer.objects.visible_to(user)
    word = {"search": RARE, "broad": BROAD}.get(screen.code)
    if word:
        rows = rows.filter(name__contains=word)
    return min(ScopedListView.page_size, rows.count())


def complaint_about(screen: Screen, status: int, body: str, rows: int | None) -> str:
    """Why an answer does not count, empty when it does."""
    if status != 200:
        return f"status {status}"
    missing = [word for word in screen.words if word not in body]
    if missing:
        return f"without {missing}"
    found = body.count("<tr data-href=")
    if rows is not None and found != rows:
        return f"{found} rows instead of {rows}"
    return ""
