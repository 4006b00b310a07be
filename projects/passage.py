"""How a project passes gates: submitting, deciding, entering and leaving stages, with tasks and notices.

The transitions of `Project` call these under the lock; rows of the project are reached through its relations.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import AccessSource
from accounts.models import OrgUnit
from accounts.scoping import grant_access
from core.calendars import work_calendar
from core.errors import RuleBroken, WrongState
from core.flow import Outcome
from core.notify import notify
from core.numbering import next_code
from core.tasks_list import close_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.models import CustomerFacts
from crm.operations import record_facts
from projects import approvers, evidence, gates
from projects.choices import PRESALE_STAGES, STAGES, Verdict, gate_label
from projects.words import listed

LONGEST_CONDITION_DAYS = 10  # working days in which a conditionally released item must be supplied
DECISION_DAYS = 2  # working days an approver has, by which the task stands in My day

TASK_DECIDE = "projects.decide_gate"
TASK_CORRECT = "projects.correct_gate"
TASK_SUPPLY = "projects.supply_item"
TASK_STAGE = "projects.stage_overdue"


def submit(project: Any, *, by: Any, now: datetime, note: str) -> Outcome:
    """Check the evidence, then pass within own authority or put the gate to its approver."""
    waiting = project.submissions.waiting().first()
    if waiting is not None:
        raise WrongState(
            _("%(gate)s was already submitted and waits for %(who)s.")
            % {
                "gate": gate_label(waiting.gate),
                "who": approvers.names_for(waiting.level, project, without=waiting.submitted_by, now=now),
            },
            code="already_submitted",
        )
    lines = evidence.complete_checklist(project)
    level = approvers.needed_level(project, evidence.figures(lines), now)
    submission = project.submissions.create(
        gate=project.gate,
        attempt=project.submissions.filter(gate=project.gate).count() + 1,
        level=level,
        submitted_by=by,
        submitted_at=now,
        note=note,
    )
    close_tasks(project, now=now, kind=TASK_CORRECT)
    data: dict[str, Any] = {"gate": project.gate, "attempt": submission.attempt, "level": level}
    if level == approvers.OWN:
        data["own_authority"] = True
        return _pass(project, submission, lines, by=by, now=now, verdict=Verdict.PASSED, data=data)
    _ask_for_decision(project, submission, now=now)
    return Outcome(state=project.state, data=data, evidence=evidence.ids_of(lines))


def approve(project: Any, *, by: Any, now: datetime, note: str) -> Outcome:
    """Pass the waiting submission. The evidence must still be complete and the approver's level reach."""
    submission = waiting_submission(project)
    lines = evidence.complete_checklist(project)
    data = {"gate": submission.gate, "attempt": submission.attempt, "level": submission.level}
    submission.reason = note
    return _pass(project, submission, lines, by=by, now=now, verdict=Verdict.PASSED, data=data)


def send_back(project: Any, *, by: Any, now: datetime, reason: str) -> Outcome:
    """Return the waiting submission to its submitter with the reason."""
    submission = waiting_submission(project)
    if not reason.strip():
        raise RuleBroken(errors={"reason": [_("Say what must be corrected.")]})
    _decide(submission, by=by, now=now, verdict=Verdict.RETURNED, reason=reason)
    close_tasks(project, now=now, kind=TASK_DECIDE)
    for person in {submission.submitted_by, project.owner}:
        due_at = end_of_nth_working_day(now, DECISION_DAYS, work_calendar())
        open_task(TASK_CORRECT, project, person, due_at=due_at, severity=2, data={"gate": submission.gate})
    notify(
        [submission.submitted_by, project.owner],
        "projects.gate_returned",
        project,
        now=now,
        data={"gate": gate_label(submission.gate)},
        dedupe_key=f"projects.gate_returned:{submission.pk}",
    )
    return Outcome(reason=reason, data={"gate": submission.gate, "attempt": submission.attempt})


def release(project: Any, *, by: Any, now: datetime, missing: str, due_on: date, reason: str) -> Outcome:
    """Pass with one named item missing; every other item must be there.

    The submission may be waiting, or not have been possible because of that very item.
    """
    lines = evidence.checklist(project)
    gaps = {line.item.code: line for line in lines if line.problem}
    if missing not in gaps:
        raise RuleBroken(errors={"missing": [_("This item is not missing; approve the gate instead.")]})
    if len(gaps) > 1:
        others = listed(str(gap.item.label) for code, gap in gaps.items() if code != missing)
        raise RuleBroken(
            errors={
                "missing": [_("Only one item may be missing. Also missing: %(items)s.") % {"items": others}]
            }
        )
    latest = end_of_nth_working_day(now, LONGEST_CONDITION_DAYS, work_calendar())
    due_at = timezone.make_aware(datetime.combine(due_on, time(17, 30)))
    if not now < due_at <= latest:
        raise RuleBroken(errors={"due_on": [_("Choose a date within the next 10 working days.")]})
    submission = project.submissions.waiting().first()
    if submission is None:
        submission = project.submissions.create(
            gate=project.gate,
            attempt=project.submissions.filter(gate=project.gate).count() + 1,
            level=approvers.EX,
            submitted_by=project.owner,
            submitted_at=now,
        )
    submission.missing, submission.missing_due_at, submission.reason = missing, due_at, reason
    open_task(
        TASK_SUPPLY,
        project,
        project.owner,
        due_at=due_at,
        severity=2,
        data={"gate": submission.gate, "item": missing},
    )
    data = {
        "gate": submission.gate,
        "attempt": submission.attempt,
        "missing": missing,
        "due_on": due_on.isoformat(),
    }
    return _pass(project, submission, lines, by=by, now=now, verdict=Verdict.CONDITIONAL, data=data)


def tell_customer(project: Any, *, now: datetime, opened: bool) -> None:
    """Bring the customer's open projects and their sum down to the customer; a project that ends no longer counts."""
    rows = type(project).objects.ongoing().filter(customer=project.customer_id)
    rows = rows if opened else rows.exclude(pk=project.pk)
    open_ones = list(rows.values_list("state", "amount"))
    facts: dict[str, Any] = {
        "open_projects": len(open_ones),
        "open_project_amount": sum(amount for _state, amount in open_ones),
        "open_project_expected": sum(chance_of(state) * amount for state, amount in open_ones),
        "last_project_at": now,
    }
    lost_to = type(project).objects.filter(customer=project.customer_id, state="lost").exclude(competitor="")
    if project.competitor and not opened:
        facts["competitor_on"] = timezone.localtime(now).date()
        year = lost_to.filter(closed_at__gt=now - timedelta(days=365)).exclude(pk=project.pk)
        if year.exists():
            facts["competitor_twice_on"] = facts["competitor_on"]
    record_facts(customer=project.customer, source="projects", facts=facts, now=now)


def chance_of(state: str) -> Decimal:
    """The chance of winning that a stage stands for by default, 0–1; orders and resting projects count none."""
    stage = gates.STAGES.get(state)
    return Decimal(stage.probability or 0) / 100 if stage is not None else Decimal(0)


GATE_FACTS = {"g01": "qualified_at", "g03": "quoted_at", "g12": "accepted_at"}
"""What passing a gate says of the customer: a qualified need, a quotation given, an accepted delivery."""


def tell_gate(project: Any, gate: str, *, now: datetime) -> None:
    """Bring a passed gate down to the customer: the first day counts for need and acceptance, the last for quotations."""
    column = GATE_FACTS.get(gate.lower())
    if column is None:
        return
    known = CustomerFacts.objects.filter(customer=project.customer_id).values_list(column, flat=True).first()
    if known is None or column == "quoted_at":
        record_facts(customer=project.customer, source="projects", facts={column: now}, now=now)


def creator_until(now: datetime) -> datetime:
    """Until when someone who opened a project for another still sees it: 30 days."""
    return now + timedelta(days=30)


def waiting_submission(project: Any) -> Any:
    """The submission to be decided. Raises WrongState when none waits."""
    submission = project.submissions.waiting().select_related("submitted_by").first()
    if submission is None:
        raise WrongState(
            _("No gate is waiting for a decision; it must be submitted first."), code="not_submitted"
        )
    return submission


def enter(project: Any, stage: str, *, now: datetime) -> None:
    """Begin a stage: its clock, its row, and sight of the project for the department responsible."""
    days = gates.STAGES[stage].days_for(project.product_class)
    due_at = end_of_nth_working_day(now, days, work_calendar()) if days else None
    project.stage_entered_at, project.stage_due_at, project.stage_alarm_at = now, due_at, due_at
    project.stages.create(stage=stage, entered_at=now, due_at=due_at, standard_days=days or 0)
    for code in gates.STAGES[stage].departments:
        unit = OrgUnit.objects.get(code=code)
        grant_access(project, unit=unit, source=AccessSource.DEPARTMENT, by=None, now=now)


def leave(project: Any, *, now: datetime) -> None:
    """End the present stage and everything that waited in it."""
    project.stages.filter(left_at__isnull=True).update(left_at=now)
    project.submissions.waiting().update(verdict=Verdict.VOID, decided_at=now)
    close_tasks(project, now=now, kind=(TASK_DECIDE, TASK_CORRECT, TASK_STAGE))


def rest(project: Any, *, now: datetime) -> None:
    """Nothing is expected of anybody while the project rests; the stage stays open."""
    project.submissions.waiting().update(verdict=Verdict.VOID, decided_at=now)
    close_tasks(project, now=now)


def _pass(
    project: Any,
    submission: Any,
    lines: list[evidence.Line],
    *,
    by: Any,
    now: datetime,
    verdict: str,
    data: dict[str, Any],
) -> Outcome:
    _decide(submission, by=by, now=now, verdict=verdict, reason=submission.reason)
    tell_gate(project, submission.gate, now=now)
    following = STAGES[STAGES.index(project.stage) + 1]
    leave(project, now=now)
    if following not in PRESALE_STAGES and not project.order_code:
        project.order_code = next_code("XM", branch_code=project.branch.code, now=now)
        project.signed_at = now
    enter(project, following, now=now)
    notify(
        [person for person in (submission.submitted_by, project.owner) if person != by],
        "projects.gate_passed",
        project,
        now=now,
        data={"gate": gate_label(submission.gate)},
        dedupe_key=f"projects.gate_passed:{submission.pk}",
        mail=False,
    )
    return Outcome(state=following, reason=submission.reason, data=data, evidence=evidence.ids_of(lines))


def _decide(submission: Any, *, by: Any, now: datetime, verdict: str, reason: str) -> None:
    submission.verdict, submission.decided_by, submission.decided_at = verdict, by, now
    submission.reason = reason
    submission.save()


def _ask_for_decision(project: Any, submission: Any, *, now: datetime) -> None:
    people = approvers.people_for(submission.level, project, without=submission.submitted_by, now=now)
    due_at = end_of_nth_working_day(now, DECISION_DAYS, work_calendar())
    for person in people:
        open_task(TASK_DECIDE, project, person, due_at=due_at, severity=1, data={"gate": submission.gate})
    notify(
        people,
        "projects.gate_submitted",
        project,
        now=now,
        data={"gate": gate_label(submission.gate), "amount": str(project.amount)},
        dedupe_key=f"projects.gate_submitted:{submission.pk}",
    )
