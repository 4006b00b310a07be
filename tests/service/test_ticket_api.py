"""The whole life of a ticket through the API alone, with its refusals; no state can be written by PATCH."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from service.models import Ticket
from tests.personas import *  # noqa: F403 - fixtures
from tests.service.factories import REPORT, make_pump, make_ticket

pytestmark = pytest.mark.django_db


def api(user: Any) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def step(user: Any, ticket: int, verb: str, expected: int = 200, **body: Any) -> Any:
    answer = api(user).post(f"/api/v1/tickets/{ticket}/{verb}/", body, format="json")
    assert answer.status_code == expected, (verb, answer.content.decode())
    return answer.json()


def test_from_call_to_closing(personas: Any) -> None:
    pump = make_pump(personas)
    given = {
        "customer": pump.customer_id,
        "pumps": [pump.pk],
        "symptom": "F07",
        "impact": "i2",
        "safety_flag": False,
    }
    answer = api(personas.dp).post("/api/v1/tickets/", given, format="json")
    assert answer.status_code == 201, answer.content
    made = answer.json()
    ticket = made["id"]
    assert (made["priority"], made["state"]) == ("p2", "accepted")
    assert [clock["kind"] for clock in made["clocks"]] == ["response", "onsite", "restore", "resolve"]
    assert made["clocks"][0]["steps"][-1]["code"] == "due"
    assert {"dispatch", "diagnose", "change_priority", "cancel", "merge"} == set(made["available_actions"])
    step(personas.pm, ticket, "dispatch", 403, engineer=personas.ae.pk)
    step(personas.outsider_pm, ticket, "dispatch", 404, engineer=personas.ae.pk)
    step(personas.dp, ticket, "dispatch", 400)
    step(personas.dp, ticket, "dispatch", engineer=personas.ae.pk)
    engineer = personas.fresh("ae")
    step(personas.dp, ticket, "take", 403)
    step(engineer, ticket, "take", diagnosis="机封磨损")
    step(engineer, ticket, "take", 409)
    step(engineer, ticket, "travel")
    step(engineer, ticket, "arrive", latitude=39.9, longitude=116.4, accuracy=20)
    step(engineer, ticket, "wait_parts", reason="等机封", proof="PO-1")
    step(engineer, ticket, "resume")
    step(engineer, ticket, "restore")
    report = api(engineer).post(
        "/api/v1/service-reports/", {**REPORT, "ticket": ticket, "vibration_after": 2.1}, format="json"
    )
    assert report.status_code == 201, report.content
    assert report.json()["state"] == "submitted"
    assert step(engineer, ticket, "resolve")["state"] == "pending_confirm"
    assert step(engineer, ticket, "confirm", method="recorded_call")["state"] == "pending_callback"
    step(engineer, ticket, "call_back", 403, fixed=True)
    step(personas.dp, ticket, "close", 400)
    step(personas.dp, ticket, "call_back", fixed=True, attitude=5)
    assert step(personas.dp, ticket, "close")["state"] == "closed"


def test_false_is_heard(personas: Any) -> None:
    from tests.service.factories import resolved

    ticket = resolved(personas, signer="王工")
    assert step(personas.dp, ticket.pk, "call_back", fixed=False)["state"] == "reopened"


def test_state_and_priority_cannot_be_patched(personas: Any) -> None:
    ticket = make_ticket(personas)
    for field, value in {"state": "closed", "priority": "p4", "engineer": personas.ae.pk, "owner": 1}.items():
        answer = api(personas.dp).patch(
            f"/api/v1/tickets/{ticket.pk}/", {field: value, "version": ticket.version}, format="json"
        )
        assert answer.status_code == 400
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.state, fresh.priority, fresh.version) == (ticket.state, ticket.priority, ticket.version)


def test_lists_are_scoped_and_filtered(personas: Any) -> None:
    ticket = make_ticket(personas)
    body = api(personas.pm).get("/api/v1/tickets/?group=queue&count=1&actions=1").json()
    assert (body["count"], body["results"][0]["code"]) == (1, ticket.code)
    assert api(personas.outsider_pm).get("/api/v1/tickets/").json()["results"] == []
    assert api(personas.ad).get("/api/v1/tickets/").status_code == 403
    assert api(personas.pm).get("/api/v1/tickets/?customer__phone=1").status_code == 400
    assert APIClient().get("/api/v1/tickets/").status_code == 401
    pump = ticket.pumps.get()
    found = api(personas.dp).get("/api/v1/pumps/", {"search": pump.serial[-5:]}).json()["results"]
    assert [row["id"] for row in found] == [pump.pk]
