"""Who is asked and told about an export: the CRM office or an executive, whoever asked, the auditors."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.choices import Role
from accounts.models import User
from core.calendars import work_calendar
from core.notify import notify
from core.tasks_list import open_task
from core.workdays import end_of_nth_working_day

if TYPE_CHECKING:
    from crm.models import Export

APPROVE_EXPORT_TASK = "crm.approve_export"
FETCH_EXPORT_TASK = "crm.fetch_export"


def approving_role(owner: Any) -> str:
    """The CRM office approves; an executive does when the office itself asks."""
    return Role.EX if owner.authority().has_role(Role.CO) else Role.CO


def ask_approval(export: "Export", now: datetime) -> None:
    """Put the wish on the lists of those who may approve it, due within a working day, and tell them.

    Where nobody works in the CRM office, the executives are asked.
    """
    due_at = end_of_nth_working_day(now, 1, work_calendar(export.branch.calendar_code))
    others = User.objects.exclude(pk=export.owner_id)
    approvers = others.holding(approving_role(export.owner), now=now) or others.holding(Role.EX, now=now)
    for user in approvers:
        open_task(APPROVE_EXPORT_TASK, export, user, due_at=due_at)
    notify(
        approvers,
        "crm.export_asked",
        export,
        now=now,
        dedupe_key=f"export:{export.pk}:asked",
        data={"rows": export.rows},
    )


def tell_auditors(export: "Export", now: datetime) -> None:
    """Tell those who read the log that a list was let out."""
    notify(
        User.objects.holding(Role.AU, now=now),
        "crm.export_approved",
        export,
        now=now,
        dedupe_key=f"export:{export.pk}:approved",
        data={"rows": export.rows},
    )


def tell_owner(export: "Export", code: str, now: datetime) -> None:
    """Tell whoever asked what became of the wish."""
    notify([export.owner], code, export, now=now, dedupe_key=f"export:{export.pk}:{export.version}:{code}")


def offer_file(export: "Export", now: datetime) -> None:
    """Tell whoever asked that the file lies ready, and keep it on their list until fetched or gone."""
    assert export.link_until is not None
    open_task(FETCH_EXPORT_TASK, export, export.owner, due_at=export.link_until)
    tell_owner(export, "crm.export_ready", now)
