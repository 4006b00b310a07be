"""Making tickets and pumps, and steps that touch several rows at once; keyword-only, `by` first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from accounts.models import OrgUnit
from accounts.scoping import grant_access
from core import audit, public_tokens
from core.clock import db_now
from core.copying import copy_rows, take_ids
from core.crypto import blind_hash
from core.errors import RuleBroken, TooMany
from core.files import store_and_attach
from core.notify import notify
from core.numbering import next_code, next_codes
from core.params import param
from core.rules import ask, require
from core.tasks_list import close_tasks, open_task
from crm.distance import BLUR_DIGITS
from crm.models import Contact, Customer, Site
from crm.operations.check_ins import BLUR_AFTER, BLUR_ROWS
from service import desk, timekeeping
from service.choices import Channel, ConfirmMethod, IntakeState, TicketState
from service.models import IntakeReport, Pump, ServiceReport, Ticket, TicketAssignment
from service.priority import TIERS, PriorityDecision, counted_tier, decide_priority
from service.sla import DueTime, due_times, recurrence

AFTER_SALES = "ASD"
TICKET_PREFIX, PUMP_PREFIX = "GD", "SB"


# --- registering ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """What a registration would promise: shown before saving, stored by it."""

    decision: PriorityDecision
    dues: dict[str, DueTime]
    tier: str
    repeats: str
    earlier: Ticket | None


def preview_ticket(
    *,
    now: datetime,
    customer: Customer,
    pumps: Iterable[Pump] = (),
    type: str = "repair",  # noqa: A002 - the field's name everywhere
    impact: str,
    safety_flag: bool = False,
    symptom: str = "",
    site: Site | None = None,
    planned_on: date | None = None,
) -> Preview:
    """Priority, due times and reasons as `register_ticket` would store them; nothing is written."""
    pumps = list(pumps)
    ticket = _draft(now, customer, pumps, type, impact, safety_flag, symptom, site, planned_on)
    decision = decide_priority(impact, ticket.tier_snapshot, safety_flag=safety_flag)
    dues = due_times(timekeeping.run_of(ticket), timekeeping.calendar_of(ticket))
    earlier, again = find_earlier(customer, pumps, symptom, now=now)
    return Preview(decision, dues, ticket.tier_snapshot, again, earlier)


def register_ticket(
    *,
    by: Any,
    now: datetime | None = None,
    customer: Customer,
    contact: Contact | None = None,
    pumps: Iterable[Pump] = (),
    type: str = "repair",  # noqa: A002
    impact: str,
    safety_flag: bool = False,
    symptom: str = "",
    description: str = "",
    channel: str = Channel.PHONE,
    site: Site | None = None,
    planned_on: date | None = None,
    diagnosis: str = "",
) -> Ticket:
    """Register a request with its priority and four due times, and put it into the dispatch queue.

    A person who may accept tickets accepts by registering; a first diagnosis stops the response clock.
    Refuses pumps or a contact of another customer. The same symptom on the same pump soon after closing is
    refused in favour of reopening; within 90 days the new ticket is marked as repeated.
    """
    now = now or db_now()
    pumps = list(pumps)
    _check_belongs(customer, contact, pumps, site)
    earlier, again = find_earlier(customer, pumps, symptom, now=now)
    if again == "reopen" and earlier is not None:
        raise RuleBroken(
            _("The same fault was closed a short time ago: reopen %(code)s instead.")
            % {"code": earlier.code},
            code="reopen_instead",
            data={"ticket": earlier.pk, "code": earlier.code},
        )
    ticket = _draft(now, customer, pumps, type, impact, safety_flag, symptom, site, planned_on)
    decision = decide_priority(impact, ticket.tier_snapshot, safety_flag=safety_flag)
    ticket.contact, ticket.description, ticket.channel, ticket.creator = contact, description, channel, by
    ticket.priority_reasons = list(decision.reasons)
    ticket.repeat_of = earlier if again == "repeat" else None
    with transaction.atomic():
        ticket.code = next_code(TICKET_PREFIX, branch_code=customer.branch.code, now=now)
        ticket.save()
        ticket.pumps.set(pumps)
        _open(ticket, by=by, now=now)
        if by is not None and ask(by, "service.accept_ticket", ticket):
            return ticket.accept(by=by, now=now, diagnosis=diagnosis)
        return ticket


def _draft(
    now: datetime,
    customer: Customer,
    pumps: list[Pump],
    type: str,  # noqa: A002
    impact: str,
    safety_flag: bool,
    symptom: str,
    site: Site | None,
    planned_on: date | None,
) -> Ticket:
    """An unsaved ticket with everything its clocks depend on."""
    site = site or next((pump.site for pump in pumps if pump.site_id), None)
    tier = customer.tier or "na"
    priority = decide_priority(impact, tier, safety_flag=safety_flag).priority
    return Ticket(
        customer=customer,
        site=site,
        type=type,
        impact=impact,
        safety_flag=safety_flag,
        symptom=symptom,
        tier_snapshot=tier,
        tier_rank=TIERS.index(counted_tier(tier)),
        priority=priority,
        priorities=[[now.isoformat(), priority]],
        run_started_at=now,
        received_at=now,
        travel_km=site.travel_km if site else 0,
        calendar_code=calendar_code_of_after_sales(),
        planned_on=planned_on,
        owner_id=customer.owner_id,
        branch_id=customer.branch_id,
    )


def calendar_code_of_after_sales() -> str:
    """The calendar of the after-sales department or its nearest ancestor that has one ("" = the company's)."""
    unit = OrgUnit.objects.select_related("parent").filter(code=AFTER_SALES).first()
    while unit is not None:
        if unit.calendar_code:
            return unit.calendar_code
        unit = unit.parent
    return ""


def _check_belongs(
    customer: Customer, contact: Contact | None, pumps: Iterable[Pump], site: Site | None
) -> None:
    if contact is not None and contact.customer_id != customer.pk:
        raise RuleBroken(errors={"contact": [_("This person belongs to another customer.")]})
    if any(pump.customer_id != customer.pk for pump in pumps):
        raise RuleBroken(errors={"pumps": [_("This pump belongs to another customer.")]})
    if site is not None and site.customer_id != customer.pk:
        raise RuleBroken(errors={"site": [_("This site belongs to another customer.")]})


def _open(ticket: Ticket, *, by: Any, now: datetime) -> None:
    """First clocks, tracking token, access of who entered it, queue, notice to the project manager."""
    ticket.tracking_digest = public_tokens.token_hash(tracking_token(ticket))
    timekeeping.recompute(ticket)
    ticket.save()
    if by is not None:
        grant_access(ticket, user=by, source="creator", by=by, now=now, until=now + desk.ACCESS_AFTER_WORK)
    audit.record(
        "service.add_ticket",
        ticket,
        by=by,
        now=now,
        to_state=ticket.state,
        data={"priority": ticket.priority, "impact": ticket.impact, "reasons": ticket.priority_reasons},
    )
    desk.put_in_queue(ticket)
    if ticket.owner_id != getattr(by, "pk", None):
        notify([ticket.owner], "service.ticket_registered", ticket, now=now, dedupe_key=f"new:{ticket.pk}")


def find_earlier(
    customer: Customer, pumps: Iterable[Pump], symptom: str, *, now: datetime
) -> tuple[Ticket | None, str]:
    """The latest closed ticket about the same symptom on one of the pumps and what it means now:
    `reopen`, `repeat` or `new`."""
    if not symptom or not pumps:
        return None, "new"
    earlier = (
        Ticket.objects.live()
        .filter(customer=customer, pumps__in=list(pumps), symptom=symptom, state=TicketState.CLOSED)
        .order_by("-closed_at")
        .first()
    )
    if earlier is None or earlier.closed_at is None:
        return None, "new"
    return earlier, recurrence(earlier.closed_at, now, earlier.priority)


def tracking_token(ticket: Ticket) -> str:
    """The word in the customer's tracking link."""
    return public_tokens.make_token("ticket", ticket.pk, ticket.tracking_generation)


# --- pumps ------------------------------------------------------------------------------------------------------------


def add_pump(*, by: Any, now: datetime | None = None, customer: Customer, **columns: Any) -> Pump:
    """Record an installed pump and the code of its label. Refuses a site of another customer."""
    now = now or db_now()
    _check_belongs(customer, None, (), columns.get("site"))
    with transaction.atomic():
        pump = _pump(customer, next_code(PUMP_PREFIX, branch_code=customer.branch.code, now=now), columns)
        pump.save()
        pump.public_digest = public_tokens.token_hash(label_token(pump))
        pump.save(update_fields=["public_digest"])
        audit.record("service.add_pump", pump, by=by, now=now, data={"model": pump.model})
    return pump


def add_pumps(
    *, by: Any, now: datetime | None = None, customer: Customer, pumps: Sequence[Mapping[str, Any]]
) -> list[Pump]:
    """Record a customer's installed pumps in few statements, each as `add_pump` would."""
    now = now or db_now()
    for columns in pumps:
        _check_belongs(customer, None, (), columns.get("site"))
    with transaction.atomic():
        codes = next_codes(PUMP_PREFIX, branch_code=customer.branch.code, now=now, count=len(pumps))
        made = [_pump(customer, code, columns) for code, columns in zip(codes, pumps, strict=True)]
        for pump, number in zip(made, take_ids(Pump, len(made)), strict=True):
            pump.pk = number
            pump.public_digest = public_tokens.token_hash(label_token(pump))
        copy_rows(made)
        audit.record_many(
            "service.add_pump", made, by=by, now=now, data_of=lambda pump: {"model": pump.model}
        )
    return made


def _pump(customer: Customer, code: str, columns: Mapping[str, Any]) -> Pump:
    """An unsaved pump, whose scope is its customer's."""
    return Pump(
        customer=customer, owner_id=customer.owner_id, branch_id=customer.branch_id, code=code, **columns
    )


def label_token(pump: Pump) -> str:
    """The word in the QR code on the pump."""
    return public_tokens.make_token("pump", pump.pk, pump.code_generation)


def revoke_label(*, by: Any, now: datetime | None = None, pump: Pump) -> Pump:
    """Make the printed label worthless and a new one printable."""
    now = now or db_now()
    require(by, "service.revoke_code_pump", pump)
    with transaction.atomic():
        pump = Pump.objects.select_for_update().get(pk=pump.pk)
        pump.code_generation += 1
        pump.public_digest = public_tokens.token_hash(label_token(pump))
        pump.save(update_fields=["code_generation", "public_digest", "updated_at"])
        audit.record("service.revoke_code_pump", pump, by=by, now=now)
    return pump


# --- the engineer's report --------------------------------------------------------------------------------------------


def write_report(
    *,
    by: Any,
    now: datetime | None = None,
    ticket: Ticket,
    photos: Iterable[Any] = (),
    signature: Any = None,
    columns: Mapping[str, Any],
) -> ServiceReport:
    """Write and hand in a report; a ticket already resolved is then put to the customer for confirmation.

    A customer's name and signature on it count as the confirmation.
    """
    now = now or db_now()
    require(by, "service.add_servicereport", ServiceReport(ticket=ticket, engineer=by))
    with transaction.atomic():
        work = ticket.assignments.filter(engineer=by).last()
        report = ServiceReport(ticket=ticket, engineer=by, **columns)
        report.pump = report.pump or ticket.pumps.first()
        report.arrived_at = report.arrived_at or (work.arrived_at if work else None)
        report.remote = report.arrived_at is None
        report.signed_at = now if report.signer_name else None
        report.save()
        audit.record("service.add_servicereport", report, by=by, now=now, to_state=report.state)
        for photo in photos:
            store_and_attach(photo, report, kind="photo", by=by)
        if signature is not None:
            store_and_attach(signature, report, kind="signature", by=by)
        report = report.submit(by=by, now=now)
        close_tasks(ticket, now=now, kind="service.report")
        if ticket.state == TicketState.RESOLVED:
            ticket.ask_confirmation(by=by, now=now)
    return report


def finish_work(
    *,
    by: Any,
    now: datetime | None = None,
    ticket: Ticket,
    version: int | None = None,
    photos: Iterable[Any] = (),
    signature: Any = None,
    columns: Mapping[str, Any],
) -> Ticket:
    """The engineer's last step on site in one go: report, resolve, and the customer's signature as confirmation."""
    now = now or db_now()
    with transaction.atomic():
        report = write_report(
            by=by, now=now, ticket=ticket, photos=photos, signature=signature, columns=columns
        )
        ticket = ticket.resolve(by=by, now=now, version=version)
        if report.signer_name:
            ticket = ticket.confirm(by=by, now=now, method=ConfirmMethod.SIGNATURE)
    return ticket


# --- the public page --------------------------------------------------------------------------------------------------


def receive_report(
    *,
    now: datetime,
    pump: Pump,
    symptom: str,
    impact: str,
    safety_flag: bool,
    description: str,
    reporter_name: str,
    reporter_phone: str,
    peer: str,
) -> IntakeReport:
    """Keep what somebody reported under a pump's code, for a dispatcher to look at.

    `peer` is the sender's network address, kept only as a keyed digest. Raises TooMany (429) above the hourly
    limit of one address.
    """
    with transaction.atomic():
        digest = _limit_peer(peer, now=now)
        report = IntakeReport.objects.create(
            pump=pump,
            branch_id=pump.branch_id,
            owner_id=pump.owner_id,
            symptom=symptom,
            impact=impact,
            safety_flag=safety_flag,
            description=description,
            reporter_name=reporter_name,
            reporter_phone=reporter_phone,
            peer_digest=digest,
            received_at=now,
        )
        report.tracking_digest = public_tokens.token_hash(intake_token(report))
        report.save(update_fields=["tracking_digest"])
        audit.record("service.receive_intakereport", report, by=None, now=now, to_state=IntakeState.WAITING)
        people = desk.dispatchers(now)
        for person in people:
            open_task("service.intake", report, person, due_at=now, severity=3 if safety_flag else 2)
        notify(people, "service.intake_new", report, now=now, dedupe_key=f"intake:{report.pk}")
    return report


def _limit_peer(peer: str, *, now: datetime) -> str:
    """Count the sender's reports of the last hour, one request at a time; returns the sender's digest."""
    digest = blind_hash(f"peer|{peer}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [digest])
    recent = IntakeReport.objects.filter(peer_digest=digest, received_at__gt=now - timedelta(hours=1))
    if recent.count() >= int(param("service.public_reports_per_hour", at=now)):
        raise TooMany(_("Many reports came from here in the last hour. Please call us, or try again later."))
    return digest


def intake_token(report: IntakeReport) -> str:
    """The word in the reporter's tracking link."""
    return public_tokens.make_token("intake", report.pk)


def ticket_from_intake(report: IntakeReport, *, by: Any, now: datetime) -> Ticket:
    """The ticket of an accepted public report; its clocks count from when the customer sent it."""
    ticket = register_ticket(
        by=by,
        now=report.received_at,
        customer=report.pump.customer,
        pumps=[report.pump],
        impact=report.impact,
        safety_flag=report.safety_flag,
        symptom=report.symptom,
        description=report.description,
        channel=Channel.QR,
    )
    close_tasks(report, now=now)
    return ticket


def blur_old_arrivals(now: datetime) -> int:
    """Keep where engineers arrived more than 180 days ago to about 100 m only; returns how many. Twice changes nothing more."""
    exact = TicketAssignment.objects.exact_before(now - BLUR_AFTER).order_by("arrived_at")
    oldest = list(exact.values_list("pk", flat=True)[:BLUR_ROWS])
    return TicketAssignment.objects.filter(pk__in=oldest).update(
        latitude=Round("latitude", BLUR_DIGITS), longitude=Round("longitude", BLUR_DIGITS), blurred=True
    )
