"""Who may grant which price: authority by discount off list and by margin; pure."""

from decimal import Decimal
from typing import Final

# Largest discount off list, in per cent, by level; freight, commissioning and witnessed tests are not discountable.
DISCOUNT_LIMITS: Final = (("own", Decimal(5)), ("bm", Decimal(12)), ("sal_dm", Decimal(20)))
LOWEST_MARGIN: Final = Decimal(15)


def price_level(discount_percent: Decimal, margin_percent: Decimal) -> str:
    """The lowest level that may approve the price: `own`, `bm`, `sal_dm` or `ex`.

    A margin below 15 % goes to an executive whatever the discount.
    """
    if margin_percent < LOWEST_MARGIN:
        return "ex"
    for level, limit in DISCOUNT_LIMITS:
        if discount_percent <= limit:
            return level
    return "ex"
