"""Plain edits of one row: the version the user saw decides whether their words may be written."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import audit
from core.clock import db_now
from core.errors import RuleBroken, StaleVersion, VersionMissing


def save_versioned(form: Any, *, version: Any, by: Any) -> Any:
    """Write a model form's changed columns if the row still has the version the user edited.

    One UPDATE … WHERE id AND version; zero rows → StaleVersion (409). The audit entry lists the columns that
    changed, never their values.
    """
    row = form.instance
    if version in ("", None):
        raise VersionMissing()
    if not str(version).isdigit():
        raise RuleBroken(errors={"version": [_("Not a version number.")]})
    columns = [field.name for field in row._meta.concrete_fields if field.name in form.changed_data]
    if not columns and not form.changed_data:
        return row
    with transaction.atomic():
        now = db_now()
        for field in row._meta.concrete_fields:
            field.pre_save(row, add=False)
        values = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.name in columns or getattr(field, "derived", False)
        }
        updated = (
            type(row)
            ._default_manager.filter(pk=row.pk, version=int(version))
            .update(**values, version=F("version") + 1, updated_at=now)
        )
        if not updated:
            raise StaleVersion()
        row.version = int(version) + 1
        form.save_m2m()
        meta = row._meta
        audit.record(
            f"{meta.app_label}.change_{meta.model_name}",
            row,
            by=by,
            now=now,
            data={"columns": sorted(form.changed_data)},
        )
    return row
