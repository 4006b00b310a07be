"""The demo's pumps and tickets: every state is there, each reached by steps, the board is full."""

from typing import Any

import pytest

import accounts.demo
import crm.demo
import service.demo
from core.clock import db_now
from core.demo import DemoWorld
from core.models import AuditEntry
from service.choices import TicketState
from service.models import Ticket

pytestmark = pytest.mark.django_db


def test_every_state_is_reached_by_steps() -> None:
    world: Any = DemoWorld(now=db_now())
    for module in (accounts.demo, crm.demo, service.demo):
        module.load(world)
    found = set(Ticket.objects.values_list("state", flat=True))
    assert found == set(TicketState.values)
    assert 400 < len(world.pumps) < 600
    assert len(world.tickets) >= 55
    for ticket in Ticket.objects.all():
        history = AuditEntry.objects.filter(object_kind="service.ticket", object_id=ticket.pk)
        assert history.filter(to_state=ticket.state).exists(), ticket
    assert Ticket.objects.queue().count() >= 12
    assert not AuditEntry.objects.filter(at__gt=db_now()).exists()
