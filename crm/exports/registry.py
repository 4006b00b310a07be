"""What the export tells the ground floor: its worker, notices, tasks, rules and scan."""

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from core.models import OutboxMessage, Task
from core.notify import register_notice
from core.outbox import outbox_handler
from core.rules import Refusal, rule
from core.sweep import for_each_due, sweep
from core.tasks_list import TaskLine, register_task_kind
from crm.exports.choices import ExportState, StopCode
from crm.exports.people import APPROVE_EXPORT_TASK, FETCH_EXPORT_TASK, approving_role
from crm.exports.review import tell_last_week
from crm.exports.work import KIND, write_export
from crm.models.exports import LINK_FOR, Export

STRAY_AFTER = 2 * 24 * 3600
"""Seconds after which a file nobody offers is what a killed worker left behind."""


@outbox_handler(KIND)
def do_export(payload: Mapping[str, Any], message: OutboxMessage) -> None:
    """The worker writes a list."""
    write_export(payload, message)


@sweep("crm.exports", every=60)
def end_exports(now: datetime) -> int:
    """Delete files whose day is over, and mark exports whose writing failed five times."""
    over = Export.objects.filter(state=ExportState.READY, ready_at__lt=now - LINK_FOR)
    ended = for_each_due("crm.expire_exports", over, lambda row: row.expire(by=None, now=now))
    given_up = OutboxMessage.objects.filter(kind=KIND, state=OutboxMessage.State.QUARANTINED)
    stopped = Q(pk__in=[])
    for payload in given_up.values_list("payload", flat=True):
        stopped |= Q(pk=payload["export"], version=payload["run"])
    due = Export.objects.filter(stopped, state=ExportState.WRITING)
    ended += for_each_due("crm.stop_exports", due, lambda row: row.fail(by=None, now=now, why=StopCode.FAULT))
    _remove_strays()
    return ended


@sweep("crm.exports_of_week", every=3600)
def exports_of_week(now: datetime) -> int:
    """Once a week: how many lists left in the week before."""
    return tell_last_week(now)


def _remove_strays() -> None:
    folder = Path(settings.EXPORT_DIR)
    for path in folder.iterdir() if folder.exists() else ():
        if path.stat().st_mtime < time.time() - STRAY_AFTER:
            path.unlink(missing_ok=True)


@rule("crm.approve_export", "crm.refuse_export")
def answered_by_another(user: Any, export: Export) -> bool | Refusal:
    """Nobody answers their own wish, nor stands in for themselves; the CRM office's own are answered by an executive."""
    if export.owner_id in (user.pk, getattr(user, "on_behalf_of_id", None)):
        return Refusal(_("An export is approved by someone other than who asked for it."))
    if approving_role(export.owner) == Role.EX and not user.authority().has_role(Role.EX):
        return Refusal(_("What the CRM office takes out is approved by an executive."))
    return True


@rule("crm.withdraw_export", "crm.retry_export", "crm.reveal_export", "crm.download_export")
def only_the_owner(user: Any, export: Export) -> bool | Refusal:
    """A list taken out is for the person who gave the reason, for no one who stands in."""
    if export.owner_id != user.pk:
        return Refusal(_("Only the person who asked for this export may download it."))
    return True


def _lines(tasks: list[Task], user: Any, title: Any, action: Any) -> Mapping[int, TaskLine]:
    wanted = {task.object_id: task.pk for task in tasks}
    rows = Export.objects.visible_to(user).filter(pk__in=wanted).select_related("owner")
    return {
        wanted[row.pk]: TaskLine(
            title=title % {"rows": row.rows, "list": row.get_resource_display(), "code": row.code},
            party=row.owner.name,
            meta=row.reason,
            url=row.get_absolute_url(),
            action=action,
            action_url=row.get_absolute_url(),
        )
        for row in rows
    }


def describe_wishes(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """An export waiting for a yes."""
    return _lines(tasks, user, _("Approve the export of %(rows)s rows"), _("Look at it"))


def describe_files(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """A file waiting to be fetched."""
    return _lines(tasks, user, _("Download the export %(code)s: %(list)s"), _("Download"))


register_task_kind(
    APPROVE_EXPORT_TASK, label=_("Export approval"), icon="export", chip="approval", describe=describe_wishes
)
register_task_kind(
    FETCH_EXPORT_TASK, label=_("Export ready"), icon="download", chip="other", describe=describe_files
)
register_notice(
    "crm.export_asked",
    _("Export %(subject)s of %(rows)s rows waits for your approval."),
    url_name="crm:export_detail",
)
register_notice(
    "crm.export_approved",
    _("Export %(subject)s of %(rows)s rows was approved."),
    url_name="crm:export_detail",
)
register_notice(
    "crm.export_ready",
    _("Export %(subject)s is ready; it can be downloaded for a day."),
    url_name="crm:export_detail",
)
register_notice(
    "crm.export_refused",
    _("Export %(subject)s was refused; its page says why."),
    url_name="crm:export_detail",
    tone="warn",
)
register_notice(
    "crm.export_stopped",
    _("Export %(subject)s was not written; its page says why."),
    url_name="crm:export_detail",
    tone="warn",
)
register_notice(
    "crm.exports_of_week",
    _(
        "%(count)s lists were taken out last week, %(full)s of them with full numbers: please look them through."
    ),
    url_name="crm:access_log",
)
