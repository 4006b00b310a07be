"""Taking an import back: all of it or nothing."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
from core.tasks_list import close_tasks
from crm.imports.choices import ImportKind, RowOutcome
from crm.imports.undo_others import in_parts, take_back_activities, take_back_contacts
from crm.models import (
    Assessment,
    BoardRow,
    Contact,
    Customer,
    CustomerFacts,
    ImportBatch,
    ImportRow,
    ScoreRun,
    StandingChange,
)

NAMED = 20  # as many touched customers are named in the refusal
COMPUTED = (ImportRow, CustomerFacts, Assessment, ScoreRun, StandingChange, BoardRow)
"""What the product itself writes beside every customer within a minute; none of it is anybody's work."""


def take_back(batch: ImportBatch, *, by: Any, now: datetime) -> dict[str, int]:
    """Undo a batch by its kind."""
    return TAKE_BACK[batch.kind](batch, by=by, now=now)


def take_back_customers(batch: ImportBatch, *, by: Any, now: datetime) -> dict[str, int]:
    """Remove what the import created and empty again what it filled in.

    Refuses with the names of the customers that somebody has changed, worked on or linked since. Removed customers
    stay restorable like any deleted one.
    """
    touched = _touched(batch)
    if touched:
        names = list(
            Customer.objects.filter(pk__in=touched[:NAMED]).order_by("pk").values_list("name", flat=True)
        )
        more = len(touched) - len(names)
        raise RuleBroken(
            _("Not undone: %(count)s customers have been worked on since: %(names)s")
            % {"count": len(touched), "names": "、".join(names) + (f" +{more}" if more > 0 else "")},
            code="import_touched",
            data={"customers": touched[:NAMED], "count": len(touched)},
        )
    created = list(_made(batch, RowOutcome.CREATED).values_list("customer_id", flat=True))
    for some in in_parts(created):
        rows = Customer.objects.filter(pk__in=some)
        Contact.objects.filter(customer__in=some, deleted_at=None).update(
            deleted_at=now, version=F("version") + 1
        )
        rows.update(deleted_at=now, version=F("version") + 1, updated_at=now)
        audit.record_many(
            "crm.delete_customer",
            list(rows.only("pk")),
            by=by,
            now=now,
            data_of=lambda row: {"import": batch.pk},
        )
    _remove_people(batch, by=by, now=now)
    filled = _empty_again(batch, by=by, now=now)
    close_tasks(batch, now=now)
    return {"removed": len(created), "emptied": filled}


def _made(batch: ImportBatch, outcome: str) -> models.QuerySet[ImportRow]:
    return _done(batch).filter(outcome=outcome).order_by("number")


def _done(batch: ImportBatch) -> models.QuerySet[ImportRow]:
    """Lines the worker got to; what stands in later ones is only the check's opinion."""
    return batch.rows.filter(number__lte=batch.reached, customer__isnull=False)


def _touched(batch: ImportBatch) -> list[int]:
    """Ids of the batch's customers that differ from what the import left, or that rows of people's work point at."""
    ours = _done(batch).filter(outcome__in=[RowOutcome.CREATED, RowOutcome.UPDATED])
    found = set(
        ours.exclude(customer__version=F("customer_version"), customer__deleted_at=None).values_list(
            "customer_id", flat=True
        )
    )
    created = list(_made(batch, RowOutcome.CREATED).values_list("customer_id", flat=True))
    for relation in Customer._meta.related_objects:
        model = relation.related_model
        if model in COMPUTED:
            continue
        rows = model._base_manager.all()
        if model is Contact:
            rows = rows.exclude(Q(import_rows__batch=batch, version=1))
        column = relation.field.name
        for some in in_parts(created):
            found |= set(rows.filter(**{f"{column}__in": some}).values_list(column, flat=True))
    return sorted(pk for pk in found if pk)


def _remove_people(batch: ImportBatch, *, by: Any, now: datetime) -> None:
    """People the import gave to customers that stay."""
    lines = _done(batch).filter(contact__isnull=False).exclude(outcome=RowOutcome.CREATED)
    rows = Contact.objects.alive().filter(pk__in=lines.values("contact"))
    gone = list(rows.only("pk", "customer_id").select_related(None))
    rows.update(deleted_at=now, version=F("version") + 1)
    audit.record_many("crm.delete_contact", gone, by=by, now=now, data_of=lambda row: {"import": batch.pk})


def _empty_again(batch: ImportBatch, *, by: Any, now: datetime) -> int:
    """Put back what stood in the filled columns; the search column follows by itself."""
    lines = list(_made(batch, RowOutcome.UPDATED).exclude(before={}).select_related("customer"))
    customers = {line.customer.pk: line.customer for line in lines if line.customer is not None}
    columns: dict[str, None] = {}
    for line in lines:
        row = customers[line.customer_id or 0]
        for name, value in line.before.items():
            setattr(row, name, value)
            columns[name] = None
        row.needs_completion = not (row.province_code and row.city_code and row.industry)
        row.version += 1
        row.updated_at = now
    if lines:
        names = [*columns, "needs_completion", "version", "updated_at", "match_keys", "search_terms"]
        Customer.objects.bulk_update(customers.values(), names, batch_size=200)
        emptied = defaultdict(list, {line.customer_id: sorted(line.before) for line in lines})
        audit.record_many(
            "crm.unfill_customer",
            list(customers.values()),
            by=by,
            now=now,
            data_of=lambda row: {"import": batch.pk, "columns": emptied[row.pk]},
        )
    return len(lines)


TAKE_BACK: dict[str, Callable[..., dict[str, int]]] = {
    ImportKind.CUSTOMERS: take_back_customers,
    ImportKind.CONTACTS: take_back_contacts,
    ImportKind.ACTIVITIES: take_back_activities,
}
