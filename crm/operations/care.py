"""Keeping what every customer is promised: the day of the next contact, recounted and enforced."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, DurationField, F, Func, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.cadence import CLASSES, PROMISED, cadences
from crm.models import Customer

DAY_END = timedelta(days=1, seconds=-1)


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
