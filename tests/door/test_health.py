"""/healthz, /readyz and /metrics answer the right people with the right words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.models import SweepState


@pytest.mark.django_db
def test_healthz_asks_nothing(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_names_what_fails(client: Client, settings) -> None:
    assert client.get("/readyz").json()["failing"] == ["sweep"]
    state = SweepState.objects.create(code="test", started_at=timezone.now())
    assert client.get("/readyz").status_code == 200

    state.started_at -= timedelta(minutes=5)
    state.save()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["failing"] == ["broker", "sweep"]


@pytest.mark.django_db
def test_metrics_are_for_this_machine_or_a_token(client: Client, settings) -> None:
    settings.METRICS_TOKEN = "figures"
    assert b"impeller_outbox_oldest_due_seconds" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.5").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
    away = {"REMOTE_ADDR": "10.0.0.5"}
    assert client.get("/metrics", headers={"authorization": "Bearer figures"}, **away).status_code == 200
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}, **away).status_code == 404


@pytest.mark.django_db
def test_a_stranger_cannot_claim_another_address(rf, settings) -> None:
    from config.middleware import TrustedProxyMiddleware

    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    seen: dict[str, str] = {}
    middleware = TrustedProxyMiddleware(
        lambda request: seen.update(ip=request.META["REMOTE_ADDR"]) or Client().get("/healthz")
    )
    forged = {"HTTP_X_FORWARDED_FOR": "1.2.3.4, 203.0.113.9"}
    middleware(rf.get("/", REMOTE_ADDR="198.51.100.7", **forged))
    assert seen["ip"] == "198.51.100.7"
    middleware(rf.get("/", REMOTE_ADDR="10.0.0.2", **forged))
    assert seen["ip"] == "203.0.113.9"
