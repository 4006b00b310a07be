"""Many numbers opened in a short time by one person: told to whoever guards personal data, once per run. Pure, then rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts import duties
from accounts.choices import Flag
from accounts.models import User
from core import audit
from core.models import AuditEntry
from core.notify import notify
from core.params import param

REVEAL, BURST = "crm.reveal_contact", "crm.burst_of_reveals"
LOOKED_BACK = timedelta(days=1)


def burst_began(moments: Sequence[datetime], *, most: int, within: timedelta) -> datetime | None:
    """When the present run of openings began, if it has become a burst with its latest opening; else None.

    `moments` are one person's openings, oldest first. A run ends with a pause longer than `within`; a burst is more than
    `most` of them inside `within`.
    """
    if not moments:
        return None
    latest = moments[-1]
    if sum(latest - moment <= within for moment in moments) <= most:
        return None
    began = latest
    for moment in reversed(moments):
        if began - moment > within:
            break
        began = moment
    return began


def watch_reveals(*, by: Any, now: datetime) -> bool:
    """Tell the personal data officers and supervision when this person's openings became a burst; returns whether told.

    Call it after the opening was recorded, in its transaction.
    """
    limits = param("crm.reveal_burst", at=now)
    opened = AuditEntry.objects.filter(actor=by, code=REVEAL, at__gt=now - LOOKED_BACK, at__lte=now)
    moments = list(opened.order_by("at", "seq").values_list("at", flat=True))
    within = timedelta(minutes=int(limits["minutes"]))
    began = burst_began(moments, most=int(limits["count"]), within=within)
    if began is None:
        return False
    told = notify(
        _guards(by, now),
        "crm.reveal_burst",
        by,
        now=now,
        dedupe_key=f"reveals:{by.pk}:{began.isoformat()}",
        data={"count": int(limits["count"]), "minutes": int(limits["minutes"])},
    )
    if told:
        audit.record(BURST, by, by=by, now=now, data={"since": began.isoformat(), "opened": len(moments)})
    return bool(told)


def _guards(by: Any, now: datetime) -> list[User]:
    """The officers for personal data and the head of supervision; nobody is told of themselves."""
    supervision = duties.unit_by_code(duties.SUPERVISION_CODE)
    head = duties.head_of(supervision) if supervision is not None else None
    people = [*User.objects.with_flag(Flag.PRIVACY_OFFICER, now), *([head] if head is not None else [])]
    return [person for person in people if person.pk != by.pk]
