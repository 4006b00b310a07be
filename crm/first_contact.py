"""Customers given to somebody who then does not speak with them: told to the owner, the manager, the manager's superior.

A claim goes back by itself (`crm.pool_scan.settle_claims`); what a manager assigned does not, so it climbs instead.
Each step once per assignment: the notice row is written in the transaction that tells, whatever dies in between.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.choices import Role
from accounts.duties import holders, manager_of
from accounts.models import OrgUnit, User
from core.notify import notify
from core.params import param
from crm.models import Customer
from crm.operations import managers_of
from crm.pool_clock import local_day
from crm.pool_scan import MORNING, once_a_day, working_days_before

LONGEST_AGO = timedelta(days=60)
"""An assignment older than that is the pool clock's business."""

UNMET = """
INSERT INTO crm_poolnotice (customer_id, due_on, step, given_on)
SELECT c.id, (c.owned_since AT TIME ZONE %(zone)s)::date, %(step)s, %(today)s
  FROM crm_customer c
 WHERE c.owned_since >= %(oldest)s AND c.owned_since < %(before)s AND c.owner_id IS NOT NULL
   AND c.deleted_at IS NULL AND NOT c.historical AND c.claim_due_at IS NULL
   AND (c.last_verified_contact_at IS NULL OR c.last_verified_contact_at < c.owned_since)
   AND EXISTS (SELECT 1 FROM crm_poolevent e WHERE e.customer_id = c.id AND e.at = c.owned_since
                  AND e.move IN ('assigned', 'transferred') AND e.actor_id IS DISTINCT FROM c.owner_id)
    ON CONFLICT DO NOTHING RETURNING customer_id
"""


def escalate_unmet(now: datetime) -> int:
    """08:30: who was assigned a customer and had no two-way contact in time is reminded, then it climbs; returns how many."""
    return once_a_day("unmet", MORNING, now, _escalate)


def _escalate(now: datetime) -> tuple[int, int]:
    days = param("crm.first_contact", at=now)
    told = _tell_owners(_unmet("met_own", days["owner"], now), days["owner"], now)
    told += _tell_managers(_unmet("met_bm", days["manager"], now), days["manager"], now)
    told += _tell_superiors(_unmet("met_ex", days["executives"], now), days["executives"], now)
    return told, told


def _unmet(step: str, days: int, now: datetime) -> list[Customer]:
    """Customers assigned so many working days ago for which this step was not taken yet."""
    arguments = {
        "step": step, "today": local_day(now), "zone": timezone.get_current_timezone_name(),
        "before": working_days_before(now, days), "oldest": now - LONGEST_AGO,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(UNMET, arguments)
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(Customer.objects.filter(pk__in=ids).only("pk", "owner", "branch").order_by("pk"))


def _counted(rows: Iterable[Customer], column: str) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for row in rows:
        counts[getattr(row, column)] += 1
    return dict(counts)


def _tell_owners(rows: list[Customer], days: int, now: datetime) -> int:
    counts = _counted(rows, "owner_id")
    for person in User.objects.filter(pk__in=counts):
        data, key = {"count": counts[person.pk], "days": days}, f"unmet-own:{person.pk}:{local_day(now)}"
        notify([person], "crm.unmet_own", None, now=now, dedupe_key=key, data=data)
    return len(rows)


def _tell_managers(rows: list[Customer], days: int, now: datetime) -> int:
    counts = _counted(rows, "owner_id")
    for person in User.objects.filter(pk__in=counts).select_related("unit"):
        managers = managers_of(person.branch, now) if person.branch else []
        _tell([one for one in managers if one.pk != person.pk], "crm.unmet_of", person, counts, days, now)
    return len(rows)


def _tell_superiors(rows: list[Customer], days: int, now: datetime) -> int:
    counts = _counted(rows, "branch_id")
    for unit in OrgUnit.objects.filter(pk__in=counts).select_related("head"):
        above = [one for one in map(manager_of, managers_of(unit, now)) if one]
        _tell(above or holders(Role.EX, now), "crm.unmet_in", unit, counts, days, now)
    return len(rows)


def _tell(
    people: Iterable[Any], code: str, about: Any, counts: dict[int, int], days: int, now: datetime
) -> None:
    key = f"{code}:{about.pk}:{local_day(now)}"
    data = {"count": counts[about.pk], "days": days}
    notify(people, code, about, now=now, dedupe_key=key, data=data)
