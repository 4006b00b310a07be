"""Changes of complaints that touch several rows: registering a case, containment, interim updates, plan steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import duties
from accounts.choices import AccessSource
from accounts.scoping import grant_access
from complaints import desk, timekeeping
from complaints.choices import MINOR_CATEGORIES, Category, Channel
from complaints.clocks import CONTAIN
from complaints.models import Complaint, EmergencyStep
from complaints.severity import CaseFacts, grade
from core import audit
from core.clock import db_now
from core.errors import RuleBroken
from core.numbering import next_code

if TYPE_CHECKING:
    from accounts.models import OrgUnit
    from crm.models import Contact, Customer
    from projects.models import Project
    from service.models import Ticket

PREFIX = "TS"
SAME_CAUSE_DAYS = 90


def register_complaint(
    *,
    by: Any,
    now: datetime | None = None,
    customer: Customer,
    lead_department: OrgUnit,
    category: str,
    facts: str,
    channel: str = Channel.PHONE,
    departments: Iterable[OrgUnit] = (),
    respondents: Iterable[Any] = (),
    contact: Contact | None = None,
    complainant: str = "",
    ticket: Ticket | None = None,
    project: Project | None = None,
    internal: bool = False,
    anonymous: bool = False,
    wanted: str = "",
    claim_amount: Decimal = Decimal(0),
    injury: bool = False,
    public_water_hours: float = 0,
    production_stop_hours: float = 0,
    threatens_to_leave: bool = False,
    received_at: datetime | None = None,
) -> Complaint:
    """Register a complaint against a department; its severity is computed provisionally and its clocks run at once.

    Supervision gets it to grade, the department's head hears of it and may see it. Refuses an empty statement, a
    receipt in the future, and a ticket, project or contact of another customer.
    """
    now = now or db_now()
    received_at = received_at or now
    _check(now, received_at, customer, facts, contact, ticket, project)
    known = CaseFacts(
        injury=injury,
        public_water_hours=public_water_hours,
        claim=claim_amount,
        threatens_to_leave=threatens_to_leave,
        production_stop_hours=production_stop_hours,
        **_read_from_case(customer, category, channel, now),
    )
    judged = grade(known)
    with transaction.atomic():
        case = Complaint.objects.create(
            code=next_code(PREFIX, branch_code=customer.branch.code, now=now),
            customer=customer,
            **_complainant(contact, complainant, anonymous=anonymous),
            internal=internal,
            channel=channel,
            ticket=ticket,
            project=project,
            lead_department=lead_department,
            category=category,
            severity=judged.severity,
            grade_reasons=list(judged.reasons),
            facts_at_receipt=asdict(known) | {"claim": str(known.claim)},
            claim_amount=claim_amount,
            facts=facts.strip(),
            wanted=wanted,
            received_at=received_at,
            calendar_code=duties.calendar_code_of(lead_department),
            creator=by,
            owner=customer.owner,
            branch=customer.branch,
        )
        case.departments.set([lead_department, *departments])
        case.respondents.set(respondents)
        _announce(case, by=by, now=now)
    return case


def _complainant(contact: Contact | None, name: str, *, anonymous: bool) -> dict[str, Any]:
    """Who complains, as the case keeps it: of an anonymous complainant nothing is kept."""
    if anonymous:
        return {"anonymous": True, "contact": None, "complainant": ""}
    return {"anonymous": False, "contact": contact, "complainant": name or (contact.name if contact else "")}


def _read_from_case(customer: Customer, category: str, channel: str, now: datetime) -> dict[str, Any]:
    """The inputs of the severity that follow from who complains about what by which way."""
    return {
        "from_regulator": channel == Channel.REGULATOR or customer.kind == "regulator",
        "in_media": channel == Channel.MEDIA,
        "same_cause": 1 + _same_cause(customer, category, now),
        "integrity": category == Category.INTEGRITY,
        "minor": category in MINOR_CATEGORIES,
        "tier": customer.tier,
    }


def _announce(case: Complaint, *, by: Any, now: datetime) -> None:
    timekeeping.start_all(case)
    audit.record(
        "complaints.register_complaint",
        case,
        by=by,
        now=now,
        to_state=case.state,
        data={"severity": case.severity, "department": case.lead_department.code, "channel": case.channel},
    )
    if by is not None:
        grant_access(
            case, user=by, source=AccessSource.CREATOR, by=by, now=now, until=now + timedelta(days=30)
        )
    for unit in case.units_concerned:
        grant_access(case, unit=unit, source=AccessSource.DEPARTMENT, by=by, now=now)
    desk.registered(case, now=now)
    desk.tell_facts(case, now=now, closing=False)
    desk.climb(case, "case", "rung_0", due_at=case.received_at, now=now)
    if case.severity == "s1":
        desk.start_emergency(case, by=by, now=now)


def _check(
    now: datetime,
    received_at: datetime,
    customer: Customer,
    facts: str,
    contact: Contact | None,
    ticket: Ticket | None,
    project: Project | None,
) -> None:
    errors: dict[str, list[Any]] = {}
    if not facts.strip():
        errors["facts"] = [_("Write down what happened.")]
    if received_at > now + timedelta(minutes=5):
        errors["received_at"] = [_("A complaint cannot have been received in the future.")]
    for name, row in (("contact", contact), ("ticket", ticket), ("project", project)):
        if row is not None and row.customer_id != customer.pk:
            errors[name] = [_("This belongs to another customer.")]
    if errors:
        raise RuleBroken(errors=errors)


def _same_cause(customer: Customer, category: str, now: datetime) -> int:
    since = now - timedelta(days=SAME_CAUSE_DAYS)
    return Complaint.objects.filter(customer=customer, category=category, received_at__gte=since).count()


def record_containment(*, by: Any, now: datetime, case: Complaint, text: str) -> Complaint:
    """Write down how the damage was contained; it stops the containment clock. Refuses an empty text."""
    if not text.strip():
        raise RuleBroken(errors={"text": [_("Say what was done to contain the damage.")]})
    with transaction.atomic():
        Complaint.objects.filter(pk=case.pk).update(containment=text.strip())
        timekeeping.stop(case, CONTAIN, now)
        audit.record("complaints.contain_complaint", case, by=by, now=now)
    case.containment = text.strip()
    return case


def record_interim(*, by: Any, now: datetime, case: Complaint, text: str, channel: str) -> Complaint:
    """Note what the complainant was told meanwhile; the next interim update is due a full interval later."""
    if not text.strip():
        raise RuleBroken(errors={"text": [_("Write what the complainant was told.")]})
    with transaction.atomic():
        timekeeping.restart_interim(case, now)
        audit.record(
            "complaints.inform_complaint",
            case,
            by=by,
            now=now,
            reason=text.strip(),
            data={"channel": channel},
        )
    return case


def finish_step(*, by: Any, now: datetime, step: EmergencyStep, note: str = "") -> EmergencyStep:
    """Tick a line of the emergency plan; it keeps who did it and when. A ticked line is left as it was."""
    with transaction.atomic():
        done = EmergencyStep.objects.filter(pk=step.pk, done_at=None).update(
            done_at=now, done_by=by, note=note
        )
        if done:
            audit.record(
                "complaints.finish_step",
                step.complaint,
                by=by,
                now=now,
                reason=note,
                data={"step": step.code},
            )
    step.refresh_from_db()
    return step
