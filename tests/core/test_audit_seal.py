"""The audit trail shows every later change, removal or insertion, wherever it is made."""

from datetime import timedelta

import pytest

from core import audit
from core.clock import db_now
from core.models import AuditEntry, AuditSeal

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(personas):
    """Nine settled entries under three seals."""
    AuditEntry.objects.all().delete()
    AuditSeal.objects.all().delete()
    long_ago = db_now() - timedelta(hours=1)
    for batch in range(3):
        for n in range(3):
            audit.record("test.event", personas.pm, by=personas.bm, now=long_ago, data={"n": batch * 3 + n})
        assert audit.seal(db_now()) == 3
    assert audit.verify() == []
    return list(AuditEntry.objects.order_by("seq"))


@pytest.mark.parametrize(
    "tamper",
    [
        lambda rows: AuditEntry.objects.filter(pk=rows[4].pk).update(data={"n": 99}),
        lambda rows: AuditEntry.objects.filter(pk=rows[4].pk).update(reason="someone else did it"),
        lambda rows: AuditEntry.objects.filter(pk=rows[4].pk).delete(),
        lambda rows: AuditEntry.objects.filter(pk=rows[8].pk).delete(),
        lambda rows: [
            AuditEntry.objects.filter(pk=rows[0].pk).update(data={"n": 1}),
            AuditEntry.objects.filter(pk=rows[1].pk).update(data={"n": 0}),
        ],
        lambda rows: AuditSeal.objects.filter(from_seq=rows[3].pk).delete(),
    ],
    ids=["changed", "reworded", "removed", "removed at the end", "swapped", "seal removed"],
)
def test_tampering_is_found(trail, tamper):
    tamper(trail)
    assert audit.verify()


def test_a_fresh_entry_waits_until_no_earlier_number_can_still_appear(personas):
    AuditEntry.objects.all().delete()
    AuditSeal.objects.all().delete()
    audit.record("test.event", personas.pm, by=None, now=db_now())
    assert audit.seal(db_now()) == 0
    assert audit.seal(db_now() + timedelta(minutes=3)) == 1
