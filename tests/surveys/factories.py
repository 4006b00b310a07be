"""Invitations, answers and recoveries in every state, made by the product's own operations, sweeps and steps."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crm.models import Contact
from surveys import operations
from surveys.models import Invitation, Recovery, Response
from tests.service.factories import closed, make_customer, make_pump

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
CLOSED = NOW + timedelta(days=1)  # Tuesday 09:00
GOOD = {"q0": 5, "dim1": 5, "dim2": 4, "dim3": 5, "fix": "yes", "ces": 6, "open": "很快"}
BAD = {"q0": 1, "dim1": 2, "dim2": 4, "dim3": 3, "fix": "no", "ces": 2, "open": "来了三次还没修好"}


def make_closed_ticket(
    personas: Any, *, email: str = "wang@customer.example", tier: str = "standard", **columns: Any
) -> Any:
    """A ticket closed on Tuesday morning whose contact has an e-mail address (or not)."""
    customer = columns.pop("customer", None) or make_customer(
        personas, tier=tier, owner=columns.pop("owner", "pm")
    )
    contact = customer.contacts.get()
    if email and not contact.email:
        contact.email = email
        contact.save()
    return closed(personas, pump=make_pump(personas, customer), contact=contact, **columns)


def planned(personas: Any, **columns: Any) -> Invitation:
    """The row the sweep makes."""
    ticket = make_closed_ticket(personas, **columns)
    return operations.invite(by=None, now=CLOSED, ticket=ticket)


def sent(personas: Any, *, now: datetime = CLOSED, **columns: Any) -> Invitation:
    """The link is out."""
    return planned(personas, **columns).send(by=None, now=now, channel="mail")


def answered(personas: Any, *, now: datetime = CLOSED + timedelta(hours=1), **given: Any) -> Response:
    """A customer's answer; `given` are values by question code (default: a good one)."""
    columns = {name: given.pop(name) for name in ("tier", "email", "owner", "customer") if name in given}
    invitation = sent(personas, **columns)
    invitation.answer(by=None, now=now, **(given or GOOD))
    return Response.objects.get(invitation=invitation)


def make_recovery(personas: Any, **columns: Any) -> Recovery:
    """The case opened by a low answer."""
    return Recovery.objects.get(response=answered(personas, **{**BAD, **columns}))


def silence(contact: Contact) -> None:
    """The contact does not want to be contacted."""
    Contact.objects.filter(pk=contact.pk).update(do_not_contact=True)
