"""The pool's clocks at night and in the morning: a handful of statements over all customers, each effect exactly once."""

import time as stopwatch
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.choices import Role
from accounts.duties import holders, manager_of
from accounts.models import OrgUnit, User
from core import audit
from core.calendars import work_calendar
from core.notify import notify
from core.params import param
from core.sweep import for_each_due
from core.workdays import end_of_nth_working_day
from crm.assignment_classes import AMOUNT_ABOVE_M20, AMOUNT_OF_M60
from crm.choices import PoolStatus
from crm.models import Customer, PoolRun
from crm.operations import ask_assignment, managers_of
from crm.operations.moves import let_go, quiet_tasks
from crm.operations.pool import resting_place
from crm.pool_choices import PoolMove, PoolReason
from crm.pool_clock import local_day, pool_rules, refresh_due
from crm.pool_rules import LAST_NOTICE, SEGMENTS, VIP, step_reached

NIGHT, MORNING = time(2, 30), time(8, 30)


def once_a_day(step: str, at: time, now: datetime, work: Callable[[datetime], tuple[int, int]]) -> int:
    """Run `work` (→ looked at, moved) in one transaction, once a local day, at or after a time of day; returns what moved."""
    local = timezone.localtime(now)
    if local.time() < at:
        return 0
    PoolRun.objects.get_or_create(day=local.date(), step=step)
    with transaction.atomic():
        run = PoolRun.objects.select_for_update().get(day=local.date(), step=step)
        if run.finished_at is not None:
            return 0
        started = stopwatch.monotonic()
        run.looked_at, run.moved = work(now)
        run.milliseconds = round((stopwatch.monotonic() - started) * 1000)
        run.finished_at = now
        run.save()
    return run.moved


def recycle_tonight(now: datetime) -> int:
    """02:30: how each customer is served, each one's last day, and what passed it goes to the pool."""
    return once_a_day("recycle", NIGHT, now, _recycle)


def warn_this_morning(now: datetime) -> int:
    """08:30: notices to owners before the last day, alarms about silent key accounts, queues the managers left standing."""
    return once_a_day("warn", MORNING, now, _warn)


# --- night ----------------------------------------------------------------------------------------------------------------

CLASSIFY = """
UPDATE crm_customer c SET assignment_class = n.served, assignment_reason = n.why
  FROM (SELECT o.id,
               CASE WHEN o.tier = 'vip' THEN 'one_to_one'
                    WHEN o.tier = 'professional' AND coalesce(f.signed_amount_24m, 0) >= %(m60)s THEN 'one_to_one'
                    WHEN o.tier = 'standard' AND coalesce(f.signed_amount_24m, 0) < %(m20)s
                         AND coalesce(f.orders_36m, 0) <= 1 THEN 'care_pool'
                    ELSE 'one_to_many' END AS served,
               CASE WHEN o.tier = 'vip' THEN 'vip'
                    WHEN o.tier = 'professional' AND coalesce(f.signed_amount_24m, 0) >= %(m60)s THEN 'large'
                    WHEN o.tier = 'professional' THEN 'professional'
                    WHEN o.tier = 'standard' AND coalesce(f.signed_amount_24m, 0) < %(m20)s
                         AND coalesce(f.orders_36m, 0) <= 1 THEN 'small'
                    WHEN o.tier = 'standard' THEN 'standard'
                    ELSE 'prospect' END AS why
          FROM crm_customer o LEFT JOIN crm_customerfacts f ON f.customer_id = o.id
         WHERE o.deleted_at IS NULL AND NOT o.historical AND o.department_id IS NULL) n
 WHERE n.id = c.id AND (c.assignment_class <> n.served OR c.assignment_reason <> n.why)
"""

RECYCLE = """
WITH old AS (
  SELECT c.id, c.owner_id, c.pool_due_limit AS clock,
         CASE c.pool_due_limit WHEN 'contact' THEN 'no_follow_up' WHEN 'opportunity' THEN 'no_opportunity'
                               ELSE 'no_deal' END AS why
    FROM crm_customer c
   WHERE c.pool_due_on < %(today)s AND c.owner_id IS NOT NULL AND c.deleted_at IS NULL AND c.tier <> 'vip'
     AND EXISTS (SELECT 1 FROM crm_poolnotice n WHERE n.customer_id = c.id AND n.due_on = c.pool_due_on
                    AND n.step = %(last)s AND n.given_on < %(today)s)
   ORDER BY c.id FOR UPDATE SKIP LOCKED),
moved AS (
  UPDATE crm_customer c
     SET owner_id = NULL, pool_entered_at = %(now)s, pool_reason = old.why, owned_since = NULL, claim_due_at = NULL,
         pool_status = CASE c.assignment_class WHEN 'one_to_one' THEN 'queue' WHEN 'care_pool' THEN 'care'
                                               ELSE 'pool' END,
         pool_due_on = NULL, pool_due_limit = '', version = c.version + 1, updated_at = %(now)s
    FROM old WHERE old.id = c.id
  RETURNING c.id, c.branch_id, old.owner_id, old.why, old.clock)
INSERT INTO crm_poolevent (customer_id, branch_id, at, move, reason, rule, note, from_owner_id)
SELECT id, branch_id, %(now)s, 'recycled', why, clock, '', owner_id FROM moved
RETURNING customer_id, from_owner_id
"""


def reclassify() -> int:
    """Write how each customer is served, for all in one statement; says in SQL what `assignment_classes.classify` says."""
    with connection.cursor() as cursor:
        cursor.execute(CLASSIFY, {"m60": AMOUNT_OF_M60, "m20": AMOUNT_ABOVE_M20})
        return cursor.rowcount


def _recycle(now: datetime) -> tuple[int, int]:
    today = local_day(now)
    reclassify()
    _key_accounts_leave_the_pool(now)
    looked_at = refresh_due(now)
    with connection.cursor() as cursor:
        cursor.execute(RECYCLE, {"today": today, "now": now, "last": str(LAST_NOTICE)})
        moved = cursor.fetchall()
    quiet_tasks([pk for pk, _owner in moved], now)
    _tell_of_recycled(moved, now)
    return looked_at, len(moved)


def _tell_of_recycled(moved: list[tuple[int, int]], now: datetime) -> None:
    """The audit entries of what was recycled, one notice a former owner, and tasks for what waits for a manager."""
    customers = Customer.objects.filter(pk__in=[pk for pk, _owner in moved]).select_related("branch__head")
    rows = list(customers.defer("search_terms"))
    owners = dict(moved)
    audit.record_many(
        "crm.recycle_customer",
        rows,
        by=None,
        now=now,
        data_of=lambda row: {"from": owners[row.pk], "to": row.pool_status, "because": row.pool_reason},
    )
    for row in rows:
        if row.pool_status == PoolStatus.QUEUE:
            ask_assignment(row, now=now)
    counts: dict[int, int] = defaultdict(int)
    for owner in owners.values():
        counts[owner] += 1
    for person in User.objects.filter(pk__in=counts):
        key, data = f"pool-recycled:{local_day(now)}", {"count": counts[person.pk]}
        notify([person], "crm.customers_recycled", None, now=now, dedupe_key=key, data=data)


def _key_accounts_leave_the_pool(now: datetime) -> None:
    """A customer that became a key account while it waited in a pool is for the manager to assign, not for claiming."""
    rows = Customer.objects.alive().filter(pool_status__in=[PoolStatus.POOL, PoolStatus.CARE], tier="vip")
    for row in rows.select_for_update(of=("self",)).select_related("branch__head"):
        let_go(
            row,
            to=PoolStatus.QUEUE,
            move=PoolMove.QUEUED,
            code="crm.queue_customer",
            reason=PoolReason.BECAME_VIP,
            by=None,
            now=now,
        )
        ask_assignment(row, now=now)


# --- morning --------------------------------------------------------------------------------------------------------------

GIVE_NOTICE = """
INSERT INTO crm_poolnotice (customer_id, due_on, step, given_on)
SELECT c.id, c.pool_due_on, %(step)s, %(today)s FROM crm_customer c
 WHERE c.pool_due_on BETWEEN %(from)s AND %(to)s AND c.owner_id IS NOT NULL AND c.deleted_at IS NULL
   AND CASE WHEN c.tier IN ('vip', 'professional', 'standard') THEN c.tier ELSE 'prospect' END = %(segment)s
    ON CONFLICT DO NOTHING RETURNING customer_id
"""

SILENT_VIPS = """
INSERT INTO crm_poolnotice (customer_id, due_on, step, given_on)
SELECT c.id, s.since, %(step)s, %(today)s
  FROM crm_customer c
 CROSS JOIN LATERAL (SELECT (greatest(c.last_verified_contact_at, coalesce(c.owned_since, c.created_at))
                             AT TIME ZONE %(zone)s)::date AS since) s
 WHERE c.tier = 'vip' AND c.deleted_at IS NULL AND NOT c.historical AND s.since + %(days)s <= %(today)s
    ON CONFLICT DO NOTHING RETURNING customer_id
"""

LATE_QUEUE = """
INSERT INTO crm_poolnotice (customer_id, due_on, step, given_on)
SELECT DISTINCT c.id, (c.pool_entered_at AT TIME ZONE %(zone)s)::date, %(step)s, %(today)s
  FROM crm_customer c JOIN core_task t ON t.kind = 'crm.assign_customer' AND t.object_kind = 'crm.customer'
   AND t.object_id = c.id AND t.closed_at IS NULL AND t.due_at < %(before)s
 WHERE c.pool_status = 'queue' AND c.deleted_at IS NULL
    ON CONFLICT DO NOTHING RETURNING customer_id
"""


def _warn(now: datetime) -> tuple[int, int]:
    looked_at = refresh_due(now)
    return looked_at, _warn_owners(now) + _alarm_about_vips(now) + _escalate_queue(now)


def _warn_owners(now: datetime) -> int:
    today, rules, given = local_day(now), pool_rules(now), 0
    for segment in SEGMENTS:
        for days, start, end in _windows(rules[segment]["notices"], today):
            arguments = {"step": str(days), "today": today, "from": start, "to": end, "segment": segment}
            with connection.cursor() as cursor:
                cursor.execute(GIVE_NOTICE, arguments)
                ids = [pk for (pk,) in cursor.fetchall()]
            given += _tell_owners(ids, days, now)
    return given


def _windows(notices: list[int], today: date) -> list[tuple[int, date, date]]:
    """For each notice the last days it speaks of today; together they cover all days up to the first notice."""
    found: dict[int, list[date]] = {}
    for ahead in range(-1, max(notices) + 1):
        day = today + timedelta(days=ahead)
        step = step_reached(day, notices, today)
        if step is not None:
            found.setdefault(step, []).append(day)
    past = date(1970, 1, 1)
    return [(step, past if step == min(notices) else min(days), max(days)) for step, days in found.items()]


def _tell_owners(ids: list[int], days: int, now: datetime) -> int:
    rows = Customer.objects.filter(pk__in=ids).select_related("owner").defer("search_terms")
    for row in rows:
        assert row.pool_due_on is not None
        key = f"pool:{row.pk}:{row.pool_due_on}:{days}"
        data = {"days": max((row.pool_due_on - local_day(now)).days, 0), "date": row.pool_due_on.isoformat()}
        notify(
            [row.owner], "crm.pool_warning", row, now=now, dedupe_key=key, data=data, mail=days <= LAST_NOTICE
        )
    return len(ids)


def _alarm_about_vips(now: datetime) -> int:
    """A key account is never recycled; silence of 30 days goes to the branch manager, of 45 to the executives."""
    limits, told = pool_rules(now)[VIP], 0
    arguments = {"today": local_day(now), "zone": timezone.get_current_timezone_name()}
    for step, days in (("vip_bm", limits["alert_manager"]), ("vip_ex", limits["alert_executive"])):
        with connection.cursor() as cursor:
            cursor.execute(SILENT_VIPS, {**arguments, "step": step, "days": days})
            ids = [pk for (pk,) in cursor.fetchall()]
        executives = holders(Role.EX, now) if step == "vip_ex" and ids else []
        for row in Customer.objects.filter(pk__in=ids).select_related("branch__head").defer("search_terms"):
            people = executives or managers_of(row.branch, now)
            key = f"vip-silent:{row.pk}:{step}:{local_day(now)}"
            told += notify(people, "crm.vip_silent", row, now=now, dedupe_key=key, data={"days": days})
    return told


def _escalate_queue(now: datetime) -> int:
    """Whom the manager did not give an owner in time: L1 to the manager's superior, L2 and L3 to the executives, each once."""
    days = param("crm.queue_escalation", at=now)
    stuck = (("queue_l2", days["executives"]), ("queue_l3", days["again"]))
    told = _tell_of_queue("queue", now, "crm.queue_late", now)
    for step, late in stuck:
        told += _tell_of_queue(step, working_days_before(now, late), "crm.queue_stuck", now, days=late)
    return told


def _tell_of_queue(step: str, before: datetime, code: str, now: datetime, **data: int) -> int:
    """One notice a branch and day about customers whose assignment was due `before`; returns how many customers are new."""
    zone = timezone.get_current_timezone_name()
    arguments = {"today": local_day(now), "zone": zone, "before": before, "step": step}
    with connection.cursor() as cursor:
        cursor.execute(LATE_QUEUE, arguments)
        ids = [pk for (pk,) in cursor.fetchall()]
    counts: dict[int, int] = defaultdict(int)
    for branch in Customer.objects.filter(pk__in=ids).values_list("branch_id", flat=True):
        counts[branch] += 1
    for unit in OrgUnit.objects.filter(pk__in=counts).select_related("head"):
        people = [] if step != "queue" else [manager_of(manager) for manager in managers_of(unit, now)]
        people = [one for one in people if one] or holders(Role.EX, now)
        key = f"{step.replace('queue', 'queue-late')}:{unit.pk}:{local_day(now)}"
        notify(people, code, unit, now=now, dedupe_key=key, data={"count": counts[unit.pk], **data})
    return len(ids)


def working_days_before(now: datetime, days: int) -> datetime:
    """The end of the day since which so many working days have passed in full."""
    calendar, day = work_calendar(), local_day(now)
    while days:
        day -= timedelta(days=1)
        days -= calendar.is_working_day(day)
    return timezone.make_aware(datetime.combine(day, time()))


# --- every quarter of an hour ---------------------------------------------------------------------------------------------

KEEP_CLAIMS = """
UPDATE crm_customer SET claim_due_at = NULL
 WHERE claim_due_at IS NOT NULL AND deleted_at IS NULL AND last_verified_contact_at >= owned_since
"""


def settle_claims(now: datetime) -> int:
    """Claims that were worked are kept; what had no two-way contact by its day goes back, and the claimant is told."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP_CLAIMS)
    late = (
        Customer.objects.alive()
        .filter(claim_due_at__lt=now, owner__isnull=False)
        .order_by("claim_due_at", "pk")
    )
    return for_each_due(
        "crm.settle_claims", late.select_related("owner", "branch"), lambda row: _lapse(row, now)
    )


def _lapse(row: Customer, now: datetime) -> None:
    former = let_go(
        row,
        to=resting_place(row),
        move=PoolMove.LAPSED,
        code="crm.lapse_customer",
        reason=PoolReason.CLAIM_LAPSED,
        by=None,
        now=now,
    )
    key = f"pool-lapsed:{row.pk}:{row.version}"
    notify([former], "crm.claim_lapsed", None, now=now, dedupe_key=key, data={"code": row.code})
    if row.pool_status == PoolStatus.QUEUE:
        ask_assignment(row, now=now)


def release_leavers(now: datetime) -> int:
    """Customers of closed accounts that nobody handed over within a working day wait for their branch manager."""
    gone = User.objects.filter(is_active=False, deactivated_at__lt=now, customers__isnull=False).distinct()
    left: list[Any] = [
        person.pk
        for person in gone
        if person.deactivated_at and end_of_nth_working_day(person.deactivated_at, 1, work_calendar()) < now
    ]
    rows = Customer.objects.alive().filter(owner__in=left, historical=False).order_by("pk")
    return for_each_due(
        "crm.release_leavers", rows.select_related("branch__head"), lambda row: _release(row, now)
    )


def _release(row: Customer, now: datetime) -> None:
    let_go(
        row,
        to=PoolStatus.QUEUE,
        move=PoolMove.QUEUED,
        code="crm.queue_customer",
        reason=PoolReason.LEAVER,
        by=None,
        now=now,
    )
    ask_assignment(row, now=now)
