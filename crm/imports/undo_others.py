"""Taking back imports of people and of old logs: all of it or nothing, like those of customers."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
from crm.imports.choices import RowOutcome
from crm.models import Activity, Contact, Customer, FollowUp, ImportBatch, ImportRow

NAMED = 20


def take_back_contacts(batch: ImportBatch, *, by: Any, now: datetime) -> dict[str, int]:
    """Delete the people it added and empty what it filled in; refuses when somebody has worked on one of them."""
    lines = list(_done(batch).filter(contact__isnull=False).select_related("contact__customer"))
    ours = [line for line in lines if line.outcome in (RowOutcome.CREATED, RowOutcome.UPDATED)]
    touched = [line for line in ours if _is_touched(line.contact, line.before.get("version", 1))]
    created = [line.contact for line in ours if line.outcome == RowOutcome.CREATED]
    spoken = set(
        Activity.contacts.through.objects.filter(contact__in=[row.pk for row in created if row]).values_list(
            "contact_id", flat=True
        )
    )
    touched += [line for line in ours if line.contact_id in spoken and line not in touched]
    _refuse([line.contact.name for line in touched if line.contact])
    ids = [row.pk for row in created if row]
    for some in in_parts(ids):
        Contact.objects.filter(pk__in=some).update(deleted_at=now, version=F("version") + 1)
    audit.record_many("crm.delete_contact", created, by=by, now=now, data_of=lambda row: {"import": batch.pk})
    filled = [line for line in ours if line.outcome == RowOutcome.UPDATED]
    for line in filled:
        _empty(line)
    return {"removed": len(ids), "emptied": len(filled)}


def take_back_activities(batch: ImportBatch, *, by: Any, now: datetime) -> dict[str, int]:
    """Delete the logs it wrote and set the customers' contact dates anew; refuses when one was corrected or built on."""
    rows = list(Activity.objects.filter(import_batch=batch).only("pk", "version", "customer_id"))
    ids = [row.pk for row in rows]
    used = set(
        FollowUp.objects.filter(Q(activity__in=ids) | Q(closed_by_activity__in=ids)).values_list(
            "customer_id", flat=True
        )
    )
    used |= {row.customer_id for row in rows if row.version > 1}
    _refuse(list(Customer.objects.filter(pk__in=sorted(used)[:NAMED]).values_list("name", flat=True)))
    audit.record_many("crm.delete_activity", rows, by=by, now=now, data_of=lambda row: {"import": batch.pk})
    customers = sorted({row.customer_id for row in rows})
    for some in in_parts(ids):
        Activity.objects.filter(pk__in=some).delete()
    recount_contact_dates(customers)
    return {"removed": len(ids), "emptied": 0}


def recount_contact_dates(customers: Sequence[int]) -> None:
    """Set the contact dates of customers to what their remaining logs say."""
    left = dict.fromkeys(customers, (None, None))
    newest = Activity.objects.filter(customer__in=customers).order_by().values("customer")
    for row in newest.annotate(last=Max("occurred_at"), spoken=Max("occurred_at", filter=Q(verified=True))):
        left[row["customer"]] = (row["last"], row["spoken"])
    for pk, (last, spoken) in left.items():
        Customer.objects.filter(pk=pk).update(last_contact_at=last, last_verified_contact_at=spoken)


def _done(batch: ImportBatch) -> Any:
    return ImportRow.objects.filter(batch=batch, number__lte=batch.reached)


def _is_touched(contact: Contact | None, version: int) -> bool:
    return contact is None or contact.version != version or contact.deleted_at is not None


def _refuse(names: Sequence[str]) -> None:
    if names:
        more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
        raise RuleBroken(
            _("Not undone: somebody has worked on these since: %(names)s")
            % {"names": "、".join(names[:NAMED]) + more},
            code="import_touched",
            data={"count": len(names)},
        )


def _empty(line: ImportRow) -> None:
    row: Any = line.contact
    for name, value in line.before.items():
        if name != "version":
            setattr(row, name, value)
    row.version += 1
    row.save()


def in_parts(ids: Sequence[int], size: int = 2000) -> Iterator[Sequence[int]]:
    """Long lists of ids in parts a statement carries easily."""
    return (ids[start : start + size] for start in range(0, len(ids), size))
