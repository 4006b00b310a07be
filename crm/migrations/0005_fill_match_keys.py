"""Fills the columns by which duplicates are looked for, in parts, so that no row stays locked for long."""

from typing import Any

from django.db import migrations

PART = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    """Compute the keys of the customers and contacts that were there before the columns."""
    for name, column in (("Customer", "match_keys"), ("Contact", "mail_domain")):
        model = apps.get_model("crm", name)
        field, last = model._meta.get_field(column), 0
        while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:PART]):
            for row in rows:
                field.pre_save(row, False)
            model.objects.bulk_update(rows, [column])
            last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("crm", "0004_match_keys")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
