"""Care that plans itself: contacts by cadence, greetings, anniversaries, sponsors' visits — each once, whenever it runs.

What is planned is an ordinary follow-up on somebody's day; the calendar only says that it is due.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from core.calendars import work_calendar
from core.models import BusinessDay
from core.notify import notify
from core.params import param
from core.sweep import for_each_due
from crm.cadence import CLASSES, PROMISED
from crm.care_days import coming_days, festivals_ahead, working_day_for
from crm.choices import CareClass, FollowUpKind, FollowUpState, PoolStatus, Tier
from crm.models import CareDate, Contact, Customer, FollowUp
from crm.operations.assignment import managers_of
from crm.operations.follow_ups import plan_follow_up
from crm.planning import due_on
from crm.privacy_choices import Purpose

SETTLED_FOR = timedelta(days=7)
"""After a care contact was closed without reaching anybody, the next is not planned before this."""

DAYS_AHEAD = 7
SPONSOR_AHEAD = 30
AT_ONCE = 1000

LOOKED_AFTER = PROMISED & Q(owner__is_active=True)


def plan_care(now: datetime) -> int:
    """Plan every care contact that is near; returns how many were planned."""
    return sum(plan(now) for plan in (_by_cadence, _greetings, _anniversaries, _birthdays, _sponsors))


def _each(code: str, due: QuerySet[Any], handle: Callable[[Any], object]) -> int:
    return for_each_due(f"crm.care_{code}", due.order_by("pk"), handle, limit=AT_ONCE)


def _planned(**filters: Any) -> Exists:
    return Exists(FollowUp.objects.filter(customer=OuterRef("pk"), **filters))


def _by_cadence(now: datetime) -> int:
    """A care contact where the promised one is near and nothing is planned before it.

    Owners get it, for customers of the care queue the branch manager, who may hand it over.
    """
    until = now + timedelta(days=param("crm.care_lead_days", at=now))
    due = (
        Customer.objects.alive()
        .filter(PROMISED, contact_due_at__lt=until)
        .filter(Q(owner__is_active=True) | Q(pool_status=PoolStatus.CARE))
        .filter(Q(next_follow_at=None) | Q(next_follow_at__gt=Greatest(F("contact_due_at"), Value(until))))
        .exclude(_planned(kind=FollowUpKind.CARE, state=FollowUpState.OPEN))
        .exclude(_planned(kind=FollowUpKind.CARE, closed_at__gt=now - SETTLED_FOR))
    )
    return _each(
        "contact", due, lambda row: _plan(row, FollowUpKind.CARE, timezone.localdate(row.contact_due_at), now)
    )


def _plan(customer: Customer, kind: str, day: date, now: datetime, occasion: str = "") -> None:
    calendar = work_calendar(customer.branch.calendar_code)
    owner = customer.owner or next(iter(managers_of(customer.branch, now)), None)
    if owner is None:
        raise LookupError(f"branch {customer.branch.code} has nobody to care for customer {customer.pk}")
    due_at = due_on(working_day_for(day, timezone.localdate(now), calendar))
    plan_follow_up(
        by=None, now=now, customer=customer, text="", due_at=due_at, owner=owner, kind=kind, occasion=occasion
    )


def _greetings(now: datetime) -> int:
    """Greetings before a festival, by the class of customer."""
    today, ahead = timezone.localdate(now), param("crm.greeting_lead_days", at=now)
    days = BusinessDay.objects.filter(
        calendar__code="company",
        kind=BusinessDay.Kind.HOLIDAY,
        date__gte=today,
        date__lte=today + timedelta(days=ahead),
    )
    near = festivals_ahead(days.values_list("date", "name"), today, ahead)
    planned = 0
    for code, festivals in (param("crm.greetings", at=now) if near else {}).items():
        for festival in set(festivals) & set(near):
            rows = Customer.objects.alive().filter(LOOKED_AFTER, CLASSES[code])
            planned += _occasion(
                rows, FollowUpKind.GREETING, f"{festival}:{near[festival].year}", near[festival], now
            )
    return planned


def _occasion(rows: QuerySet[Any], kind: str, occasion: str, day: date, now: datetime) -> int:
    """One follow-up per customer and occasion, done by the last working day before it is over."""
    due = rows.exclude(_planned(occasion=occasion))
    return _each(kind, due, lambda row: _plan(row, kind, day, now, occasion))


def _anniversaries(now: datetime) -> int:
    """The days kept for a customer, and the day its first pumps were accepted."""
    near = coming_days(timezone.localdate(now), DAYS_AHEAD)
    planned = 0
    kept = CareDate.objects.filter(_any_day(near, "month", "day"), customer__deleted_at=None)
    for row in kept.order_by("pk"):
        day = near[row.month, row.day]
        planned += _one(row.customer_id, f"{row.kind}-{row.pk}:{day.year}", day, now)
    accepted = Customer.objects.alive().filter(
        _any_day(near, "facts__first_acceptance_on__month", "facts__first_acceptance_on__day"), LOOKED_AFTER
    )
    firsts: Iterable[tuple[int, Any]] = accepted.values_list("pk", "facts__first_acceptance_on")
    for pk, first in firsts:
        day = near[first.month, first.day]
        if day.year > first.year:
            planned += _one(pk, f"commissioning-0:{day.year}", day, now)
    return planned


def _any_day(near: Iterable[tuple[int, int]], month: str, day: str) -> Q:
    found = Q(pk__in=[])
    for wanted in near:
        found |= Q(**{month: wanted[0], day: wanted[1]})
    return found


def _one(customer_id: int, occasion: str, day: date, now: datetime) -> int:
    rows = Customer.objects.alive().filter(LOOKED_AFTER, pk=customer_id)
    return _occasion(rows, FollowUpKind.ANNIVERSARY, occasion, day, now)


def _birthdays(now: datetime) -> int:
    """Birthdays of people at customers with a tier; whoever may not be contacted is left in peace."""
    near = coming_days(timezone.localdate(now), DAYS_AHEAD)
    by_words = {f"{month:02d}-{day:02d}": date for (month, day), date in near.items()}
    people = (
        Contact.objects.alive()
        .reachable_for(Purpose.SERVICE, now)
        .filter(birthday__in=list(by_words))
        .exclude(customer__tier=Tier.NA)
    )
    planned = 0
    for pk, birthday, customer in people.order_by("pk").values_list("pk", "birthday", "customer_id"):
        day = by_words[birthday]
        planned += _one(customer, f"birthday-{pk}:{day.year}", day, now)
    return planned


def _sponsors(now: datetime) -> int:
    """A visit of the executive sponsor to each VIP customer: the owner arranges it, the sponsor is told."""
    gap = timedelta(days=param("crm.sponsor_visit_days", at=now))
    last = now - gap + timedelta(days=SPONSOR_AHEAD)
    visits = {"kind": FollowUpKind.SPONSOR}
    due = (
        Customer.objects.alive()
        .filter(LOOKED_AFTER, CLASSES[CareClass.VIP], sponsor__is_active=True)
        .exclude(_planned(state=FollowUpState.OPEN, **visits))
        .exclude(_planned(closed_at__gt=last, **visits))
    )
    day = timezone.localdate(now) + timedelta(days=SPONSOR_AHEAD)

    def handle(row: Customer) -> None:
        occasion = f"sponsor:{day}"
        _plan(row, FollowUpKind.SPONSOR, day, now, occasion)
        key = f"sponsor:{row.pk}:{day}"
        notify([row.sponsor], "crm.sponsor_visit_planned", row, now=now, dedupe_key=key, mail=False)

    return _each("sponsor", due, handle)
