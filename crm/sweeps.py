"""Scans of the customer floor."""

from datetime import datetime, timedelta

from django.utils import timezone

from core.sweep import sweep
from crm import board_scan, digests, duplicate_sweep, first_contact, operations, pool_scan, reminders
from crm.models import CustomerMerge
from crm.operations import access_expiry, authenticity, log_reviews

NIGHT = 2  # the hour, local, in which all customers are compared
SECOND_LOOK = 1  # the hour, local, in which last week's logs are judged among their author's later ones


@sweep("crm.followup_reminders", every=60)
def followup_reminders(now: datetime) -> int:
    """Remind of due and overdue follow-ups; the levels fall due at 08:00, so this is quiet for most of the day."""
    return reminders.remind(now)


@sweep("crm.completeness", every=60)
def completeness_counted(now: datetime) -> int:
    """Count how completely customers are described, where that is unknown or a day old."""
    return operations.count_due_completeness(now)


@sweep("crm.mirror_departments", every=600)
def mirror_departments(now: datetime) -> int:
    """Keep our departments as parties, so that requests, ratings and complaints can point at them."""
    return operations.mirror_departments(now=now)


@sweep("crm.merged_strays", every=300)
def merged_strays(now: datetime) -> int:
    """Move rows that were written on a customer in the very moment it was merged away."""
    fresh = CustomerMerge.objects.done().filter(decided_at__gt=now - timedelta(days=1))
    return sum(operations.merging.move_strays(merge) for merge in fresh.select_related("survivor", "loser"))


@sweep("crm.duplicates", every=3600)
def duplicates(now: datetime) -> int:
    """Compare all customers once a night."""
    return duplicate_sweep.find_pairs(now) if timezone.localtime(now).hour == NIGHT else 0


@sweep("crm.pool_night", every=600)
def pool_night(now: datetime) -> int:
    """At half past two: classes of service, last days, and what passed its last day goes to the pool."""
    return pool_scan.recycle_tonight(now)


@sweep("crm.pool_morning", every=600)
def pool_morning(now: datetime) -> int:
    """At half past eight: notices before the last day, silent key accounts, queues left standing."""
    return pool_scan.warn_this_morning(now)


@sweep("crm.first_contact", every=600)
def first_contact_owed(now: datetime) -> int:
    """At half past eight: assigned customers nobody spoke with are told to the owner, then higher."""
    return first_contact.escalate_unmet(now)


@sweep("crm.settle_claims", every=900)
def settle_claims(now: datetime) -> int:
    """Claimed customers nobody spoke with go back."""
    return pool_scan.settle_claims(now)


@sweep("crm.release_leavers", every=3600)
def release_leavers(now: datetime) -> int:
    """Customers of those who left wait for the branch manager."""
    return pool_scan.release_leavers(now)


@sweep("crm.segments", every=300)
def segments_counted(now: datetime) -> int:
    """Count the members of segments anew, where the number is six hours old."""
    return operations.count_due_segments(now)


@sweep("crm.assess", every=60)
def customers_assessed(now: datetime) -> int:
    """Judge customers whose facts moved, and from 03:30 everybody: tier by month, risk by week, stage, value by quarter."""
    return operations.assess_due(now)


@sweep("crm.contacts_outlived", every=6 * 3600)
def contacts_outlived(now: datetime) -> int:
    """Tell the personal data officers once a month whose data are kept longer than the company set."""
    return operations.tell_outlived(now)


@sweep("crm.expire_overrides", every=600)
def overrides_expired(now: datetime) -> int:
    """End tiers, stages and weights set by hand whose time is over."""
    return operations.expire_overrides(now)


@sweep("crm.boards", every=300)
def boards_counted(now: datetime) -> int:
    """From five in the morning, and when a rule changed: signs on customers and the roll-up the boards show."""
    return board_scan.count_boards(now)


@sweep("crm.digests", every=60)
def digests_prepared(now: datetime) -> int:
    """At 08:40 of a working day: everybody's summary, once a day and person."""
    return digests.prepare_digests(now)


@sweep("crm.logs_second_look", every=3600)
def logs_second_look(now: datetime) -> int:
    """Once a night: bursts, month ends, overlaps and round times show only when the later logs are there."""
    return authenticity.look_again(now) if timezone.localtime(now).hour == SECOND_LOOK else 0


@sweep("crm.logs_drawn", every=3600)
def logs_drawn(now: datetime) -> int:
    """From Monday six o'clock: last week's logs are drawn for review, once."""
    return log_reviews.draw_due_weeks(now)


@sweep("crm.log_reviews", every=600)
def log_reviews_kept(now: datetime) -> int:
    """Findings become final, what nobody decides lapses, what lies with nobody is handed on."""
    return log_reviews.keep_time(now)


@sweep("crm.blur_check_ins", every=3600)
def blur_check_ins(now: datetime) -> int:
    """Places where people checked in are kept to the metre for half a year only."""
    return operations.blur_old_check_ins(now)


@sweep("crm.expire_access_log", every=6 * 3600)
def expire_access_log(now: datetime) -> int:
    """The log of who opened personal data does not stay for ever."""
    return access_expiry.expire_access_log(now)
