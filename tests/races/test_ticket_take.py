"""Many hands on one ticket: exactly one take and one accept succeed; with the lock out the race shows."""

import threading
from typing import Any

import pytest

from core.flow import Transition
from core.models import AuditEntry
from service.models import Ticket, TicketAssignment
from tests.personas import *  # noqa: F403 - fixtures
from tests.races.together import at_once
from tests.service.factories import NOW, dispatched, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def without_lock(self: Transition, model: Any, pk: Any, by: Any) -> Any:
    """The transition's reading without its lock, held until every thread has read."""
    row = model._default_manager.visible_to(by).get(pk=pk)
    without_lock.gate.wait(timeout=20)  # type: ignore[attr-defined]
    return row


def test_one_of_many_takes_succeeds(personas: Any) -> None:
    ticket = dispatched(personas)
    engineers = [personas.fresh("ae") for _ in range(THREADS)]
    ends = at_once(lambda n: Ticket.objects.get(pk=ticket.pk).take(by=engineers[n], now=NOW), THREADS)
    assert ends == {"done": 1, "WrongState": THREADS - 1}
    assert AuditEntry.objects.filter(code="service.take_ticket", object_id=ticket.pk).count() == 1
    assert TicketAssignment.objects.filter(ticket=ticket, answer="taken").count() == 1


def test_one_of_many_accepts_succeeds(personas: Any) -> None:
    ticket = make_ticket(personas, by="pm")
    people = [personas.fresh(("dp", "dp_other", "am")[n % 3]) for n in range(THREADS)]
    ends = at_once(lambda n: Ticket.objects.get(pk=ticket.pk).accept(by=people[n], now=NOW), THREADS)
    assert ends == {"done": 1, "WrongState": THREADS - 1}
    assert AuditEntry.objects.filter(code="service.accept_ticket", object_id=ticket.pk).count() == 1


def test_without_the_lock_several_succeed(personas: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard is what does it: the same threads without it accept one ticket several times."""
    ticket = make_ticket(personas, by="pm")
    people = [personas.fresh(("dp", "dp_other", "am")[n % 3]) for n in range(THREADS)]
    without_lock.gate = threading.Barrier(THREADS)  # type: ignore[attr-defined]
    monkeypatch.setattr(Transition, "_lock", without_lock)
    ends = at_once(lambda n: Ticket.objects.get(pk=ticket.pk).accept(by=people[n], now=NOW), THREADS)
    assert ends["done"] > 1
    assert AuditEntry.objects.filter(code="service.accept_ticket", object_id=ticket.pk).count() > 1
