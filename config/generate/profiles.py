"""How many rows each size has, and the search words whose hits are known."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Profile:
    """Counts of one size. `busy` is how many activities the one busy customer has; the others share the rest."""

    customers: int
    contacts: int
    activities: int
    tickets: int
    follow_ups: int
    busy: int


PROFILES: Final = {
    "XS": Profile(customers=400, contacts=900, activities=1_200, tickets=900, follow_ups=500, busy=150),
    "S": Profile(
        customers=10_000, contacts=30_000, activities=30_000, tickets=30_000, follow_ups=10_000, busy=2_000
    ),
    "M": Profile(
        customers=100_000,
        contacts=1_000_000,
        activities=300_000,
        tickets=100_000,
        follow_ups=100_000,
        busy=5_000,
    ),
}

RARE, RARE_HITS = "云帆", 40
ONCE = "沧澜锦程"
BROAD, BROAD_PERCENT = "科技", 8
ABSENT = "鲲鹏"
