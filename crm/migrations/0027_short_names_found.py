"""Puts the key of the short name beside the other keys of the customers that are there, in parts, so that no row stays locked for long."""

from typing import Any

from django.db import migrations

from crm.match_keys import short_key

PART = 1000

# A short name changed in between has its key already; a key that is there stays as it is, so this may run again.
ADD = """
    UPDATE crm_customer SET match_keys = match_keys || asked.key::varchar
      FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS asked(id, short_name, key)
     WHERE crm_customer.id = asked.id AND crm_customer.short_name = asked.short_name
       AND NOT match_keys @> ARRAY[asked.key]::varchar[]
"""


def add(apps: Any, schema_editor: Any) -> None:
    """Add the keys of the short names."""
    named = apps.get_model("crm", "Customer").objects.exclude(short_name="").order_by("pk")
    last = 0
    while rows := list(named.filter(pk__gt=last).values_list("pk", "short_name")[:PART]):
        keyed = [(pk, name, key) for pk, name in rows for key in short_key(name)]
        if keyed:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(ADD, [list(column) for column in zip(*keyed, strict=True)])
        last = rows[-1][0]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("crm", "0026_order_of_lists")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
