"""How the lines of service read on My day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Task
from core.tasks_list import TaskLine, register_task_kind
from service.choices import Progress, TicketState
from service.faults import symptom_label
from service.models import IntakeReport, Ticket

Action = tuple[Any, Any, str]
"""Title of the line, label of the button, name of the page it opens."""

LINES: dict[str, Action] = {
    "service.ticket_dispatch": (_("Dispatch %(code)s"), _("Dispatch"), "service:dispatch_board"),
    "service.ticket_offer": (_("Answer the offer of %(code)s"), _("Answer"), "service:ticket_detail"),
    "service.ticket_work": (_("Work on %(code)s"), _("Open"), "service:ticket_detail"),
    "service.ticket_late": (_("%(code)s is past a promised time"), _("Look"), "service:ticket_detail"),
    "service.ticket_reopened": (_("%(code)s keeps coming back"), _("Look"), "service:ticket_detail"),
    "service.report": (_("Write the report of %(code)s"), _("Report"), "service:ticket_finish"),
    "service.confirm_chase": (_("Ask the customer to confirm %(code)s"), _("Confirm"), "service:ticket_confirm"),
    "service.call_back": (_("Call back about %(code)s"), _("Call back"), "service:ticket_call_back"),
}  # fmt: skip
ICONS = {
    "service.ticket_dispatch": "dispatch",
    "service.report": "document",
    "service.confirm_chase": "phone",
    "service.call_back": "phone",
    "service.ticket_late": "warning",
}


def describer(code: str) -> Callable[[list[Task], Any], Mapping[int, TaskLine]]:
    """The description function of one kind: one query for the tickets of all its lines."""
    title, action, url_name = LINES[code]

    def describe(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
        rows = Ticket.objects.visible_to(user).select_related("customer")
        tickets = {row.pk: row for row in rows.filter(pk__in=[task.object_id for task in tasks])}
        return {
            task.pk: _line(tickets[task.object_id], title, action, url_name)
            for task in tasks
            if task.object_id in tickets
        }

    return describe


def _line(ticket: Ticket, title: Any, action: Any, url_name: str) -> TaskLine:
    if url_name == "service:dispatch_board":
        target = f"{reverse(url_name)}?ticket={ticket.pk}"
    elif ticket.state == TicketState.IN_PROGRESS and ticket.progress == Progress.ON_SITE:
        target, action = reverse("service:ticket_finish", args=[ticket.pk]), _("Report and resolve")
    else:
        target = reverse(url_name, args=[ticket.pk])
    return TaskLine(
        title=title % {"code": ticket.code},
        party=ticket.customer.short_name or ticket.customer.name,
        party_url=ticket.customer.get_absolute_url(),
        tier=ticket.tier_snapshot,
        meta=f"{ticket.priority.upper()} · {symptom_label(ticket.symptom) or ticket.get_type_display()}",
        url=ticket.get_absolute_url(),
        action=action,
        action_url=target,
    )


def describe_intake(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """Public reports to be looked at."""
    rows = IntakeReport.objects.visible_to(user).select_related("pump__customer")
    found = {row.pk: row for row in rows.filter(pk__in=[task.object_id for task in tasks])}
    lines = {}
    for task in tasks:
        report = found.get(task.object_id)
        if report is not None:
            customer = report.pump.customer
            lines[task.pk] = TaskLine(
                title=_("Check a public fault report"),
                party=customer.short_name or customer.name,
                party_url=customer.get_absolute_url(),
                tier=customer.tier,
                meta=str(symptom_label(report.symptom)),
                url=report.get_absolute_url(),
                action=_("Check"),
                action_url=report.get_absolute_url(),
            )
    return lines


for kind in LINES:
    register_task_kind(
        kind, label=_("Tickets"), icon=ICONS.get(kind, "ticket"), chip="ticket", describe=describer(kind)
    )
register_task_kind("service.intake", label=_("Tickets"), icon="scan", chip="ticket", describe=describe_intake)
