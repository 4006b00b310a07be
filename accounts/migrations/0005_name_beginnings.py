"""The beginnings of people's names, by which colleagues are suggested while somebody types."""

from typing import Any

import django.contrib.postgres.indexes
from django.db import migrations

import core.search_fields

PART = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    """Compute them for the people who were there before the column."""
    model, last = apps.get_model("accounts", "User"), 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:PART]):
        model.objects.bulk_update(rows, ["starts"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_list_columns")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="starts",
            field=core.search_fields.BeginningsField(people=["username", "name_zh", "name_en"]),
        ),
        migrations.AddIndex(
            model_name="user",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["starts"], name="user_starts"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
