"""Making, changing and forgetting groups of customers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import NotAllowed, RuleBroken
from core.rules import require
from crm.choices import SegmentAudience
from crm.models import Customer, Segment, SegmentMember
from crm.segments import count_members, matching

MOST_FROZEN = 10_000
COUNTED_AGAIN_AFTER = timedelta(hours=6)


def make_segment(
    *,
    by: Any,
    now: datetime,
    name: str,
    query: str = "",
    note: str = "",
    is_frozen: bool = False,
    audience: str = SegmentAudience.OWN,
) -> Segment:
    """Keep the customers a filter finds as a group: asked anew each time, or noted as they are now.

    Refuses a second group of the same name, a branch group of somebody without a branch, and noting more than
    10,000 customers.
    """
    require(by, "crm.add_segment")
    if Segment.objects.filter(owner=by, name=name).exists():
        raise RuleBroken(errors={"name": [_("You have a segment of this name.")]})
    if audience == SegmentAudience.BRANCH and by.branch is None:
        raise RuleBroken(errors={"audience": [_("You belong to no branch; choose another audience.")]})
    with transaction.atomic():
        segment = Segment.objects.create(
            name=name,
            query=query,
            note=note,
            is_frozen=is_frozen,
            audience=audience,
            owner=by,
            branch=by.branch,
        )
        if is_frozen:
            _note(segment, matching(query, by))
        audit.record("crm.add_segment", segment, by=by, now=now, data={"frozen": is_frozen})
        count_members(segment, now)
    return segment


def _note(segment: Segment, rows: Any) -> None:
    ids = list(rows.order_by().values_list("pk", flat=True)[: MOST_FROZEN + 1])
    if len(ids) > MOST_FROZEN:
        raise RuleBroken(errors={"is_frozen": [_("More than 10,000 customers; keep the filter instead.")]})
    SegmentMember.objects.bulk_create(
        [SegmentMember(segment=segment, customer_id=pk) for pk in ids], batch_size=2000, ignore_conflicts=True
    )


def change_segment(
    *, by: Any, now: datetime, segment: Segment, customers: Iterable[Customer], leave: bool = False
) -> int:
    """Put customers into a noted group of one's own, or take them out; returns how many changed.

    Refuses a group that is a filter, and somebody else's.
    """
    _own(by, segment)
    if not segment.is_frozen:
        raise RuleBroken(_("This segment is a filter; its members change by themselves."))
    ids = [one.pk for one in customers]
    noted = SegmentMember.objects.filter(segment=segment, customer__in=ids)
    with transaction.atomic():
        if leave:
            changed, _kinds = noted.delete()
        else:
            there = set(noted.values_list("customer", flat=True))
            new = [SegmentMember(segment=segment, customer_id=pk) for pk in ids if pk not in there]
            changed = len(SegmentMember.objects.bulk_create(new))
        data = {"customers": changed, "leave": leave}
        audit.record("crm.change_segment", segment, by=by, now=now, data=data)
        count_members(segment, now)
    return changed


def remove_segment(*, by: Any, now: datetime, segment: Segment) -> None:
    """Forget a group of one's own; the customers stay as they are."""
    _own(by, segment)
    with transaction.atomic():
        audit.record("crm.remove_segment", segment, by=by, now=now)
        segment.delete()


def _own(by: Any, segment: Segment) -> None:
    if segment.owner_id != by.pk:
        raise NotAllowed(_("Only %(name)s changes this segment.") % {"name": segment.owner})


def count_due_segments(now: datetime, *, limit: int = 20) -> int:
    """Count the groups whose number is six hours old, a few at a time."""
    old = Q(counted_at__isnull=True) | Q(counted_at__lt=now - COUNTED_AGAIN_AFTER)
    due = Segment.objects.filter(old).select_related("owner").order_by("counted_at", "pk")[:limit]
    rows = list(due)
    for segment in rows:
        count_members(segment, now)
    return len(rows)
