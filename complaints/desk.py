"""Who has to do with a case, and what lands on whose list when it moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts import duties
from accounts.choices import AccessSource, Role
from accounts.scoping import grant_access
from complaints import emergency, timekeeping
from complaints.ladder import (
    BRANCH_MANAGER,
    BY_RUNG,
    DEPARTMENT_HEAD,
    EXECUTIVE,
    GENERAL_MANAGER,
    HANDLER,
    PROJECT_MANAGER,
    SUPERVISION_HEAD,
)
from core.notify import notify
from core.tasks_list import close_tasks, open_task
from crm import operations as crm

if TYPE_CHECKING:
    from accounts.models import OrgUnit, User
    from complaints.models import Complaint
    from crm.models import Customer

SEVERITY_WEIGHT = {"s1": 3, "s2": 2, "s3": 1, "s4": 0}
RISK_POINTS = {"s1": 4.0, "s2": 2.0, "s3": 1.0, "s4": 0.5}  # domain specification §2.6
SOON = timedelta(hours=4)


def head_for(unit: OrgUnit) -> User | None:
    """Who answers for a department."""
    return duties.head_of(unit)


def is_against_supervision(case: Complaint) -> bool:
    """A case against the supervisors themselves belongs to the executives (SoD-1)."""
    return any(unit.code == duties.SUPERVISION_CODE for unit in case.units_concerned)


def supervision_lead(case: Complaint) -> User | None:
    """Who leads the supervision of this case."""
    return duties.general_manager() if is_against_supervision(case) else duties.head_of_supervision()


def may_lower(user: Any) -> bool:
    """Only the head of supervision (or the system) lowers a severity."""
    head = duties.head_of_supervision()
    return user is None or (head is not None and user.pk == head.pk)


def both_signed(case: Complaint, by: Any) -> bool:
    """Whether a major case now carries two signatures of different people, one of them an executive's."""
    if case.cosigned_by_id is None:
        case.cosigned_by = by
        return False
    return (
        by is not None
        and by.pk != case.cosigned_by_id
        and any(person.authority().has_role(Role.EX) for person in (case.cosigned_by, by))
    )


def involve(case: Complaint, *, by: Any, now: datetime) -> None:
    """Let the departments concerned see the case and put it on the heads' and supervision's lists."""
    for unit in case.units_concerned:
        grant_access(case, unit=unit, source=AccessSource.DEPARTMENT, by=by, now=now)
    if case.handler is not None:
        grant_access(case, user=case.handler, source=AccessSource.ASSIGNEE, by=by, now=now)
        put(case, "complaints.answer", case.handler, now)
    if case.severity == "s1":
        start_emergency(case, by=by, now=now)
    close_tasks(case, now=now, kind="complaints.triage")


def put(case: Complaint, kind: str, person: Any, now: datetime) -> None:
    """Put the case on a person's list, due with its earliest clock."""
    clock = case.clocks.filter(stopped_at=None, due_at__isnull=False).order_by("due_at").first()
    due = clock.due_at if clock is not None and clock.due_at is not None else now + SOON
    open_task(kind, case, person, due_at=due, severity=SEVERITY_WEIGHT[case.severity])


def registered(case: Complaint, *, now: datetime) -> None:
    """Supervision grades it; the head of the department hears of it at once."""
    lead = supervision_lead(case)
    people = [lead] if is_against_supervision(case) else [lead, *officers(case, now)]
    for person in distinct(people):
        put(case, "complaints.triage", person, now)
    notify(
        [*people, head_for(case.lead_department)],
        "complaints.registered",
        case,
        now=now,
        data={"severity": case.severity},
        dedupe_key=f"case:{case.pk}:registered",
    )


def officers(case: Complaint, now: datetime) -> list[User]:
    """Supervision officers who may judge this case."""
    return duties.supervisors_outside(case.units_concerned, now)


def answered_for(case: Complaint, *, now: datetime) -> None:
    """The acknowledgement is given; the handler's next promise counts."""
    hand_to(case, now=now)


def hand_to(case: Complaint, *, now: datetime) -> None:
    """The handler has the next move."""
    if case.handler is not None:
        grant_access(case, user=case.handler, source=AccessSource.ASSIGNEE, by=None, now=now)
        put(case, "complaints.answer", case.handler, now)
    close_tasks(case, now=now, kind="complaints.review")


def ask_review(case: Complaint, *, now: datetime) -> None:
    """Supervision has the next move."""
    close_tasks(case, now=now, kind="complaints.answer")
    person = case.supervisor or supervision_lead(case)
    if person is not None:
        put(case, "complaints.review", person, now)


def await_verdict(case: Complaint, *, now: datetime) -> None:
    """The complainant has the next move; supervision asks for the verdict."""
    close_tasks(case, now=now)
    person = case.supervisor or supervision_lead(case)
    if person is not None:
        put(case, "complaints.verdict", person, now)


def ask_verification(case: Complaint, *, now: datetime) -> None:
    """Supervision checks and closes."""
    close_tasks(case, now=now)
    person = case.supervisor or supervision_lead(case)
    if person is not None:
        put(case, "complaints.verify", person, now)


def rejected(case: Complaint, *, by: Any, now: datetime) -> None:
    """The head of supervision reviews once more; a second rejection climbs to the top rung."""
    close_tasks(case, now=now)
    lead = supervision_lead(case)
    if lead is not None:
        put(case, "complaints.review", lead, now)
    if case.rejections > 1:
        climb(case, "case", "rung_5", due_at=now, now=now)


def finish(case: Complaint, *, by: Any, now: datetime) -> None:
    """Nothing of the case is left to do; the customer's facts are told."""
    timekeeping.stop_all(case, now)
    close_tasks(case, now=now)
    tell_facts(case, now=now)


def tell_facts(case: Complaint, *, now: datetime, closing: bool = True) -> None:
    """Tell what is known after a step of this case; `closing` leaves it out of the open ones: it is in its last step."""
    count_cases(case.customer, now=now, leaving_out=case.pk if closing else None)


def count_cases(customer: Customer, *, now: datetime, leaving_out: int | None = None) -> None:
    """Count the customer's cases anew: all, open, open grave ones, points and solved ones of twelve months."""
    from complaints.models import Complaint

    cases = Complaint.objects.filter(customer=customer).exclude(state="duplicate")
    still_open = cases.open().exclude(pk=leaving_out)
    recent = cases.filter(received_at__gte=now - timedelta(days=365)).values_list("severity", flat=True)
    crm.record_facts(
        customer=customer,
        source="complaints",
        facts={
            "complaints_total": cases.count(),
            "open_complaints": still_open.count(),
            "open_severe_complaints": still_open.filter(severity__in=["s1", "s2"]).count(),
            "complaint_points_12m": sum(RISK_POINTS[severity] for severity in recent),
            "complaints_resolved_12m": cases.filter(
                received_at__gte=now - timedelta(days=365), state__in=["accepted", "closed"]
            ).count(),
            "s1_upheld_on": _last_upheld(cases),
        },
        now=now,
    )


def _last_upheld(cases: Any) -> Any:
    """The local day on which a major case was last answered as (partly) right; a hard sign of leaving (§2.5)."""
    upheld = cases.filter(severity="s1", upheld__in=["yes", "partly"], answered_at__isnull=False)
    at = upheld.order_by("-answered_at").values_list("answered_at", flat=True).first()
    return None if at is None else timezone.localtime(at).date()


def start_emergency(case: Complaint, *, by: Any, now: datetime) -> None:
    """Open the emergency plan of a major case and tell the general manager at once (rung 4)."""
    emergency.open_plan(case, now=now)
    climb(case, "case", "rung_4", due_at=now, now=now)


def climb(case: Complaint, clock: str, rung: str, *, due_at: datetime, now: datetime) -> bool:
    """Stand on a rung: once for ever, its people told and given the task. False when it was climbed before."""
    from complaints.models import Escalation

    step, created = Escalation.objects.get_or_create(
        complaint=case, clock=clock, rung=rung, defaults={"due_at": due_at, "at": now}
    )
    if not created:
        return False
    people = recipients(case, rung)
    step.recipients.set(people)
    for person in people:
        grant_access(case, user=person, source=AccessSource.ESCALATION, by=None, now=now)
        if rung >= "rung_3":
            put(case, "complaints.escalated", person, now)
    case.rung = max(case.rung, rung)
    type(case).objects.filter(pk=case.pk).update(rung=case.rung)
    return True


def recipients(case: Complaint, rung: str) -> list[User]:
    """The active people of a rung who are not themselves complained about; none left → the general manager."""
    accused = set(case.respondents.values_list("pk", flat=True))
    people = [_person(case, who) for who in BY_RUNG[rung].recipients]
    found = [person for person in distinct(people) if person.is_active and person.pk not in accused]
    if found:
        return found
    top = duties.general_manager()
    return [top] if top is not None else []


def _person(case: Complaint, who: str) -> User | None:
    answers = {
        HANDLER: lambda: case.handler,
        DEPARTMENT_HEAD: lambda: duties.head_of(case.lead_department),
        SUPERVISION_HEAD: lambda: supervision_lead(case),
        BRANCH_MANAGER: lambda: duties.branch_manager(case.branch),
        PROJECT_MANAGER: lambda: case.owner,
        EXECUTIVE: lambda: duties.executive_of(case.lead_department),
        GENERAL_MANAGER: duties.general_manager,
    }
    return answers[who]()


def distinct(people: Iterable[User | None]) -> list[User]:
    """Each person once, nobody left out but the missing."""
    return list({person.pk: person for person in people if person is not None}.values())
