"""Around a ticket's steps: who is offered the work, who may see it, and what stands on whose list.

Called by the transitions on the locked row; nothing here changes the ticket's state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from accounts.choices import AccessSource, Role
from accounts.models import User
from accounts.scoping import grant_access, withdraw_access
from core.calendars import work_calendar
from core.notify import notify
from core.params import param
from core.tasks_list import close_tasks, open_task
from core.workdays import add_business_time, end_of_nth_working_day
from service.choices import OPEN_STATES, Answer, ReportState, TicketType
from service.sla import ACCEPT_ASSIGNMENT, recurrence

if TYPE_CHECKING:
    from service.models.tickets import Ticket

NUDGES_BEFORE_CLOSING = 3
NUDGE_WORKING_DAYS = (1, 3, 5)
CALLBACK_WORKING_DAYS = 3
REPORT_HOURS = 24
USUAL_VISIT = timedelta(hours=2)
ACCESS_AFTER_WORK = timedelta(days=30)
SEVERITY = {"p1": 3, "p2": 2, "p3": 1, "p4": 0}
OPEN_ANSWERS = (Answer.OFFERED, Answer.TAKEN)


# --- people -----------------------------------------------------------------------------------------------------------


def dispatchers(now: datetime) -> list[User]:
    """Who keeps the queue."""
    return list(User.objects.holding(Role.DP, now=now))


def managers(now: datetime) -> list[User]:
    """The after-sales managers."""
    return list(User.objects.holding(Role.AM, now=now))


def executives(now: datetime) -> list[User]:
    """Who is told when a P1 clock falls."""
    return list(User.objects.holding(Role.EX, now=now))


def engineers(now: datetime) -> list[User]:
    """Who can be sent."""
    return list(User.objects.holding(Role.AE, now=now))


def is_engineer(user: User, *, now: datetime) -> bool:
    """Whether the person is an active after-sales engineer."""
    return User.objects.holding(Role.AE, now=now).filter(pk=user.pk).exists()


# --- offering work ----------------------------------------------------------------------------------------------------


def answer_due(priority: str, *, now: datetime, calendar_code: str) -> datetime:
    """Until when an engineer must answer an offer: 30 minutes for P1, else two business hours."""
    budget = ACCEPT_ASSIGNMENT[priority]
    if budget.is_round_the_clock:
        return now + budget.span
    return add_business_time(now, budget.span, work_calendar(calendar_code))


def offer(
    ticket: Ticket, *, by: Any, now: datetime, start: datetime | None, minutes: int | None, note: str
) -> None:
    """Offer the ticket to its engineer: the row, access to what is needed, the task and the notice."""
    ticket.answer_due_at = answer_due(ticket.priority, now=now, calendar_code=ticket.calendar_code)
    length = timedelta(minutes=minutes) if minutes else USUAL_VISIT
    engineer: Any = ticket.engineer
    ticket.assignments.create(
        engineer=engineer,
        by=by,
        offered_at=now,
        answer_due_at=ticket.answer_due_at,
        planned_start=start,
        planned_end=start + length if start else None,
        reason=note[:500],
    )
    open_access(ticket, by=by, now=now)
    close_tasks(ticket, now=now)
    open_task(
        "service.ticket_offer",
        ticket,
        ticket.engineer,
        due_at=ticket.answer_due_at,
        severity=SEVERITY[ticket.priority],
    )
    notify(
        [ticket.engineer],
        "service.ticket_offered",
        ticket,
        now=now,
        data={"until": ticket.answer_due_at.isoformat(), "priority": ticket.priority.upper()},
        dedupe_key=f"offer:{ticket.pk}:{ticket.assignments.count()}",
    )


def open_access(ticket: Ticket, *, by: Any, now: datetime) -> None:
    """The engineer sees ticket, customer and pumps while the assignment lasts."""
    engineer = ticket.engineer
    grant_access(ticket, user=engineer, source=AccessSource.ASSIGNEE, by=by, now=now)
    grant_access(ticket.customer, user=engineer, source=AccessSource.RELATED, by=by, now=now)
    for pump in ticket.pumps.all():
        grant_access(pump, user=engineer, source=AccessSource.ASSIGNEE, by=by, now=now)


def close_access(ticket: Ticket, engineer: User, *, worked: bool, by: Any, now: datetime) -> None:
    """End what the assignment gave: at once for who never worked on it, after 30 days for who did.

    Other open work for the same customer keeps customer and pump in sight; own past tickets stay readable.
    """
    if not worked:
        withdraw_access(ticket, user=engineer, source=AccessSource.ASSIGNEE, by=by, now=now)
    others = type(ticket)._default_manager.filter(
        engineer=engineer, customer=ticket.customer, state__in=OPEN_STATES
    )
    if others.exclude(pk=ticket.pk).exists():
        return
    until = now + ACCESS_AFTER_WORK
    for subject, source in [
        (ticket.customer, AccessSource.RELATED),
        *((pump, AccessSource.ASSIGNEE) for pump in ticket.pumps.all()),
    ]:
        if worked:
            grant_access(subject, user=engineer, source=source, by=by, now=now, until=until)
        else:
            withdraw_access(subject, user=engineer, source=source, by=by, now=now)


def answer_offer(ticket: Ticket, answer: str, *, now: datetime, reason: str) -> None:
    """Write the engineer's answer (or silence) on the open offer and settle task and access."""
    row = ticket.assignments.get(answer=Answer.OFFERED)
    row.answer, row.answered_at, row.reason = answer, now, reason[:500] or row.reason
    if answer != Answer.TAKEN:
        row.ended_at = now
    row.save()
    close_tasks(ticket, now=now, kind="service.ticket_offer")
    if answer == Answer.TAKEN:
        put_work_on_list(ticket)
    else:
        close_access(ticket, row.engineer, worked=False, by=None, now=now)


def end_assignment(ticket: Ticket, answer: str, *, now: datetime, by: Any) -> None:
    """Close whatever offer or work is open on the ticket."""
    row = ticket.assignments.filter(answer__in=OPEN_ANSWERS).select_related("engineer").first()
    if row is None:
        return
    worked = row.answer == Answer.TAKEN
    row.answer = answer if worked else Answer.REPLACED
    row.ended_at = now
    row.save(update_fields=["answer", "ended_at"])
    close_tasks(ticket, now=now, assignee=row.engineer)
    close_access(ticket, row.engineer, worked=worked, by=by, now=now)


def note_times(ticket: Ticket, **times: Any) -> None:
    """Keep when the engineer set out, will be there, and arrived."""
    known = {name: value for name, value in times.items() if value is not None}
    ticket.assignments.filter(answer=Answer.TAKEN).update(**known)


# --- lists and notices ------------------------------------------------------------------------------------------------


def put_in_queue(ticket: Ticket) -> None:
    """The ticket waits for a dispatcher: on every dispatcher's list until one acts."""
    due = ticket.response_due_at or ticket.received_at
    for person in dispatchers(ticket.received_at):
        open_task("service.ticket_dispatch", ticket, person, due_at=due, severity=SEVERITY[ticket.priority])


def put_work_on_list(ticket: Ticket) -> None:
    """The engineer's own line, due with the next promise."""
    due = ticket.onsite_due_at or ticket.resolve_due_at or ticket.received_at
    open_task("service.ticket_work", ticket, ticket.engineer, due_at=due, severity=SEVERITY[ticket.priority])


def back_in_queue(ticket: Ticket, answer: str, *, now: datetime) -> None:
    """The offer came back: dispatchers are told and find the ticket in the queue again."""
    put_in_queue(ticket)
    notify(
        dispatchers(now),
        "service.ticket_returned" if answer == Answer.RETURNED else "service.ticket_declined",
        ticket,
        now=now,
        dedupe_key=f"assign:{ticket.assignments.latest('pk').pk}",
    )


def priority_changed(ticket: Ticket, *, now: datetime) -> None:
    """Engineer and project manager hear of a new priority."""
    notify(
        [ticket.engineer, ticket.owner],
        "service.ticket_priority",
        ticket,
        now=now,
        data={"priority": ticket.priority.upper()},
        dedupe_key=f"priority:{ticket.pk}:{len(ticket.priorities)}:{ticket.run}",
    )


def reopened(ticket: Ticket, *, now: datetime, to_manager: bool) -> None:
    """Back to the queue; after the second time the after-sales managers own it too."""
    people = [*dispatchers(now), ticket.owner]
    if to_manager:
        for person in managers(now):
            open_task("service.ticket_reopened", ticket, person, due_at=now, severity=3)
        people += managers(now)
    put_in_queue(ticket)
    notify(people, "service.ticket_reopened", ticket, now=now, dedupe_key=f"reopen:{ticket.pk}:{ticket.run}")


def clear(ticket: Ticket, *, now: datetime) -> None:
    """Take the ticket off every list."""
    close_tasks(ticket, now=now)


# --- the end of the work ----------------------------------------------------------------------------------------------


def has_report(ticket: Ticket) -> bool:
    """Whether a report of the present run was handed in."""
    reports = ticket.reports.filter(state__in=[ReportState.SUBMITTED, ReportState.APPROVED])
    return reports.filter(submitted_at__gte=ticket.run_started_at).exists()


def want_report(ticket: Ticket, *, now: datetime) -> None:
    """The engineer owes the report within 24 hours of finishing."""
    due = now + timedelta(hours=REPORT_HOURS)
    open_task("service.report", ticket, ticket.engineer, due_at=due, severity=1)


def ask_customer(ticket: Ticket, *, now: datetime) -> None:
    """The customer is asked to confirm; the first reminder comes a working day later."""
    close_tasks(ticket, now=now)
    ticket.confirm_asked_at = now
    ticket.confirm_nudges = 0
    ticket.next_nudge_at = nudge_at(ticket, 0)


def nudge_at(ticket: Ticket, done: int) -> datetime | None:
    """When the next reminder is due; None after the third."""
    if done >= len(NUDGE_WORKING_DAYS) or ticket.confirm_asked_at is None:
        return None
    calendar = work_calendar(ticket.calendar_code)
    return end_of_nth_working_day(ticket.confirm_asked_at, NUDGE_WORKING_DAYS[done], calendar)


def plan_callback(ticket: Ticket, *, now: datetime) -> list[str]:
    """Decide whether the customer is called back, and put the call on the dispatchers' lists; why, as codes."""
    close_tasks(ticket, now=now)
    reasons = callback_reasons(ticket, share=int(param("service.callback_percent", at=now)))
    ticket.callback_required = bool(reasons)
    if reasons:
        calendar = work_calendar(ticket.calendar_code)
        ticket.callback_due_at = end_of_nth_working_day(now, CALLBACK_WORKING_DAYS, calendar)
        for person in callers(ticket, now=now):
            open_task("service.call_back", ticket, person, due_at=ticket.callback_due_at)
    return reasons


def callback_reasons(ticket: Ticket, *, share: int) -> list[str]:
    """Always for VIP, P1, P2 and complaints; otherwise `share` percent, drawn by the ticket's number."""
    reasons = [
        code
        for code, holds in (
            ("vip", ticket.tier_snapshot == "vip"),
            ("urgent", ticket.priority in ("p1", "p2")),
            ("complaint", ticket.type == TicketType.COMPLAINT),
        )
        if holds
    ]
    drawn = int(hashlib.sha256(ticket.code.encode()).hexdigest()[:8], 16) % 100
    return reasons or (["sampled"] if drawn < share else [])


def callers(ticket: Ticket, *, now: datetime) -> list[User]:
    """Dispatchers who neither worked on the ticket nor are its project manager (separation of duties)."""
    barred = {ticket.owner_id, *worked_on(ticket)}
    return [person for person in dispatchers(now) if person.pk not in barred]


def worked_on(ticket: Ticket) -> Iterable[int]:
    """Everybody who ever took the ticket or wrote a report on it."""
    taken = ticket.assignments.filter(answered_at__isnull=False).exclude(
        answer__in=[Answer.DECLINED, Answer.RETURNED]
    )
    return {
        *taken.values_list("engineer_id", flat=True),
        *ticket.reports.values_list("engineer_id", flat=True),
    }


def called_back(ticket: Ticket, *, now: datetime) -> None:
    """The call is done; the dispatcher may close."""
    close_tasks(ticket, now=now, kind="service.call_back")


def recurrence_of(ticket: Ticket, *, now: datetime) -> str:
    """What the same fault now would be: `reopen`, a `repeat`, or a `new` ticket."""
    return recurrence(ticket.closed_at, now, ticket.priority) if ticket.closed_at else "reopen"
