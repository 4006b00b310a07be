"""Scans of the ground floor: outbox delivery and sealing of the audit trail."""

from datetime import datetime

from core import audit, outbox
from core.sweep import sweep


@sweep("core.deliver_outbox", every=15, queue="mail")
def deliver_outbox(now: datetime) -> int:
    """Deliver what is due of every kind in turn, so that one stuck kind cannot block the others."""
    return sum(outbox.deliver_due(kind) for kind in outbox.kinds())


@sweep("core.seal_audit", every=300)
def seal_audit(now: datetime) -> int:
    """Seal settled audit entries."""
    return audit.seal(now)
