"""Where an engineer arrived is kept to the metre for half a year only, as with check-ins."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.sweep import run_scan
from service import operations
from service.models import TicketAssignment
from service.operations import blur_old_arrivals
from tests.service.factories import NOW, make_ticket

pytestmark = pytest.mark.django_db
EXACT = (Decimal("39.90873"), Decimal("116.39748"))
ROUGH = (Decimal("39.909"), Decimal("116.397"))


def arrived(personas, *, days, place=EXACT):
    """An assignment whose engineer arrived so many days ago."""
    ticket = make_ticket(personas)
    at = NOW - timedelta(days=days)
    return TicketAssignment.objects.create(
        ticket=ticket, engineer=personas.ae, answer="done", offered_at=at, answer_due_at=at, arrived_at=at,
        latitude=place and place[0], longitude=place and place[1], accuracy=12,
    )  # fmt: skip


def place_of(row):
    row.refresh_from_db()
    return (row.latitude, row.longitude)


def test_half_a_year_later_only_the_neighbourhood_is_kept(personas):
    old, fresh, nowhere = (
        arrived(personas, days=181),
        arrived(personas, days=179),
        arrived(personas, days=400, place=None),
    )
    assert blur_old_arrivals(NOW) == 1
    assert (place_of(old), old.blurred) == (ROUGH, True)
    assert (place_of(fresh), fresh.blurred) == (EXACT, False)
    assert place_of(nowhere) == (None, None)
    assert old.accuracy == 12
    assert blur_old_arrivals(NOW) == 0
    assert blur_old_arrivals(NOW + timedelta(days=2)) == 1


def test_many_go_part_by_part_and_again_changes_nothing(personas, monkeypatch):
    for days in (400, 300, 200):
        arrived(personas, days=days)
    monkeypatch.setattr(operations, "BLUR_ROWS", 2)
    assert [run_scan("service.blur_arrivals", now=NOW, force=True) for _turn in range(3)] == [2, 1, 0]
