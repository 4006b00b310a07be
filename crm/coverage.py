"""Whom we know in a customer's decision chain, and whether the users of our pumps were met; pure, no rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from crm.choices import DECISION_CHAIN, CustomerKind, DecisionRole

GATE_3_ROLES = (DecisionRole.DECISION_MAKER, DecisionRole.TECHNICAL, DecisionRole.USER)
"""Who must be identified before gate G3 of a large opportunity."""

BUYS_FOR_OTHERS = (CustomerKind.EPC, CustomerKind.DEALER)
"""Kinds whose purchasers are not the ones who run the pumps."""


def coverage(roles: Iterable[str]) -> float:
    """Share of the decision chain that is known, 0–1: |{decision maker, technical, purchaser, user} ∩ active| / 4.

    `roles` are the decision roles of the contacts who still work there.
    """
    return (len(DECISION_CHAIN) - len(missing_roles(roles))) / len(DECISION_CHAIN)


def missing_roles(
    roles: Iterable[str], wanted: Sequence[DecisionRole] = DECISION_CHAIN
) -> tuple[DecisionRole, ...]:
    """The wanted roles nobody active holds, in the order of the chain."""
    known = set(roles)
    return tuple(role for role in wanted if role not in known)


class UserGap(NamedTuple):
    """Why the users count as out of sight: none is `known`, or the last meeting is `days` ago (None: never)."""

    known: bool
    days: int | None


def unmet_users(kind: str, met: Sequence[datetime | None], now: datetime, days: int) -> UserGap | None:
    """The gap when no end user of this account was met for `days` calendar days; None when all is well.

    `met` holds the last contact of each active user there, None for one never met. Parties that neither use nor
    buy pumps have no such gap; who buys for others (EPC, dealer) is warned already when no user is known.
    """
    if kind != CustomerKind.END_USER and kind not in BUYS_FOR_OTHERS:
        return None
    if not met:
        return UserGap(known=False, days=None)
    latest = max((at for at in met if at is not None), default=None)
    if latest is None:
        return UserGap(known=True, days=None)
    silent = (now - latest).days
    return UserGap(known=True, days=silent) if silent > days else None
