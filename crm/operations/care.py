"""Keeping what every customer is promised: the day of the next contact, recounted and enforced."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateTimeField, DurationField, F, Func, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import NotFound, RuleBroken, StaleVersion
from core.rules import ask, require
from crm.cadence import CLASSES, PROMISED, cadences, care_class, contact_due
from crm.models import CareDate, Customer

DAY_END = timedelta(days=1, seconds=-1)


def set_rhythm(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    every_days: int | None,
    reason: str,
    version: int | None = None,
) -> Customer:
    """Agree a rhythm of contact with one customer, or (None) go back to that of its class.

    Oftener than the class is promised may be agreed by whoever looks after the customer; more seldom needs the branch
    manager, so that nobody is forgotten by a stroke of the pen.
    """
    with transaction.atomic():
        locked = (
            Customer.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=customer.pk).first()
        )
        if locked is None:
            raise NotFound()
        require(by, "crm.change_rhythm_customer", locked)
        if version is not None and version != locked.version:
            raise StaleVersion(data={"version": locked.version})
        promised = care_class(locked)
        usual = cadences(now).get(promised, 0) if promised else 0
        if every_days is not None and usual and every_days > usual:
            _refuse_seldom(by, locked, usual)
        before, locked.contact_every_days = locked.contact_every_days, every_days
        locked.contact_due_at = contact_due(locked, now)
        locked.version += 1
        locked.save(update_fields=["contact_every_days", "contact_due_at", "version", "updated_at"])
        data = {"from": before, "to": every_days}
        audit.record("crm.change_rhythm_customer", locked, by=by, now=now, reason=reason, data=data)
    return locked


def _refuse_seldom(by: Any, customer: Customer, usual: int) -> None:
    if not ask(by, "crm.lengthen_rhythm_customer", customer):
        sentence = _("More seldom than every %(n)s days is for the branch manager to agree.") % {"n": usual}
        raise RuleBroken(errors={"every_days": [sentence]})


def add_care_date(
    *, by: Any, now: datetime, customer: Customer, kind: str, month: int, day: int, label: str = ""
) -> CareDate:
    """Remember a day of the year for a customer. Refuses a day no year has and one that is kept already."""
    require(by, "crm.add_caredate", customer)
    row = CareDate(customer=customer, kind=kind, month=month, day=day, label=label.strip())
    try:
        row.full_clean()
    except ValidationError as wrong:
        found: dict[str, list[Any]] = {
            name: list(said) for name, said in wrong.message_dict.items() if name != "__all__"
        }
        raise RuleBroken(errors=found or {"day": [_("This day is kept already.")]}) from None
    with transaction.atomic():
        row.save()
        audit.record("crm.add_caredate", row, by=by, now=now, data={"kind": kind, "month": month, "day": day})
    return row


def remove_care_date(*, by: Any, now: datetime, care_date: CareDate) -> None:
    """No longer remember the day; what it has caused already stays."""
    require(by, "crm.delete_caredate", care_date)
    with transaction.atomic():
        audit.record("crm.delete_caredate", care_date, by=by, now=now, data={"kind": care_date.kind})
        care_date.delete()


class _LocalDay(Func):
    """Midnight, local, of an instant."""

    function = "date_trunc"
    output_field = DateTimeField()


class _Days(Func):
    """A number of days as a span."""

    template = "make_interval(days => %(expressions)s)"
    output_field = DurationField()


def recount_contact_due(now: datetime, customers: QuerySet[Customer] | None = None) -> int:
    """Derive `contact_due_at` anew wherever tier, pool, rhythm or the parameter changed; returns how many rows moved.

    Says in SQL for many what `cadence.contact_due` says for one.
    """
    rows = Customer.objects.alive() if customers is None else customers
    zone = Value(timezone.get_current_timezone_name())
    since = _LocalDay(Value("day"), Coalesce("last_verified_contact_at", "created_at"), zone)
    moved = rows.exclude(PROMISED).filter(contact_due_at__isnull=False).update(contact_due_at=None)
    for code, days in cadences(now).items():
        of_class = rows.filter(PROMISED, CLASSES[code])
        if not days:
            unpromised = of_class.filter(contact_every_days=None, contact_due_at__isnull=False)
            moved += unpromised.update(contact_due_at=None)
            of_class = of_class.exclude(contact_every_days=None)
        due = since + _Days(Coalesce(F("contact_every_days"), Value(days))) + Value(DAY_END)
        moved += of_class.annotate(due=due).exclude(contact_due_at=F("due")).update(contact_due_at=due)
    return moved
