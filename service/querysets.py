"""Which rows of service a user sees, and the adjectives lists, boards and sweeps speak in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef

from accounts.querysets import names_of, only_names
from accounts.scoping import scope_rows
from crm.querysets import only_customer
from service.choices import ACTIVE_STATES, OPEN_STATES, QUEUE_STATES, IntakeState, TicketState

if TYPE_CHECKING:
    pass


class PumpQuerySet(models.QuerySet[Any]):
    """Installed pumps."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "service.view_pump")

    def for_list(self) -> Self:
        return self.select_related("customer", "site", "owner", "branch").fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        return self.select_related("customer", "site", "owner", "branch")


TABLE_COLUMNS = (
    "code", "priority", "tier_rank", "tier_snapshot", "safety_flag", "type", "symptom", "state", "progress",
    "received_at", "response_due_at", "resolve_due_at", "customer", "engineer", "owner",
)  # fmt: skip
"""What stands in the table of tickets, and what it is sorted by."""


class TicketQuerySet(models.QuerySet[Any]):
    """Tickets; `live` leaves out those taken over from an old system, which nothing may remind of."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "service.view_ticket")

    def live(self) -> Self:
        return self.filter(historical=False)

    def open(self) -> Self:
        return self.live().filter(state__in=OPEN_STATES)

    def active(self) -> Self:
        """Work is still to be done: up to, not including, resolved."""
        return self.live().filter(state__in=ACTIVE_STATES)

    def queue(self) -> Self:
        """Waiting for a dispatcher."""
        return self.live().filter(state__in=QUEUE_STATES)

    def overdue(self, now: datetime) -> Self:
        """Some running clock is past its due time."""
        from service.models import TicketClock

        late = TicketClock.objects.overdue(now).filter(ticket=OuterRef("pk"))
        return self.open().filter(Exists(late))

    def with_fallen_levels(self, now: datetime) -> Self:
        """Some clock has a level to announce."""
        from service.models import TicketClock

        due = TicketClock.objects.filter(next_level_at__lte=now)
        return self.live().filter(pk__in=due.values("ticket_id"))

    def unanswered(self, now: datetime) -> Self:
        """Offered to an engineer who has let the answer time pass."""
        return self.live().filter(state=TicketState.ASSIGNED, answer_due_at__lte=now)

    def to_nudge(self, now: datetime) -> Self:
        """Waiting for the customer's confirmation, a reminder is due."""
        return self.live().filter(state=TicketState.PENDING_CONFIRM, next_nudge_at__lte=now)

    def confirmed_unsampled(self) -> Self:
        """Confirmed by the customer and not drawn for a call-back: nothing is left to do."""
        return self.live().filter(state=TicketState.PENDING_CALLBACK, callback_required=False)

    def in_queue_order(self) -> Self:
        """Priority, tier rank, response due, age (the anti-starvation rank is added by the board)."""
        return self.order_by("priority", "tier_rank", F("response_due_at").asc(nulls_last=True), "id")

    def for_list(self) -> Self:
        return (
            self.select_related("customer", "engineer", "owner", "branch")
            .defer("search_terms", *only_names("engineer", "owner", "branch"), *only_customer())
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_table(self) -> Self:
        """What the list page shows of a ticket: fewer columns than the API's list gives out."""
        return (
            self.select_related("customer", "engineer", "owner")
            .only(*TABLE_COLUMNS, "customer__name", "customer__short_name", *names_of("engineer", "owner"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related(
            "customer", "contact", "engineer", "owner", "branch", "creator", "repeat_of"
        )


class TicketChildQuerySet(models.QuerySet[Any]):
    """Rows that hang on a ticket and are seen with it."""

    def visible_to(self, user: Any) -> Self:
        from service.models import Ticket

        if user is None:
            return self
        return self.filter(ticket__in=Ticket.objects.visible_to(user))


class TicketAssignmentQuerySet(TicketChildQuerySet):
    """Who was sent to a ticket."""

    def exact_before(self, before: datetime) -> Self:
        """Arrived earlier than this, and still kept to the metre."""
        return self.filter(arrived_at__lt=before, latitude__isnull=False, blurred=False)


class TicketClockQuerySet(TicketChildQuerySet):
    """Clocks; only those of live tickets count anywhere."""

    def running(self) -> Self:
        return self.filter(stopped_at=None, voided=False)

    def overdue(self, now: datetime) -> Self:
        """Running and past due."""
        return self.running().filter(due_at__lt=now)

    def decided(self) -> Self:
        """Promises that were kept or broken for good: stopped, not void, with a due time."""
        return self.filter(ticket__historical=False, voided=False, stopped_at__isnull=False).exclude(
            due_at=None
        )

    def met(self) -> Self:
        return self.decided().filter(stopped_at__lte=F("due_at"))

    def missed(self) -> Self:
        return self.decided().filter(stopped_at__gt=F("due_at"))


class ServiceReportQuerySet(models.QuerySet[Any]):
    """Service reports, seen with their ticket."""

    def visible_to(self, user: Any) -> Self:
        from service.models import Ticket

        if user is None:
            return self
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def for_list(self) -> Self:
        return self.select_related("ticket__customer", "engineer", "pump").fetch_mode(models.FETCH_RAISE)

    def for_detail(self) -> Self:
        return self.select_related("ticket__customer", "engineer", "pump", "approved_by")


class IntakeReportQuerySet(models.QuerySet[Any]):
    """Public reports."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "service.view_intakereport")

    def waiting(self) -> Self:
        return self.filter(state=IntakeState.WAITING)

    def for_list(self) -> Self:
        return self.select_related("pump__customer", "pump__site", "branch", "ticket").fetch_mode(
            models.FETCH_RAISE
        )

    def for_detail(self) -> Self:
        return self.select_related("pump__customer", "pump__site", "branch", "owner", "ticket")
