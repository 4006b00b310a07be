"""Scans of the ground floor: outbox delivery, sealing of the audit trail, recordings whose days are over."""

from datetime import datetime

from core import audit, outbox, recordings
from core.sweep import sweep

TURNS, AT_A_TURN = 40, 5


@sweep("core.deliver_outbox", every=15, queue="mail")
def deliver_outbox(now: datetime) -> int:
    """Deliver what is due of every kind in turns of a few, so that a long row of one kind cannot block the others."""
    finished = 0
    for _turn in range(TURNS):
        turn = sum(outbox.deliver_due(kind, limit=AT_A_TURN) for kind in outbox.kinds())
        finished += turn
        if not turn:
            break
    return finished


@sweep("core.old_recordings", every=6 * 3600)
def old_recordings_removed(now: datetime) -> int:
    """Remove voice recordings whose days are over."""
    return recordings.remove_old_recordings(now)


@sweep("core.seal_audit", every=300)
def seal_audit(now: datetime) -> int:
    """Seal settled audit entries."""
    return audit.seal(now)
