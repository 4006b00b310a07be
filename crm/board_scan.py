"""Counting the boards: once a night, and again when a rule changes; three statements over all customers, one transaction.

Pages then read only the roll-up, whatever the size of the company. A kill in the middle leaves the old count.
"""

import time as stopwatch
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.params import param
from crm.authenticity import BELIEVABLE
from crm.board_choices import BANDS, DOUBTED, NO_PHONE, SCORED, UNVERIFIED
from crm.completeness import STALE_AFTER, TARGETS
from crm.models import BoardRun

NIGHT = time(5, 0)
"""Local time from which the day's count is due: after completeness, pool and standing of the night."""

COUNTED = "c.deleted_at IS NULL AND NOT c.historical AND c.status = 'active' AND c.kind <> 'internal_dept'"
"""Which customers count: active ones outside our own house."""

ROWS = """
WITH known AS (
  SELECT p.customer_id, count(*) AS people FROM (
         SELECT customer_id, author_id AS person FROM crm_activity WHERE occurred_at >= %(known_since)s
          UNION
         SELECT k.customer_id, t.user_id FROM crm_contacttie t JOIN crm_contact k ON k.id = t.contact_id
          WHERE k.deleted_at IS NULL) p
    JOIN accounts_user u ON u.id = p.person AND u.is_active GROUP BY p.customer_id),
people AS (
  SELECT customer_id, count(*) AS here, count(*) FILTER (WHERE mobile_masked <> '' OR phone_masked <> '') AS reachable
    FROM crm_contact WHERE deleted_at IS NULL AND left_at IS NULL AND NOT contact_removed GROUP BY customer_id)
INSERT INTO crm_boardrow (customer_id, branch_id, owner_id, flags)
SELECT c.id, c.branch_id, c.owner_id, array_remove(ARRAY[
         CASE WHEN k.people = 1 THEN 'one_person' END,
         CASE WHEN k.people IS NULL THEN 'nobody' END,
         CASE WHEN p.here = 1 THEN 'one_contact' END,
         CASE WHEN coalesce(p.reachable, 0) = 0 THEN 'no_phone' END,
         CASE WHEN c.contact_due_at < %(now)s THEN 'silent' END,
         CASE WHEN 'users' = ANY(c.completeness_gaps) OR f.projects_without_user > 0 THEN 'users' END,
         CASE WHEN c.completeness < t.target THEN 'short' END], NULL)::varchar[]
  FROM crm_customer c
  JOIN unnest(%(tiers)s::text[], %(targets)s::int[]) AS t(tier, target) ON t.tier = c.tier
  LEFT JOIN known k ON k.customer_id = c.id LEFT JOIN people p ON p.customer_id = c.id
  LEFT JOIN crm_customerfacts f ON f.customer_id = c.id
 WHERE {counted}
    ON CONFLICT (customer_id) DO UPDATE SET branch_id = excluded.branch_id, owner_id = excluded.owner_id, flags = excluded.flags
 WHERE (crm_boardrow.branch_id, crm_boardrow.owner_id, crm_boardrow.flags)
       IS DISTINCT FROM (excluded.branch_id, excluded.owner_id, excluded.flags)
""".replace("{counted}", COUNTED)

GONE = (
    "DELETE FROM crm_boardrow b USING crm_customer c WHERE c.id = b.customer_id AND NOT ({counted})".replace(
        "{counted}", COUNTED
    )
)

CELLS = """
WITH r AS (
  SELECT b.branch_id, b.owner_id, b.flags, c.id, c.tier, c.stage, c.industry, c.province_code, c.kind, c.completeness,
         c.completeness_gaps, coalesce(f.signed_amount_24m, 0) AS amount,
         (SELECT max(lower) FROM unnest(%(bands)s::int[]) AS lower WHERE lower <= c.completeness)::text AS band
    FROM crm_boardrow b JOIN crm_customer c ON c.id = b.customer_id
    LEFT JOIN crm_customerfacts f ON f.customer_id = c.id)
INSERT INTO crm_boardcount (branch_id, owner_id, dimension, value, across, count, amount)
SELECT r.branch_id, r.owner_id, d.dimension, d.value, r.tier, count(*), sum(d.amount)
  FROM r CROSS JOIN LATERAL (VALUES ('all', '', r.amount), ('stage', r.stage, r.amount), ('industry', r.industry, r.amount),
         ('province', r.province_code, r.amount), ('kind', r.kind, r.amount), ('band', r.band, r.completeness))
         AS d(dimension, value, amount)
 WHERE d.value IS NOT NULL GROUP BY 1, 2, 3, 4, 5
 UNION ALL
SELECT r.branch_id, r.owner_id, 'flag', flag, r.tier, count(*), sum(r.amount)
  FROM r, unnest(r.flags) AS flag GROUP BY 1, 2, 4, 5
 UNION ALL
SELECT r.branch_id, r.owner_id, 'gap', gap, r.kind, count(*), 0
  FROM r, unnest(r.completeness_gaps) AS gap GROUP BY 1, 2, 4, 5
 UNION ALL
SELECT r.branch_id, r.owner_id, 'contacts', s.sign, r.tier, count(*), 0
  FROM r JOIN crm_contact k ON k.customer_id = r.id AND k.deleted_at IS NULL AND k.left_at IS NULL AND NOT k.contact_removed
 CROSS JOIN LATERAL (VALUES (%(no_phone)s, k.mobile_masked = '' AND k.phone_masked = ''),
                            (%(unverified)s, coalesce(k.verified_at, k.created_at) < %(stale)s)) AS s(sign, met)
 WHERE s.met GROUP BY 1, 2, 4, 5
 UNION ALL
SELECT r.branch_id, a.author_id, 'logs', s.sign, '', count(*), sum(a.score)
  FROM r JOIN crm_activity a ON a.customer_id = r.id AND a.occurred_at >= %(logs_since)s AND a.occurred_at < %(now)s
   AND a.score IS NOT NULL
 CROSS JOIN LATERAL (VALUES (%(scored)s, true), (%(doubted)s, a.score < %(believable)s)) AS s(sign, met)
 WHERE s.met GROUP BY 1, 2, 4, 5
"""


def rules_of(now: datetime) -> dict[str, Any]:
    """The parameters a count depends on; another value means another count."""
    keys = ("crm.known_within_days", "crm.board_log_days", "crm.users_unmet_days", "crm.cadence_days")
    return {key: param(key, at=now) for key in keys} | {"targets": TARGETS}


def is_due(run: BoardRun, rules: dict[str, Any], now: datetime) -> bool:
    """Whether the customers must be counted: never counted, a new day after 05:00, or other rules."""
    if run.counted_at is None or run.rules != rules:
        return True
    local, last = timezone.localtime(now), timezone.localtime(run.counted_at)
    return local.time() >= NIGHT and (last.date() < local.date() or last.time() < NIGHT)


def count_boards(now: datetime, *, force: bool = False) -> int:
    """Count signs and cells anew where that is due; returns the customers counted, 0 when nothing was due."""
    rules = rules_of(now)
    BoardRun.objects.get_or_create(pk=1)
    with transaction.atomic():
        run = BoardRun.objects.select_for_update().get(pk=1)
        if not force and not is_due(run, rules, now):
            return 0
        started = stopwatch.monotonic()
        run.customers = _count(rules, now)
        run.milliseconds = round((stopwatch.monotonic() - started) * 1000)
        run.counted_at, run.rules = now, rules
        run.save()
    return run.customers


def _count(rules: dict[str, Any], now: datetime) -> int:
    values = {
        "now": now,
        "known_since": now - timedelta(days=rules["crm.known_within_days"]),
        "logs_since": now - timedelta(days=rules["crm.board_log_days"]),
        "stale": now - STALE_AFTER,
        "tiers": list(TARGETS),
        "targets": list(TARGETS.values()),
        "bands": [lower for lower, _below in BANDS],
        "no_phone": NO_PHONE,
        "unverified": UNVERIFIED,
        "scored": SCORED,
        "doubted": DOUBTED,
        "believable": BELIEVABLE,
    }
    with connection.cursor() as cursor:
        cursor.execute(ROWS, values)
        cursor.execute(GONE)
        cursor.execute("DELETE FROM crm_boardcount")
        cursor.execute(CELLS, values)
        cursor.execute("SELECT count(*) FROM crm_boardrow")
        return int(cursor.fetchone()[0])
