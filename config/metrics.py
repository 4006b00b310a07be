"""What Prometheus is told: requests as they are answered, and the state of the work in the database when asked."""

import os
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

REQUESTS = Counter("impeller_requests", "Requests answered", ["method", "status", "route"])
SECONDS = Histogram(
    "impeller_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MetricsMiddleware:
    """Counts every answer by its route's pattern, never by its path: paths hold ids and tokens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Measure one request."""
        began = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "none"
        method = request.method if request.method in METHODS else "OTHER"
        REQUESTS.labels(method, str(response.status_code), route).inc()
        SECONDS.labels(route).observe(time.perf_counter() - began)
        return response


class WorkCollector(Collector):
    """Gauges read from the database at the moment of asking: outbox, sweeps, quarantine."""

    QUERIES = (
        (
            "impeller_outbox_messages",
            "Messages in the outbox that are not done",
            ("kind", "state"),
            "SELECT kind, state, count(*) FROM core_outboxmessage WHERE state <> 'done' GROUP BY 1, 2",
        ),
        (
            "impeller_outbox_oldest_due_seconds",
            "Age of the oldest due message that was not delivered",
            (),
            "SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0) FROM core_outboxmessage"
            " WHERE state IN ('pending', 'running') AND due_at <= now()",
        ),
        (
            "impeller_sweep_age_seconds",
            "Time since a scan was last begun",
            ("scan",),
            "SELECT code, extract(epoch FROM now() - started_at) FROM core_sweepstate WHERE started_at IS NOT NULL",
        ),
        (
            "impeller_sweep_failing",
            "1 when the last run of a scan failed",
            ("scan",),
            "SELECT code, (last_error <> '')::int FROM core_sweepstate",
        ),
        (
            "impeller_sweep_failures",
            "Rows that scans could not handle",
            ("scan",),
            "SELECT code, count(*) FROM core_sweepfailure GROUP BY 1",
        ),
        (
            "impeller_database_connections",
            "Connections to our database",
            (),
            "SELECT count(*) FROM pg_stat_activity",
        ),
    )

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each gauge."""
        with connection.cursor() as cursor:
            for name, text, labels, sql in self.QUERIES:
                gauge = GaugeMetricFamily(name, text, labels=labels)
                cursor.execute(sql)
                for *values, number in cursor.fetchall():
                    gauge.add_metric([str(value) for value in values], float(number))
                yield gauge


def exposition() -> bytes:
    """Return everything in Prometheus' text form, summed over the web processes when they share a folder."""
    registry = CollectorRegistry()
    registry.register(WorkCollector())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)
