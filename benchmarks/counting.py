"""What does not depend on the machine: statements, buffers and plans of each screen, asked in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BIG_TABLES = (
    "crm_customer",
    "crm_contact",
    "crm_activity",
    "crm_followup",
    "service_ticket",
    "service_ticketclock",
    "core_auditentry",
    "core_task",
)


@dataclass
class Count:
    """Statements of one screen warm and with an empty cache; of the latter the pages of memory they touched, and big
    tables read from end to end."""

    statements: int = 0
    cold: int = 0
    buffers: int = 0
    scans: list[str] = field(default_factory=list)
    sql: list[str] = field(default_factory=list)
    sql_ms: float = 0.0


def count(url: str, user: Any) -> Count:
    """Ask a warm page, then one with an empty cache, and let the database explain each statement of the latter."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    for _time in range(2):
        client.get(url)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: status {answer.status_code}")
    found = Count(statements=len(caught))
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        client.get(url)
    found.cold = len(caught)
    for query in caught.captured_queries:
        sql = query["sql"]
        found.sql.append(sql)
        found.sql_ms += float(query["time"]) * 1000
        if sql.lstrip("( ").upper().startswith(("SELECT", "WITH", "EXECUTE")):
            _explain(sql, found)
    return found


def _explain(sql: str, found: Count) -> None:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"), [])
        value = cursor.fetchone()[0]
    plan = (json.loads(value) if isinstance(value, str) else value)[0]["Plan"]
    found.buffers += plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)
    found.scans += [table for table in _scans(plan) if table in BIG_TABLES]


def _scans(plan: dict[str, Any]) -> list[str]:
    own = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []
    return own + [table for part in plan.get("Plans", []) for table in _scans(part)]
