"""The day each customer goes to the pool as known now: one row at a time for a page, all of them in one statement at night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import Delegation
from core.params import param
from crm.choices import HoldKind
from crm.models import Customer
from crm.models.pool import POOL_RULES_PARAM
from crm.pool_rules import SEGMENTS, VIP, Deadline, Signals, deadline, segment_of

HOLDING_FACTS = {
    "open_projects": HoldKind.PROJECT,
    "open_tickets": HoldKind.TICKET,
    "open_complaints": HoldKind.COMPLAINT,
    "overdue_amount": HoldKind.RECEIVABLE,
    "pumps_in_warranty": HoldKind.WARRANTY,
}
"""Facts that keep a customer with its owner while they are above zero, whether or not their app set a hold."""


def pool_rules(at: datetime) -> Mapping[str, Any]:
    """The table of rules in force at an instant."""
    return param(POOL_RULES_PARAM, at=at)


def local_day(at: datetime) -> date:
    """The local date of an instant."""
    return timezone.localtime(at).date()


@dataclass(frozen=True)
class Forecast:
    """What a customer page says about the pool: the last day (None: never, or not while held) and what holds it."""

    deadline: Deadline | None
    holds: Sequence[str] = ()
    held_until: date | None = None
    on_leave_until: date | None = None
    recycles: bool = True

    def days_left(self, now: datetime) -> int | None:
        """Whole days to the last day."""
        return None if self.deadline is None else (self.deadline.due_on - local_day(now)).days


def is_recyclable(customer: Customer) -> bool:
    """Whether the pool's clocks run for this customer at all: owned, ours to sell to, and no key account."""
    return bool(
        customer.owner_id
        and not customer.department_id
        and not customer.historical
        and customer.deleted_at is None
        and segment_of(customer.tier) != VIP
    )


def forecast(customer: Customer, now: datetime) -> Forecast:
    """The clocks of one customer, in three statements at most; says for one what `refresh_due` says for all."""
    if not is_recyclable(customer):
        return Forecast(None, recycles=False)
    facts = getattr(customer, "facts", None)
    kept = [kind for name, kind in HOLDING_FACTS.items() if facts is not None and getattr(facts, name)]
    rows = list(customer.holds.filter(Q(until__isnull=True) | Q(until__gt=now)).values_list("kind", "until"))  # type: ignore[attr-defined]
    kept += [kind for kind, until in rows if until is None]
    ends = [local_day(until) for _kind, until in rows if until is not None]
    leave = Delegation.objects.in_force(now).filter(from_user=customer.owner_id).order_by("-valid_to").first()
    on_leave = local_day(leave.valid_to) if leave is not None and leave.valid_to else None
    held_until = max((*ends, *([on_leave] if on_leave else [])), default=None)
    since = customer.owned_since or customer.created_at
    last_project = facts.last_project_at if facts is not None else None
    signals = Signals(
        segment=segment_of(customer.tier),
        owned_since=local_day(since),
        last_verified=local_day(customer.last_verified_contact_at)
        if customer.last_verified_contact_at
        else None,
        opportunity_since=last_project is not None and last_project >= since,
        last_order=facts.last_order_on if facts is not None else None,
        held=bool(kept),
        held_until=held_until,
    )
    shown = dict.fromkeys([*kept, *(kind for kind, until in rows if until is not None)])
    return Forecast(deadline(signals, pool_rules(now)), tuple(shown), max(ends, default=None), on_leave)


DUE = """
SELECT id, due_on, CASE WHEN due_on IS NULL THEN '' WHEN ends = contact_end THEN 'contact'
                        WHEN ends = opportunity_end THEN 'opportunity' ELSE 'deal' END AS due_limit
  FROM (SELECT id, contact_end, opportunity_end, ends,
               CASE WHEN held THEN NULL ELSE greatest(ends, held_until) END AS due_on
          FROM (SELECT b.*, least(contact_end, opportunity_end, deal_end) AS ends FROM (
    SELECT c.id,
           greatest(since.day, (c.last_verified_contact_at AT TIME ZONE %(zone)s)::date) + r.contact AS contact_end,
           CASE WHEN f.last_project_at >= since.at THEN NULL ELSE since.day + r.opportunity END AS opportunity_end,
           greatest(since.day, f.last_order_on) + r.deal AS deal_end,
           coalesce(h.forever, false) OR coalesce({facts}, false) AS held,
           greatest(h.until, l.until) AS held_until
      FROM crm_customer c
      JOIN unnest(%(segments)s::text[], %(contact)s::int[], %(opportunity)s::int[], %(deal)s::int[])
        AS r(segment, contact, opportunity, deal)
        ON r.segment = CASE WHEN c.tier IN ('vip', 'professional', 'standard') THEN c.tier ELSE 'prospect' END
     CROSS JOIN LATERAL (SELECT coalesce(c.owned_since, c.created_at) AS at,
                                (coalesce(c.owned_since, c.created_at) AT TIME ZONE %(zone)s)::date AS day) since
      LEFT JOIN crm_customerfacts f ON f.customer_id = c.id
      LEFT JOIN (SELECT customer_id, bool_or(until IS NULL) AS forever,
                        max((until AT TIME ZONE %(zone)s)::date) AS until
                   FROM crm_customerhold WHERE until IS NULL OR until > %(now)s GROUP BY customer_id) h
        ON h.customer_id = c.id
      LEFT JOIN (SELECT from_user_id, max((valid_to AT TIME ZONE %(zone)s)::date) AS until
                   FROM accounts_delegation WHERE valid_from <= %(now)s AND valid_to > %(now)s
                  GROUP BY from_user_id) l
        ON l.from_user_id = c.owner_id
     WHERE c.owner_id IS NOT NULL AND c.deleted_at IS NULL AND NOT c.historical AND c.department_id IS NULL
    ) b) e) d
"""


DUE = DUE.replace("{facts}", " OR ".join(f"f.{name} > 0" for name in HOLDING_FACTS))

REFRESH = """
UPDATE crm_customer c SET pool_due_on = n.due_on, pool_due_limit = n.due_limit
  FROM (SELECT o.id, due.due_on, coalesce(due.due_limit, '') AS due_limit
          FROM crm_customer o LEFT JOIN ({due}) due ON due.id = o.id
         WHERE due.id IS NOT NULL OR o.pool_due_on IS NOT NULL) n
 WHERE n.id = c.id AND (c.pool_due_on IS DISTINCT FROM n.due_on OR c.pool_due_limit <> n.due_limit)
""".replace("{due}", DUE)

SIMULATE = """
SELECT u.code, n.days, count(*) FILTER (WHERE due.due_on <= %(today)s::date + n.days)
  FROM ({due}) due JOIN crm_customer c ON c.id = due.id JOIN accounts_orgunit u ON u.id = c.branch_id
 CROSS JOIN unnest(%(days)s::int[]) AS n(days)
 WHERE due.due_on IS NOT NULL GROUP BY u.code, n.days ORDER BY u.code, n.days
""".replace("{due}", DUE)


def _arguments(rules: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    columns = {
        limit: [rules[segment][limit] for segment in SEGMENTS] for limit in ("contact", "opportunity", "deal")
    }
    return {
        "zone": timezone.get_current_timezone_name(),
        "segments": list(SEGMENTS),
        "now": now,
        **columns,
    }


def refresh_due(now: datetime) -> int:
    """Write `pool_due_on` and the clock behind it of every owned customer in one statement; returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, _arguments(pool_rules(now), now))
        return cursor.rowcount


def simulate(rules: Mapping[str, Any], now: datetime, days: Sequence[int]) -> dict[str, dict[str, int]]:
    """How many customers of each branch (by code) would reach their last day within so many days under other rules.

    Reads every owned customer once: for the moment a change is proposed, not for a page that many people open.
    """
    today = local_day(now)
    arguments = {**_arguments(rules, now), "today": today, "days": list(days)}
    with connection.cursor() as cursor:
        cursor.execute(SIMULATE, arguments)
        found: dict[str, dict[str, int]] = {}
        for code, within, number in cursor.fetchall():
            found.setdefault(code, {})[str(within)] = number
        return found
