"""Arithmetic of a handover without any row: how complete a dossier is, who gets the credit, who should receive whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

OLD_FIRST_DAYS, NEW_FIRST_DAYS = 30, 90
LARGER_SHARE, SMALLER_SHARE = 70, 30


@dataclass(frozen=True)
class Split:
    """Shares of an order signed after the handover, in percent."""

    old: int
    new: int


def credit_split(completed_on: date, signed_on: date) -> Split:
    """Who is credited with an order signed after the handover (domain §3.8).

    Up to 30 days 70 % to the old project manager, up to 90 days 30 %, then all to the new one. An order signed
    before the handover is the old one's.
    """
    days = (signed_on - completed_on).days
    if days < 0:
        return Split(100, 0)
    if days <= OLD_FIRST_DAYS:
        return Split(LARGER_SHARE, SMALLER_SHARE)
    return Split(SMALLER_SHARE, LARGER_SHARE) if days <= NEW_FIRST_DAYS else Split(0, 100)


def completeness(done: int, total: int) -> float:
    """Complete lines ÷ lines in percent, unrounded; a dossier without lines is not complete."""
    return 100 * done / total if total else 0.0


@dataclass(frozen=True)
class Parcel:
    """A customer to be given away: whose territory it lies in (None: nobody's) and how much it weighs."""

    customer: int
    territory_owner: int | None = None
    weight: int = 1


def propose(parcels: Iterable[Parcel], loads: Mapping[int, int]) -> dict[int, int]:
    """A receiver for every customer: the territory's owner where that is a candidate, else whoever carries least.

    `loads` are the candidates with the weight they carry; the heaviest customers are placed first, ties go to
    the lower id, so the same question always gets the same answer. Without candidates nothing is proposed.
    """
    carried = dict(loads)
    found: dict[int, int] = {}
    if not carried:
        return found
    for parcel in sorted(parcels, key=lambda parcel: (-parcel.weight, parcel.customer)):
        receiver = parcel.territory_owner
        if receiver not in carried:
            receiver = min(carried, key=lambda user: (carried[user], user))
        found[parcel.customer] = receiver
        carried[receiver] += parcel.weight
    return found
