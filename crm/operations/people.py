"""What happens to a person at a customer: checked again, left, gone to another customer, serving a second one, known to us."""

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.edits import save_versioned
from core.errors import NotFound, RuleBroken, StaleVersion
from core.rules import require
from crm.choices import AffiliationKind
from crm.models import Affiliation, Contact, ContactTie, Customer
from crm.operations.completeness import refresh_completeness
from crm.operations.facts import assess_again


def change_contact(*, by: Any, now: datetime, form: Any, version: Any) -> Contact:
    """Write a checked form over a person; a new primary contact takes the place of the former one.

    Refuses a reporting line that leads back to the person.
    """
    person = form.instance
    refuse_ring(person, person.reports_to)
    with transaction.atomic():
        if person.is_primary and "is_primary" in form.changed_data:
            others = Contact.objects.alive().filter(customer=person.customer_id, is_primary=True)
            others.exclude(pk=person.pk).update(is_primary=False, version=models.F("version") + 1)
        person = save_versioned(form, version=version, by=by)
        refresh_completeness([person.customer_id], now=now)
        assess_again([person.customer_id], now=now)
    return person


def refuse_ring(person: Contact, boss: Contact | None) -> None:
    """Refuse a superior who, through however many steps, reports to the person."""
    seen: set[int] = set()
    above = boss
    while above is not None and above.pk not in seen:
        if above.pk == person.pk:
            raise RuleBroken(errors={"reports_to": [_("This line would lead back to the person.")]})
        seen.add(above.pk)
        above = above.reports_to


def _locked(by: Any, code: str, contact: Contact, version: int | None) -> Contact:
    """The person under lock, in the caller's scope, after permission and version were checked."""
    rows = Contact.objects.visible_to(by).select_for_update(of=("self",))
    row = rows.filter(pk=contact.pk).first()
    if row is None:
        raise NotFound()
    require(by, code, row)
    if version is not None and version != row.version:
        raise StaleVersion(data={"version": row.version})
    return row


def _keep(person: Contact, *columns: str) -> None:
    person.version += 1
    person.save(update_fields=[*columns, "version", "updated_at"])


def verify_contact(*, by: Any, now: datetime, contact: Contact, version: int | None = None) -> Contact:
    """Note that somebody checked that the person is still there and reachable. Refuses one who has left."""
    with transaction.atomic():
        person = _locked(by, "crm.verify_contact", contact, version)
        if not person.is_here:
            raise RuleBroken(_("This person has left; there is nothing to confirm."))
        person.verified_at = now
        _keep(person, "verified_at")
        audit.record("crm.verify_contact", person, by=by, now=now)
        refresh_completeness([person.customer_id], now=now)
        assess_again([person.customer_id], now=now)
    return person


def leave_contact(
    *,
    by: Any,
    now: datetime,
    contact: Contact,
    left_on: date,
    successor: Contact | None = None,
    version: int | None = None,
) -> Contact:
    """Note that the person has left (离职), and who took over.

    The successor, if one is known, inherits the reports, the primary mark and a decision role not yet set.
    Without one the reports move up a level. Refuses a day in the future and a successor of another customer.
    """
    with transaction.atomic():
        person = _locked(by, "crm.leave_contact", contact, version)
        _check_leaving(person, left_on, successor, now)
        person.left_at, person.successor, was_primary = left_on, successor, person.is_primary
        person.is_primary = False
        _keep(person, "left_at", "successor", "is_primary")
        heir = successor or person.reports_to
        below = Contact.objects.filter(reports_to=person)
        below = below.exclude(pk=heir.pk) if heir is not None else below
        below.update(reports_to=heir, version=models.F("version") + 1)
        if successor is not None:
            _inherit(successor, person, was_primary)
        data = {"left_on": left_on.isoformat(), "successor": successor.pk if successor else None}
        audit.record("crm.leave_contact", person, by=by, now=now, data=data)
        refresh_completeness([person.customer_id], now=now)
        assess_again([person.customer_id], now=now)
    return person


def _check_leaving(person: Contact, left_on: date, successor: Contact | None, now: datetime) -> None:
    errors: dict[str, list[Any]] = {}
    if person.left_at is not None:
        errors["left_on"] = [_("This person is noted as left already.")]
    elif left_on > timezone.localdate(now):
        errors["left_on"] = [_("The day of leaving cannot lie ahead.")]
    if successor is not None and (successor.customer_id != person.customer_id or successor.pk == person.pk):
        errors["successor"] = [_("Choose a colleague of the same customer.")]
    elif successor is not None and not successor.is_here:
        errors["successor"] = [_("The successor has left as well.")]
    if errors:
        raise RuleBroken(errors=errors)


def _inherit(successor: Contact, person: Contact, was_primary: bool) -> None:
    columns: dict[str, Any] = {"version": models.F("version") + 1}
    if successor.reports_to_id == person.pk:
        columns["reports_to"] = person.reports_to
    if successor.decision_role == "unknown":
        columns["decision_role"] = person.decision_role
    if was_primary:
        Contact.objects.alive().filter(customer=person.customer_id, is_primary=True).update(is_primary=False)
        columns["is_primary"] = True
    Contact.objects.filter(pk=successor.pk).update(**columns)


def move_contact(
    *,
    by: Any,
    now: datetime,
    contact: Contact,
    customer: Customer,
    moved_on: date,
    title: str = "",
    version: int | None = None,
) -> Contact:
    """Move a person who changed jobs to another customer; what was said with them stays where it was said.

    The former employer keeps a dated bond ("worked there before"); reporting lines there close around the gap.
    Asks the right to move the person and to add people at the new customer. Refuses the same customer again and a
    day ahead.
    """
    require(by, "crm.add_contact", customer)
    with transaction.atomic():
        person = _locked(by, "crm.move_contact", contact, version)
        if customer.pk == person.customer_id:
            raise RuleBroken(errors={"customer": [_("The person works there already.")]})
        if moved_on > timezone.localdate(now):
            raise RuleBroken(errors={"moved_on": [_("The day of the change cannot lie ahead.")]})
        former = person.customer
        Affiliation.objects.create(
            contact=person,
            customer=former,
            kind=AffiliationKind.EMPLOYED,
            title=person.title,
            ended_on=moved_on,
        )
        Affiliation.objects.current().filter(contact=person, customer=customer).update(ended_on=moved_on)
        below = Contact.objects.filter(reports_to=person)
        below.update(reports_to=person.reports_to, version=models.F("version") + 1)
        people = Contact.objects.alive().filter(customer=customer)
        person.customer, person.title = customer, title or person.title
        person.reports_to, person.left_at, person.successor = None, None, None
        person.is_primary = not people.filter(is_primary=True).exists()
        person.verified_at = now
        _keep(person, "customer", "title", "reports_to", "left_at", "successor", "is_primary", "verified_at")
        data = {"from": former.pk, "to": customer.pk, "on": moved_on.isoformat()}
        audit.record("crm.move_contact", person, by=by, now=now, data=data, root=former)
        audit.record("crm.take_over_contact", person, by=by, now=now, data=data, root=customer)
        refresh_completeness([former.pk, customer.pk], now=now)
        assess_again([former.pk, customer.pk], now=now)
    return person


def add_affiliation(
    *,
    by: Any,
    now: datetime,
    contact: Contact,
    customer: Customer,
    title: str = "",
    started_on: date | None = None,
) -> Affiliation:
    """Note that a person also serves another customer (an agent's or designer's staff).

    Refuses the person's own employer and a bond that is open already.
    """
    require(by, "crm.change_contact", contact)
    if contact.customer_id == customer.pk:
        raise RuleBroken(errors={"customer": [_("The person works there already.")]})
    open_ones = Affiliation.objects.current().filter(contact=contact, customer=customer)
    if open_ones.filter(kind=AffiliationKind.SERVES).exists():
        raise RuleBroken(errors={"customer": [_("This person already serves that customer.")]})
    with transaction.atomic():
        bond = Affiliation.objects.create(
            contact=contact, customer=customer, title=title, started_on=started_on
        )
        audit.record("crm.add_affiliation", bond, by=by, now=now, data={"contact": contact.pk})
    return bond


def end_affiliation(*, by: Any, now: datetime, affiliation: Affiliation) -> Affiliation:
    """Note that the person serves that customer no longer, from today. Refuses a bond that has ended."""
    require(by, "crm.change_contact", affiliation.contact)
    ended = timezone.localdate(now)
    with transaction.atomic():
        rows = Affiliation.objects.current().filter(pk=affiliation.pk)
        if not rows.update(ended_on=ended, version=models.F("version") + 1):
            raise RuleBroken(_("This bond has ended already."))
        audit.record("crm.end_affiliation", affiliation, by=by, now=now, data={"on": ended.isoformat()})
    affiliation.refresh_from_db()
    return affiliation


def set_tie(
    *, by: Any, now: datetime, contact: Contact, user: Any, strength: int, note: str = ""
) -> ContactTie | None:
    """Put on the map how well one of us knows the person; strength 0 takes the tie off (returns None)."""
    require(by, "crm.change_contact", contact)
    with transaction.atomic():
        ties = ContactTie.objects.filter(contact=contact, user=user)
        data = {"user": user.pk, "strength": strength}
        audit.record("crm.change_tie", contact, by=by, now=now, data=data)
        if not strength:
            ties.delete()
            return None
        tie, _new = ContactTie.objects.update_or_create(
            contact=contact, user=user, defaults={"strength": strength, "note": note}
        )
    return tie
