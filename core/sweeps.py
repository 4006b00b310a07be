"""Scans of the ground floor: outbox delivery and sealing of the audit trail."""

from datetime import datetime

from core import audit, outbox
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


@sweep("core.seal_audit", every=300)
def seal_audit(now: datetime) -> int:
    """Seal settled audit entries."""
    return audit.seal(now)
