"""Telling people that a party is known already, to whom it belongs, and carrying their question there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import AccessSource
from accounts.scoping import grant_access
from core import audit
from core.calendars import work_calendar
from core.errors import NotFound, RuleBroken, TooMany
from core.models import AuditEntry, Task
from core.notify import notify
from core.params import param
from core.rules import require
from core.tasks_list import close_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.duplicate_search import Found, Without, find_duplicates
from crm.duplicates import Party
from crm.models import Customer
from crm.operations.assignment import managers_of

LOOKUP = "crm.lookup_duplicate"
ASKED_TASK = "crm.asked_customer"
SHARED_FOR = timedelta(days=30)
REF_SALT, REF_LASTS = "crm.known_party", timedelta(days=2)


@dataclass
class Known:
    """A customer that may be the same, as far as the asker may know it: of a hidden one name, owner and branch."""

    found: Found
    visible: bool
    ref: str = ""

    @property
    def name(self) -> str:
        return self.found.customer.name

    @property
    def owner(self) -> str:
        return str(self.found.customer.owner or "")

    @property
    def branch(self) -> str:
        return str(self.found.customer.branch)

    @property
    def sentence(self) -> str:
        """Who has it, in words that say no more than an outsider may know."""
        places = {"name": self.name, "owner": self.owner, "branch": self.branch}
        if self.owner:
            return _("“%(name)s” exists already. It belongs to %(owner)s, %(branch)s.") % places
        return _("“%(name)s” exists already. It waits for an owner in %(branch)s.") % places


def check_duplicates(
    *, by: Any, now: datetime, party: Party, customer: int | None = None, contact: int | None = None
) -> list[Known]:
    """The customers this party may be the same as, told as far as `by` may know.

    `customer` and `contact` are the rows being edited. Each hidden customer shown to a person is kept in the audit
    once a day; past the daily allowance the look-up is refused with TooMany (429).
    """
    without = Without([customer] if customer else [], [contact] if contact else [])
    found = find_duplicates(party, without)
    ids = [hit.customer.pk for hit in found]
    seen = (
        set(Customer.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    )
    hidden = [hit.customer for hit in found if hit.customer.pk not in seen]
    if hidden:
        _note_look_up(hidden, by, now)
    return [Known(hit, hit.customer.pk in seen, _ref(hit.customer, by)) for hit in found]


def _note_look_up(hidden: Iterable[Customer], by: Any, now: datetime) -> None:
    """Write down which hidden customers were shown, each once a day, within the allowance."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    shown = set(
        AuditEntry.objects.filter(actor=by, at__gte=today, code=LOOKUP).values_list("object_id", flat=True)
    )
    new = [row for row in hidden if row.pk not in shown]
    if len(shown) + len(new) > param("crm.foreign_lookups_per_day", at=now):
        raise TooMany(
            _("You have been shown many customers of others today. Ask the CRM office; it can look for you.")
        )
    audit.record_many(LOOKUP, new, by=by, now=now, data_of=lambda row: {})


def _ref(customer: Customer, by: Any) -> str:
    """What lets this person, and nobody else, ask about a customer they cannot see."""
    return signing.dumps([customer.pk, by.pk], salt=REF_SALT)


def customer_of_ref(ref: str, *, by: Any) -> Customer:
    """The customer a look-up has shown this person, locked. Refuses a reference of somebody else, or an old one."""
    try:
        pk, asker = signing.loads(ref, salt=REF_SALT, max_age=REF_LASTS)
    except signing.BadSignature as error:
        raise RuleBroken(errors={"ref": [_("Look the customer up again.")]}) from error
    if asker != by.pk:
        raise RuleBroken(errors={"ref": [_("Look the customer up again.")]})
    rows = Customer.objects.alive().select_related("owner", "branch").select_for_update(of=("self",))
    customer = rows.filter(pk=pk).first()
    if customer is None:
        raise NotFound()
    return customer


def ask_about_customer(*, by: Any, now: datetime, ref: str) -> Customer:
    """Carry a colleague's question to whoever answers for a customer the look-up has shown: owner, else the branch.

    They get a notice and a task to let the asker see the customer or say no. Asking again changes nothing. Refuses a
    reference that is not the asker's own or older than two days.
    """
    with transaction.atomic():
        customer = customer_of_ref(ref, by=by)
        people = (
            [customer.owner]
            if customer.owner and customer.owner.is_active
            else managers_of(customer.branch, now)
        )
        due_at = end_of_nth_working_day(now, 1, work_calendar(customer.branch.calendar_code))
        for person in people:
            data = {"askers": sorted({by.pk, *askers_of(customer)})}
            open_task(ASKED_TASK, customer, person, due_at=due_at, severity=1, data=data)
        notify(
            people,
            "crm.customer_asked",
            customer,
            now=now,
            dedupe_key=f"asked:{customer.pk}:{by.pk}:{now.date()}",
        )
        audit.record("crm.ask_customer", customer, by=by, now=now)
    return customer


def askers_of(customer: Customer) -> list[int]:
    """Who waits for an answer about this customer."""
    tasks = Task.objects.open().filter(kind=ASKED_TASK, object_kind="crm.customer", object_id=customer.pk)
    return sorted({pk for data in tasks.values_list("data", flat=True) for pk in data.get("askers", [])})


def answer_asker(*, by: Any, now: datetime, customer: Customer, asker: Any, share: bool) -> Customer:
    """Let the asker see the customer for thirty days, or say no; either way they are told.

    Refuses whoever may not change the customer, and an answer nobody asked for.
    """
    with transaction.atomic():
        locked = (
            Customer.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=customer.pk).first()
        )
        if locked is None:
            raise NotFound()
        require(by, "crm.change_customer", locked)
        waiting = askers_of(locked)
        if asker.pk not in waiting:
            raise RuleBroken(errors={"asker": [_("This question has been answered.")]})
        if share:
            until = now + SHARED_FOR
            grant_access(locked, user=asker, source=AccessSource.RELATED, by=by, now=now, until=until)
        _leave_waiting(locked, [pk for pk in waiting if pk != asker.pk], now)
        code = "crm.customer_shared" if share else "crm.customer_not_shared"
        notify(
            [asker],
            code,
            locked if share else None,
            now=now,
            dedupe_key=f"answered:{locked.pk}:{asker.pk}:{now.isoformat()}",
            data={} if share else {"name": locked.name},
        )
        audit.record(
            "crm.answer_ask_customer", locked, by=by, now=now, data={"asker": asker.pk, "share": share}
        )
    return locked


def _leave_waiting(customer: Customer, waiting: list[int], now: datetime) -> None:
    if not waiting:
        close_tasks(customer, now=now, kind=ASKED_TASK)
        return
    tasks = Task.objects.open().filter(kind=ASKED_TASK, object_kind="crm.customer", object_id=customer.pk)
    tasks.update(data={"askers": waiting})
