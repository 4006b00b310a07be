"""/healthz, /readyz and /metrics: what a load balancer, an operator and Prometheus ask."""

import ipaddress
import secrets
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from config import metrics as prometheus

SWEEP_SECONDS = 120
_migrated = False  # once true for this process, its code's migrations are applied


@login_not_required
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks nothing else of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether each part works: 200, or 503 with the failing parts named. Reasons stay in the log."""
    parts = {}
    for name, probe in PROBES.items():
        try:
            parts[name] = probe() or "ok"
        except (DatabaseError, redis.RedisError, OSError) as error:
            parts[name] = type(error).__name__
    failing = sorted(name for name, state in parts.items() if state != "ok")
    return JsonResponse(
        {"ready": not failing, "failing": failing, "parts": parts}, status=503 if failing else 200
    )


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _broker() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    finally:
        client.close()
    return ""


def _migrations() -> str:
    global _migrated  # a fact about this process
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "pending"
        _migrated = True
    return ""


def _sweep() -> str:
    """Fail when no scan was begun for two minutes: worker, beat or their broker is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(started_at)) FROM core_sweepstate")
        (age,) = cursor.fetchone()
    if age is None:
        return "never ran"
    return "" if age <= SWEEP_SECONDS else f"last ran {age:.0f} s ago"


PROBES: dict[str, Callable[[], str]] = {
    "database": _database,
    "broker": _broker,
    "migrations": _migrations,
    "sweep": _sweep,
}


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the figures to whoever has METRICS_TOKEN, or asks from this machine and not through a proxy; else 404."""
    if not _may_read_metrics(request):
        return HttpResponse(status=404)
    return HttpResponse(prometheus.exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and secrets.compare_digest(token.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if request.META["impeller.forwarded"]:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
