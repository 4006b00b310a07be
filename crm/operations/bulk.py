"""Small changes of a customer that are made to many at once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.errors import RuleBroken
from core.rules import require
from crm.models import Customer
from crm.operations.completeness import refresh_completeness
from crm.operations.parties import locked_customer

SETTABLE = ("industry", "source", "enterprise_size", "ownership")
"""Columns that mean the same for many customers; names and codes do not."""


def set_columns(*, by: Any, now: datetime, customer: Customer, **columns: str) -> Customer:
    """Set closed-list columns of one customer; what already has the value is left alone. Refuses any other column."""
    foreign = sorted(set(columns) - set(SETTABLE))
    if foreign:
        raise RuleBroken(errors={name: [name] for name in foreign})
    with transaction.atomic():
        row = locked_customer(by, customer, None)
        require(by, "crm.change_customer", row)
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if changed:
            for name, value in changed.items():
                setattr(row, name, value)
            row.version += 1
            row.save(update_fields=[*changed, "version", "updated_at"])
            audit.record("crm.change_customer", row, by=by, now=now, data={"columns": sorted(changed)})
            refresh_completeness([row.pk], now=now)
    return row
