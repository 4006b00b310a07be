"""A month with a bit of everything, and the cast to look at it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from surveys.operations import invite
from tests.complaints.factories import NOW, answered, make_case
from tests.crm.factories import make_activity, make_follow_up
from tests.personas import personas  # noqa: F401
from tests.projects.factories import bring_to, make_project
from tests.service.factories import closed, make_customer, make_pump, make_ticket


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def month(personas: Any) -> Any:  # noqa: F811
    """Contacts, follow-ups, tickets, complaints and gates of November 2026, in two branches; returns the cast."""
    for name in ("pm", "pm_other", "outsider_pm"):
        customer = make_customer(personas, owner=name)
        met = {"contacts": [customer.contacts.get()]}
        for back in (1, 2, 40):
            make_activity(customer, personas[name], NOW - timedelta(days=back), **met)
        make_activity(customer, personas[name], NOW - timedelta(days=3), outcome="no_answer", **met)
        make_follow_up(customer, personas[name], NOW - timedelta(days=20), days=5)
        make_follow_up(customer, personas[name], NOW - timedelta(days=2), days=30)
    pump = make_pump(personas)
    ticket = closed(personas, pump=pump, contact=pump.customer.contacts.get())
    asked = invite(by=None, now=NOW + timedelta(days=1), ticket=ticket)
    asked = asked.send(by=None, now=NOW + timedelta(days=1))
    asked.answer(by=None, now=NOW + timedelta(days=2), q0=5)
    make_ticket(personas, now=NOW - timedelta(days=6))
    answered(personas)
    make_case(personas, now=NOW - timedelta(days=9))
    bring_to(make_project(personas.pm, NOW), "p03", personas, NOW)
    return personas
