"""Erasing a person: what they are known by, what blocks it, the work itself, and doing it again on a restored copy."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, outbox
from core.erasure import Person, erase_rows
from core.erasure_audit import erase_words
from core.erasure_files import FoundFiles, delete_bytes, delete_letter, drop_files, find_files
from core.errors import RuleBroken
from core.models import StoredFile
from core.params import param
from core.rules import require
from core.traces import Traces
from crm.choices import Attitude, DecisionRole, HoldKind
from crm.exports.files import withdraw_files
from crm.models import (
    Affiliation,
    Consent,
    Contact,
    ContactTie,
    Customer,
    CustomerHold,
    Erasure,
    PrivacyRequest,
)

LIST_KIND = "crm.list_erasure"
KEPT = frozenset(
    {
        "crm.contact.name",
        *(f"crm.customer.{one}" for one in ("name", "short_name", "name_en", "former_names")),
    }
)
LAW_KEEPS = ("crm.consent",)
NUMBERS, ADDRESSES = ("mobile", "phone"), ("email", "wechat")


def hold_contact(*, by: Any, now: datetime, contact: Contact, legal_hold: str) -> Contact:
    """Keep a person's data because of a law or claim, with the reason; an empty reason lifts it. Blocks the deletion.

    Refuses to lift what does not stand.
    """
    require(by, "crm.hold_contact", contact)
    with transaction.atomic():
        person = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
        if person.contact_removed:
            raise RuleBroken(_("This person's data was erased at their request."))
        if not person.legal_hold and not legal_hold.strip():
            raise RuleBroken(errors={"legal_hold": [_("Write which law or claim asks for it.")]})
        person.legal_hold = legal_hold.strip()
        person.version += 1
        person.save(update_fields=["legal_hold", "version", "updated_at"])
        code = "crm.hold_contact" if person.legal_hold else "crm.lift_hold_contact"
        audit.record(code, person, by=by, now=now)
    return person


def why_not_erase(contact: Contact, *, now: datetime) -> Any:
    """What forbids the deletion now, in words ("" = nothing): a legal hold, or open business of the kinds set by the company."""
    rows = _doubles(contact)
    held = next((row for row in rows if row.legal_hold), None)
    if held is not None:
        return _("Kept because of: %(reason)s") % {"reason": held.legal_hold}
    kinds = param("crm.holds_blocking_erasure", at=now)
    in_force = Q(until__isnull=True) | Q(until__gt=now)
    holds = CustomerHold.objects.filter(
        in_force, customer__in=[row.customer_id for row in rows], kind__in=kinds
    )
    first = holds.order_by("pk").first()
    if first is None:
        return ""
    return _("%(kind)s %(ref)s must be closed first.") % {
        "kind": HoldKind(first.kind).label,
        "ref": first.ref,
    }


def label_of(contact: Contact) -> str:
    """What stands in the place of an erased person's name."""
    return f"匿名{contact.pk}"


def person_of(contact: Contact) -> Person:
    """By what a person is known: names, numbers and addresses of their record and its merged doubles.

    What others share (a switchboard, a colleague's desk, an address of the team) does not count as the person's own. The
    name means this person at their customers, and everywhere when nobody else bears it.
    """
    rows = _doubles(contact)
    numbers = _own({getattr(row, name) for row in rows for name in NUMBERS}, NUMBERS, rows)
    addresses = _own({getattr(row, name) for row in rows for name in ADDRESSES}, ADDRESSES, rows)
    traces = Traces(
        name=contact.name,
        label=label_of(contact),
        numbers=tuple(sorted(number for number in numbers if not _is_switchboard(number))),
        addresses=tuple(sorted(addresses)),
        longer=frozenset(_longer_names(contact.name)),
    )
    past = Affiliation.objects.filter(contact__in=rows).values_list("customer_id", flat=True)
    ids = {row.customer_id for row in rows} | set(past)
    ids |= set(Customer.objects.filter(merged_into__in=ids).values_list("pk", flat=True))
    return Person(
        traces=traces,
        rows=tuple(rows),
        roots=tuple(Customer.objects.filter(pk__in=ids)),
        only_one=not _namesakes(contact.name, rows),
        kept=KEPT,
    )


def _doubles(contact: Contact) -> list[Contact]:
    """Every record of the person: this one, those merged into it, and those of the same name with the same number or address."""
    found, level = [contact], [contact]
    while level:
        same = Q(merged_into__in=[one.pk for one in level])
        for one in level:
            for columns in (NUMBERS, ADDRESSES):
                values = [value for name in columns if (value := getattr(one, name))]
                for name in columns if values else ():
                    same |= Q(name=one.name, **{f"{name}__in": values})
        level = list(Contact.objects.filter(same).exclude(pk__in=[one.pk for one in found]))
        found += level
    return found


def _own(values: Iterable[str], columns: Iterable[str], rows: list[Contact]) -> set[str]:
    """Those values that no other person and none of our people has."""
    others = Contact.objects.exclude(pk__in=[row.pk for row in rows])
    mine = set()
    for value in filter(None, values):
        held = Q(pk__in=[])
        for column in columns:
            held |= Q(**{column: value})
        staff = Q(phone=value) if "mobile" in columns else Q(email=value)
        if not others.filter(held).exists() and not User.objects.filter(staff).exists():
            mine.add(value)
    return mine


def _is_switchboard(number: str) -> bool:
    pattern = Traces(name="", label="", numbers=(number,)).pattern(named=False)
    return bool(pattern) and Customer.objects.filter(switchboard__regex=pattern).exists()


def _longer_names(name: str) -> set[str]:
    """Known names of people and organisations that only contain this one."""
    found = set(Contact.objects.filter(name__contains=name).values_list("name", flat=True))
    found |= set(User.objects.filter(name_zh__contains=name).values_list("name_zh", flat=True))
    for column in ("name", "short_name"):
        found |= set(Customer.objects.filter(**{f"{column}__contains": name}).values_list(column, flat=True))
    return found - {name}


def _namesakes(name: str, rows: list[Contact]) -> bool:
    others = Contact.objects.filter(name=name).exclude(pk__in=[row.pk for row in rows])
    return others.exists() or User.objects.filter(Q(name_zh=name) | Q(name_en=name)).exists()


def erase_contact(
    *,
    by: Any,
    now: datetime,
    contact: Contact,
    request: PrivacyRequest | None = None,
    beat: Callable[[], Any] = lambda: None,
) -> Erasure:
    """Erase a person for good; business facts stay under an anonymous label. Erasing again changes nothing.

    Files are read before the transaction, their rows change in it, their bytes go after it. Refuses what a legal hold or
    open business forbids.
    """
    if by is not None:
        require(by, "crm.erase_contact", contact)
    done = Erasure.objects.filter(contact=contact).first()
    if done is not None and contact.contact_removed:
        return done
    if reason := why_not_erase(contact, now=now):
        raise RuleBroken(reason)
    person = person_of(contact)
    found = find_files(person, kept_on=LAW_KEEPS, beat=beat)
    return _carry_out(contact, person, found, by=by, now=now, request=request)


def replay_erasures(listed: Iterable[int], *, now: datetime) -> int:
    """Erase again, on a restored copy, whoever of the listed people it still knows; returns how many.

    What forbids an erasure was judged when it was done. The copy sends nothing, so bytes are deleted at once.
    """
    again = 0
    for contact in Contact.objects.filter(pk__in=list(listed), contact_removed=False).order_by("pk"):
        person = person_of(contact)
        found = find_files(person, kept_on=LAW_KEEPS)
        names = list(StoredFile.objects.filter(pk__in=found.files).values_list("stored_name", flat=True))
        _carry_out(contact, person, found, by=None, now=now, request=None)
        for name in names:
            delete_bytes(name)
        for letter in found.letters:
            delete_letter(letter)
        again += 1
    return again


def _carry_out(
    contact: Contact, person: Person, found: FoundFiles, *, by: Any, now: datetime, request: Any
) -> Erasure:
    """Everything of an erasure that is in the database: all of it or nothing."""
    with transaction.atomic():
        Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
        rows = erase_rows(person)
        if words := erase_words(person, now=now):
            rows["core.auditentry"] = words
        for row in person.rows:
            _leave_a_label(row, person.traces.label, now=now)
        drop_files(found, now=now)
        withdraw_files(now)
        return _note(contact, rows, found, by=by, now=now, request=request)


def _leave_a_label(row: Any, label: str, *, now: datetime) -> None:
    """What an erasure leaves of the person's own record: an anonymous place that logs and tickets can point at."""
    below = Contact.objects.filter(reports_to=row)
    below.update(reports_to=row.reports_to_id)
    ContactTie.objects.filter(contact=row).delete()
    Affiliation.objects.filter(contact=row).delete()
    Consent.objects.filter(contact=row).standing().filter(at__lte=now).update(withdrawn_at=now, proof="")
    Consent.objects.filter(contact=row).update(proof="")
    fresh = Contact.objects.get(pk=row.pk)
    fresh.name, fresh.title, fresh.dept = label, "", ""
    fresh.attitude, fresh.decision_role, fresh.influence = Attitude.UNKNOWN, DecisionRole.UNKNOWN, 3
    fresh.is_primary, fresh.do_not_contact, fresh.reports_to, fresh.successor = False, True, None, None
    fresh.source, fresh.verified_at = "", None
    fresh.version += 1
    fresh.save()


def _note(
    contact: Contact, rows: dict[str, int], found: FoundFiles, *, by: Any, now: datetime, request: Any
) -> Erasure:
    columns = {"request": request, "by": by, "at": now, "rows": rows, "files": len(found.files)}
    erasure, _new = Erasure.objects.update_or_create(
        contact=contact, defaults={**columns, "by_hand": found.by_hand}
    )
    data = {"rows": sum(rows.values()), "files": len(found.files), "by_hand": len(found.by_hand)}
    audit.record("crm.erase_contact", contact, by=by, now=now, data=data)
    outbox.enqueue(LIST_KIND, f"erasure:{contact.pk}", {"contact": contact.pk}, due_at=now)
    return erasure
