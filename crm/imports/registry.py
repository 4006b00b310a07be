"""What the customer import tells the ground floor: its worker, notices, time-line events, tasks, rules and scan."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import OutboxMessage, Task
from core.notify import register_notice
from core.outbox import outbox_handler
from core.rules import Refusal, rule
from core.sweep import for_each_due, sweep
from core.tasks_list import TaskLine, register_task_kind
from core.timeline import register_event
from crm.imports.choices import WORKING
from crm.imports.intake import APPROVE_TASK, KIND, work_chunk
from crm.models.imports import ImportBatch


@outbox_handler(KIND)
def do_chunk(payload: Mapping[str, Any], message: OutboxMessage) -> None:
    """The worker's next rows of an import."""
    work_chunk(payload)


@sweep("crm.stopped_imports", every=60)
def stopped_imports(now: datetime) -> int:
    """Mark imports whose chunk failed five times, so that people see it and can let it go on."""
    given_up = OutboxMessage.objects.filter(kind=KIND, state=OutboxMessage.State.QUARANTINED)
    stopped = Q(pk__in=[])
    for payload in given_up.values_list("payload", flat=True):
        stopped |= Q(pk=payload["batch"], version=payload["run"])
    due = ImportBatch.objects.filter(stopped, state__in=WORKING)
    return for_each_due("crm.stopped_imports", due, lambda batch: batch.fail(by=None, now=now))


@rule("crm.approve_importbatch")
def approved_by_another(user: Any, batch: ImportBatch) -> bool | Refusal:
    """Nobody approves what they submitted (separation of duties)."""
    if batch.owner_id == user.pk:
        return Refusal(_("An import is approved by someone other than its submitter."))
    return True


def describe_imports(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """An import waiting for its manager's yes."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = ImportBatch.objects.visible_to(user).filter(pk__in=wanted).select_related("owner")
    return {
        wanted[row.pk]: TaskLine(
            title=_("Approve the import of %(rows)s rows") % {"rows": row.total},
            party=row.owner.name,
            meta=row.file_name,
            url=row.get_absolute_url(),
            action=_("Look at it"),
            action_url=row.get_absolute_url(),
        )
        for row in rows
    }


register_task_kind(
    APPROVE_TASK, label=_("Import approval"), icon="import", chip="approval", describe=describe_imports
)
register_notice(
    "crm.import_pooled",
    _("Import %(subject)s: %(created)s new customers, %(pooled)s of them wait in the pool for an owner."),
    url_name="crm:importbatch_detail",
)
register_notice(
    "crm.import_finished",
    _("Import %(subject)s is done: %(accepted)s of %(total)s rows taken in, %(rejected)s rejected."),
    url_name="crm:importbatch_detail",
)
register_event("crm.import_customer", _("Imported from a list, row %(row)s"), icon="import")
register_event("crm.fill_customer", _("Empty fields filled in from a list"), icon="import")
register_event("crm.fill_contact", _("Empty fields of a contact filled in from a list"), icon="import")
register_event("crm.unfill_customer", _("Fields of an undone import emptied"), icon="history")
register_event("crm.delete_customer", _("Deleted"), icon="trash")
