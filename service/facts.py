"""What service knows about a customer, brought down to the customer floor: pumps, tickets, kept promises."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from crm.choices import HoldKind
from crm.models import Customer
from crm.operations import hold, record_facts, release
from service.choices import FINISHED_STATES, PumpStatus, TicketType
from service.models import Pump, ServiceReport, Ticket, TicketClock

YEAR = timedelta(days=365)


def bring_down(customer: Customer, *, now: datetime) -> None:
    """Write this customer's figures anew; running it again changes nothing but the as-of times."""
    pumps = Pump.objects.filter(customer=customer).exclude(status=PumpStatus.SCRAPPED)
    tickets = Ticket.objects.live().filter(customer=customer)
    last = tickets.order_by("-received_at").values_list("received_at", flat=True).first()
    record_facts(
        customer=customer,
        source="pumps",
        facts={
            "pumps_in_service": pumps.count(),
            "pumps_in_warranty": pumps.filter(warranty_until__gte=now.date()).count(),
            "failure_rate_12m": failure_rate(customer, pumps.count(), now),
        },
        now=now,
    )
    record_facts(
        customer=customer,
        source="tickets",
        facts={
            "tickets_total": tickets.count(),
            "open_tickets": tickets.exclude(state__in=FINISHED_STATES).count(),
            "last_ticket_at": last,
            **work_of_year(customer, now),
        },
        now=now,
    )
    record_facts(
        customer=customer, source="sla", facts={"sla_breach_ratio_12m": breach_ratio(customer, now)}, now=now
    )


def failure_rate(customer: Customer, pumps: int, now: datetime) -> float | None:
    """Faults reported in twelve months per pump in service (failures per pump and year); None without pumps."""
    if not pumps:
        return None
    repairs = Ticket.objects.live().filter(
        customer=customer, type=TicketType.REPAIR, received_at__gt=now - YEAR
    )
    return repairs.aggregate(failures=Count("pumps"))["failures"] / pumps


def work_of_year(customer: Customer, now: datetime) -> dict[str, float]:
    """Tickets solved on site and hours worked in twelve months, for the cost to serve."""
    reports = ServiceReport.objects.filter(ticket__customer=customer, submitted_at__gt=now - YEAR)
    onsite = reports.filter(remote=False).values("ticket").distinct().count()
    hours = reports.aggregate(sum=Sum("hours"))["sum"] or 0
    return {"onsite_tickets_12m": onsite, "service_hours_12m": float(hours)}


def breach_ratio(customer: Customer, now: datetime) -> float | None:
    """Broken promises of the last twelve months as a share of all that were decided; None without any."""
    decided = TicketClock.objects.decided().filter(ticket__customer=customer, stopped_at__gt=now - YEAR)
    number = decided.count()
    return decided.filter(stopped_at__gt=F("due_at")).count() / number if number else None


def keep_hold(ticket: Ticket, *, now: datetime) -> None:
    """An open ticket keeps its customer from being recycled or merged."""
    if ticket.is_open:
        hold(customer=ticket.customer, kind=HoldKind.TICKET, ref=ticket.code, now=now)
    else:
        release(customer=ticket.customer, kind=HoldKind.TICKET, ref=ticket.code)


def stale_customers() -> list[int]:
    """Customers whose tickets or pumps changed after their figures were written."""
    tickets = Ticket.objects.live().filter(customer=OuterRef("pk"))
    pumps = Pump.objects.filter(customer=OuterRef("pk"))
    never = Q(facts__tickets_at=None)
    moved = Exists(tickets.filter(updated_at__gt=OuterRef("facts__tickets_at")))
    grown = Exists(pumps.filter(updated_at__gt=OuterRef("facts__pumps_at")))
    rows = Customer.objects.filter(historical=False).filter(
        moved | grown | (never & (Exists(tickets) | Exists(pumps)))
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:500])
