"""Groups of customers that other parts may ask for: who is in one, as far as this reader may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from django.utils.datastructures import MultiValueDict

from core.keyset import capped_count
from crm.filters import CustomerFilter
from crm.models import Customer, Segment, SegmentMember

NOT_KEPT = ("segment", "ordering", "cursor", "columns")


class Reader(NamedTuple):
    """Who asks; filters that depend on the person read this."""

    user: Any


def filter_of(query: str) -> MultiValueDict[str, str]:
    """The filters of an address; a segment inside a segment is left out, so that none asks for itself."""
    parts: Mapping[str, list[str]] = parse_qs(query, max_num_fields=60)
    return MultiValueDict({name: values for name, values in parts.items() if name not in NOT_KEPT})


def matching(query: str, user: Any) -> Any:
    """The customers the user sees among those a filter finds; nothing for a filter that makes no sense any more."""
    rows = Customer.objects.visible_to(user)
    filterset = CustomerFilter(filter_of(query), queryset=rows, request=Reader(user))
    return filterset.qs if filterset.is_valid() else rows.none()


def members(segment: Segment, user: Any) -> Any:
    """The customers of a segment that the user may see, as a queryset: surveys, offers and exports start from it.

    A filter is asked as its owner would ask it ("mine" stays the owner's), then narrowed to the reader's own rows.
    """
    rows = Customer.objects.visible_to(user)
    if segment.is_frozen:
        noted = SegmentMember.objects.filter(segment=segment)
        return rows.filter(pk__in=noted.values("customer"))
    if user is not None and segment.owner_id == user.pk:
        return matching(segment.query, user)
    return rows.filter(pk__in=matching(segment.query, segment.owner).order_by().values("pk"))


def members_of(pk: Any, user: Any) -> Any:
    """The customers of the segment of that number, if the user may use it; nobody otherwise."""
    segment = Segment.objects.visible_to(user).select_related("owner").filter(pk=pk).first()
    return Customer.objects.none() if segment is None else members(segment, user)


def count_members(segment: Segment, now: datetime) -> Segment:
    """Count the segment for its owner, up to 10,000, and keep the number."""
    segment.size, segment.size_capped = capped_count(members(segment, segment.owner))
    segment.counted_at = now
    segment.save(update_fields=["size", "size_capped", "counted_at", "updated_at"])
    return segment
