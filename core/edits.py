"""Plain edits of one row: the version the user saw decides whether their words may be written."""

from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import audit
from core.clock import db_now
from core.errors import RuleBroken, StaleVersion, VersionMissing
from core.fields import PersonalField, personal_columns


def save_versioned(form: Any, *, version: Any, by: Any) -> Any:
    """Write a model form's changed columns if the row still has the version the user edited.

    UPDATE … WHERE id AND version takes the row; zero rows → StaleVersion (409). The audit entry lists the columns that
    changed, never their values.
    """
    row = form.instance
    if version in ("", None):
        raise VersionMissing()
    if not str(version).isdecimal():
        raise RuleBroken(errors={"version": [_("Not a version number.")]})
    if not form.changed_data:
        return row
    with transaction.atomic():
        now = db_now()
        same = type(row)._default_manager.filter(pk=row.pk, version=int(version))
        if not same.update(version=F("version") + 1):
            raise StaleVersion()
        row.version = int(version) + 1
        row.save(update_fields=_columns(row, form.changed_data))
        form._save_m2m()
        code = f"{row._meta.app_label}.change_{row._meta.model_name}"
        audit.record(code, row, by=by, now=now, data={"columns": sorted(form.changed_data)})
    return row


def _columns(row: models.Model, changed: list[str]) -> list[str]:
    """The changed columns with those computed from them (`derived` fields, hashes of personal values)."""
    columns = ["updated_at"]
    for field in row._meta.concrete_fields:
        if getattr(field, "derived", False):
            columns.append(field.name)
        elif field.name in changed:
            columns += (
                personal_columns(type(row), field.name) if isinstance(field, PersonalField) else [field.name]
            )
    return columns
