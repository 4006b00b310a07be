"""What the files of a contact log say for it or against it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.files import path_of
from core.kinds import kind_of
from core.models import Attachment
from core.photos import taken_at
from crm.choices import ActivityType, Direction, LogFile
from crm.models import Activity

PROOFS = frozenset(LogFile.values) - {LogFile.RECORDING}
WRITTEN = (ActivityType.WECHAT, ActivityType.EMAIL)


@dataclass(frozen=True)
class FilesSay:
    """`reused` — a picture hangs on another log; `hours_off` — the worst photo's distance from the contact, None where
    no photo says when it was taken; `proof` — a reply, a signed sheet or an e-mail that hangs on no other log.
    """

    reused: bool = False
    hours_off: float | None = None
    proof: bool = False


def files_say(activity: Activity) -> FilesSay:
    """Read the files of a log; one statement where there are none, two otherwise."""
    shown = Attachment.objects.filter(object_kind=kind_of(activity), file__removed_at__isnull=True)
    own = list(shown.filter(object_id=activity.pk).select_related("file"))
    if not own:
        return FilesSay()
    prints = {one.file.sha256 for one in own}
    others = shown.exclude(object_id=activity.pk).filter(file__sha256__in=prints)
    elsewhere = set(others.values_list("file__sha256", flat=True))
    pictures = [one.file for one in own if one.file.content_type.startswith("image/")]
    times = [at for one in pictures if (at := taken_at(path_of(one.stored_name))) is not None]
    return FilesSay(
        reused=any(one.sha256 in elsewhere for one in pictures),
        hours_off=max((_hours_from(activity, at) for at in times), default=None),
        proof=any(_proves(activity, one) for one in own if one.file.sha256 not in elsewhere),
    )


def _hours_from(activity: Activity, at: datetime) -> float:
    """How far a moment lies from the contact; nothing while it lasted."""
    ends = activity.occurred_at + timedelta(minutes=activity.duration_minutes or 0)
    return max(activity.occurred_at - at, at - ends, timedelta()) / timedelta(hours=1)


def _proves(activity: Activity, file: Attachment) -> bool:
    """What the customer wrote or signed: said of the file, or whatever hangs on a message that came in."""
    return file.kind in PROOFS or (activity.direction == Direction.IN and activity.type in WRITTEN)
