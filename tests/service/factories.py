"""Customers with pumps and tickets in every state, made by the product's own operations."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import OrgUnit
from crm.models import Site
from crm.operations import create_customer
from service import operations
from service.models import Pump, Ticket

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
_numbers = count(1)


def make_customer(
    personas: Any, *, tier: str = "vip", owner: str = "pm", km: int = 0, now: datetime = NOW
) -> Any:
    """A customer of the persona's branch with a contact and a site."""
    person = personas[owner]
    customer = create_customer(
        by=person,
        now=now - timedelta(days=400),
        name=f"测试水务{next(_numbers)}有限公司",
        kind="end_user",
        branch=OrgUnit.objects.get(pk=person.branch.pk),
        owner=person,
        tier=tier,
        contacts=[{"name": "王工", "mobile": f"1380013{next(_numbers):04d}"}],
    )
    Site.objects.create(customer=customer, name="一号泵房", city="北京", travel_km=km)
    return customer


def make_pump(personas: Any, customer: Any = None, **columns: Any) -> Pump:
    """A running pump at the customer's site."""
    customer = customer or make_customer(personas)
    columns = {"serial": f"2403-500S-{next(_numbers):05d}", "model": "500S35", **columns}
    columns.setdefault("site", customer.sites.first())
    return operations.add_pump(by=None, now=NOW - timedelta(days=300), customer=customer, **columns)


def make_ticket(
    personas: Any, *, by: str = "dp", now: datetime = NOW, pump: Pump | None = None, **columns: Any
) -> Ticket:
    """A fault registered by the dispatcher (hence accepted) or by whoever `by` names."""
    pump = pump or make_pump(personas)
    columns = {"impact": "i2", "symptom": "F04", **columns}
    return operations.register_ticket(
        by=personas[by], now=now, customer=pump.customer, pumps=[pump], **columns
    )


def dispatched(personas: Any, *, now: datetime = NOW, **columns: Any) -> Ticket:
    """Offered to the engineer ten minutes after receipt."""
    ticket = make_ticket(personas, now=now, **columns)
    return ticket.dispatch(by=personas.dp, now=now + timedelta(minutes=10), engineer=personas.ae)


def on_site(personas: Any, *, now: datetime = NOW, **columns: Any) -> Ticket:
    """Taken, travelled, arrived two hours after receipt."""
    ticket = dispatched(personas, now=now, **columns)
    engineer = personas.fresh("ae")
    ticket.take(by=engineer, now=now + timedelta(minutes=15), diagnosis="轴承磨损")
    ticket.travel(by=engineer, now=now + timedelta(minutes=20))
    return ticket.arrive(by=engineer, now=now + timedelta(hours=2))


REPORT = {"symptom": "F04", "cause_class": "m", "actions": ["align"], "hours": 2}


def resolved(personas: Any, *, now: datetime = NOW, signer: str = "", **columns: Any) -> Ticket:
    """Reported and resolved three hours after receipt; a signer confirms too."""
    ticket = on_site(personas, now=now, **columns)
    return operations.finish_work(
        by=personas.fresh("ae"),
        now=now + timedelta(hours=3),
        ticket=ticket,
        columns={**REPORT, "signer_name": signer},
    )


def closed(personas: Any, *, now: datetime = NOW, **columns: Any) -> Ticket:
    """Called back by the dispatcher and closed a day after receipt."""
    ticket = resolved(personas, now=now, signer="王工", **columns)
    ticket.call_back(by=personas.dp, now=now + timedelta(hours=23), fixed=True)
    return ticket.close(by=personas.dp, now=now + timedelta(days=1))
